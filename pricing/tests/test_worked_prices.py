"""Worked examples of what a customer pays: one table, asked of the functions and over HTTP by both questions.

The lists below are the stage of every row. `docs/pricing.md` has the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from core.models import Site
from core.site_settings import set_setting
from customers.models import CustomerGroup
from customers.tests.cast import make_group
from pricing.arithmetic import price_text
from pricing.choose import Item, choose_prices, price_lists_of, prices_for_customer
from pricing.documents import SkuPrices
from pricing.operations import update_price_list
from pricing.sent_prices import read_rows
from pricing.tests.cast import make_price_list, rule
from tests.callers import ApiCaller
from tests.cast import make_customer

CALCULATE = "/api/v1/calculate-pricing"
FETCH = "/api/v1/fetch-customer-pricing"


def gross(price: str, tax_rate: str | None = None, quantity: int = 1) -> dict[str, Any]:
    """A price with tax in it; without a rate it is the site's."""
    rate = {} if tax_rate is None else {"display_tax_rate": tax_rate}
    return {"quantity": quantity, "price": price, "tax_type": "gross", **rate}


@pytest.fixture
def stage(site: Site) -> Site:
    """Lists, groups and the site's tax rate of 19 %."""
    set_setting(site=site, key="default_tax_rate", value="19")
    base = make_price_list(site, "base", ROPE=["10.49", (10, "9.99")], AXE=["2.333"], NUT=["0.05"], BOX=[(6, "4")])
    rows = [
        {"sku": "CUP", "pricing": [gross("12.00", "20"), gross("10.00", "20", quantity=10)]},
        {"sku": "TEA", "pricing": [gross("11.90")]},
        {"sku": "OIL", "pricing": [gross("10.00", "20")]},
        {"sku": "PEN", "pricing": [gross("3.00", "0")]},
    ]
    update_price_list(site=site, slug=base.slug, sent=read_rows(SkuPrices, rows))
    make_price_list(site, "club", NUT=["0.04"])
    make_price_list(site, "trade", rules=[rule("base", "0.15")])
    make_price_list(site, "euro", currency="EUR", rules=[rule("trade", rate="1.17")])
    make_price_list(site, "dear", rules=[rule("club", "0.5", "plus"), rule("base", "0.10", "plus")])
    make_price_list(site, "yen", currency="JPY", rules=[rule("base", "0.15", rate="190.5")], YEN=["1999.5"])
    make_price_list(site, "dinar", currency="KWD", rules=[rule("base", rate="0.3875")])
    make_price_list(site, "half", rules=[rule("base", "0.5")])
    make_price_list(site, "free", rules=[rule("base", "1")])
    eu = make_group(site, "eu", price_lists=["euro", "base"])
    make_group(site, "at", parent=eu)
    make_group(site, "de", parent=eu, price_lists=["trade"])
    CustomerGroup.objects.filter(slug="default").update(price_lists=["base"])
    return site


@dataclass(frozen=True)
class Case:
    """Who buys how much of what, and what a piece and the line cost: a list's slug, price, total, currency.

    `listed`: what a piece costs on that list before a customer's discount, where that is another figure.
    """

    name: str
    customer: dict[str, Any]
    sku: str
    quantity: int
    found: tuple[str, str, str, str] | None
    group: str = "default"
    listed: str | None = None
    begins: int = 1
    """The break that counts."""
    other_breaks: dict[int, str] = field(default_factory=dict)
    """The other breaks that the same list has."""


def by(*slugs: str, **members: Any) -> dict[str, Any]:
    return {"price_lists": list(slugs), **members}


CASES = [
    Case("his own list", by("base"), "AXE", 1, ("base", "2.333", "2.33", "GBP")),
    Case("the first list with the SKU", by("club", "base"), "NUT", 1, ("club", "0.04", "0.04", "GBP")),
    Case("the order of his lists", by("base", "club"), "NUT", 1, ("base", "0.05", "0.05", "GBP")),
    Case("a list without the SKU is passed", by("club", "base"), "AXE", 2, ("base", "2.333", "4.67", "GBP")),
    Case("a list that is not there is passed", by("gone", "base"), "NUT", 1, ("base", "0.05", "0.05", "GBP")),
    Case("the list of the group default", {}, "NUT", 3, ("base", "0.05", "0.15", "GBP")),
    Case("his group's list", {}, "NUT", 100, ("trade", "0.04", "4.00", "GBP"), group="de"),  # 0.0425
    Case("the list of the group above", {}, "NUT", 100, ("euro", "0.05", "5.00", "EUR"), group="at"),  # 0.049725
    Case("his own list before his group's", by("club"), "NUT", 1, ("club", "0.04", "0.04", "GBP"), group="de"),
    Case("his own lists alone, when they have no price", by("club"), "AXE", 1, None, group="de"),
    Case("below a break", by("base"), "ROPE", 9, ("base", "10.49", "94.41", "GBP"), other_breaks={10: "9.99"}),
    Case("at a break", by("base"), "ROPE", 10, ("base", "9.99", "99.90", "GBP"), begins=10, other_breaks={1: "10.49"}),
    Case(
        "a break of a list by rule",
        by("trade"),
        "ROPE",
        10,
        ("trade", "8.49", "84.90", "GBP"),
        begins=10,
        other_breaks={1: "8.92"},
    ),
    Case("below the first break of the list that wins", by("base", "club"), "BOX", 5, None),
    Case("at the first break", by("base"), "BOX", 6, ("base", "4.00", "24.00", "GBP"), begins=6),
    Case("less 15 %", by("trade"), "AXE", 1, ("trade", "1.98", "1.98", "GBP")),  # 1.98305
    # 10.49 × 0.85 × 1.17 = 10.432305; rounded on the way it would be 8.92 × 1.17 = 10.44.
    Case(
        "less 15 %, then exchanged", by("euro"), "ROPE", 1, ("euro", "10.43", "10.43", "EUR"), other_breaks={10: "9.94"}
    ),
    Case("the first rule whose source has it", by("dear"), "NUT", 1, ("dear", "0.06", "0.06", "GBP")),
    Case(
        "the second rule, where the first has nothing", by("dear"), "AXE", 1, ("dear", "2.57", "2.57", "GBP")
    ),  # 2.5663
    Case("everything off", by("free"), "AXE", 3, ("free", "0.00", "0.00", "GBP")),
    Case("half up: 0.025 is 0.03", by("half"), "NUT", 1, ("half", "0.03", "0.03", "GBP")),
    Case("yen have no decimals", by("yen"), "AXE", 1, ("yen", "378", "378", "JPY")),  # 377.77
    Case("yen as they stand on a list", by("yen"), "YEN", 1, ("yen", "1999.5", "2000", "JPY")),
    Case("dinars have three", by("dinar"), "AXE", 1, ("dinar", "0.904", "0.904", "KWD")),  # 0.9040375
    Case("dinars, half up", by("dinar"), "NUT", 1, ("dinar", "0.019", "0.019", "KWD")),  # 0.019375
    Case(
        "his discount comes off the rounded price",
        by("trade", discount_percentage="10"),
        "ROPE",
        1,
        ("trade", "8.03", "8.03", "GBP"),  # 8.92 less 10 % is 8.028
        listed="8.92",
        other_breaks={10: "8.49"},
    ),
    Case(
        "half up in a discount",
        by("base", discount_percentage="2.5"),
        "BOX",
        7,
        ("base", "3.90", "27.30", "GBP"),
        listed="4.00",
        begins=6,
    ),
    Case("all of it", by("base", discount_percentage="100"), "NUT", 1, ("base", "0.00", "0.00", "GBP"), listed="0.05"),
    Case("nobody has it", by("base", "trade", "euro"), "UNKNOWN", 1, None),
    Case("tax is taken out", by("base"), "CUP", 1, ("base", "10.00", "10.00", "GBP"), other_breaks={10: "8.33"}),
    Case(
        "tax is taken out of a break",
        by("base"),
        "CUP",
        12,
        ("base", "8.33", "99.96", "GBP"),
        begins=10,
        other_breaks={1: "10.00"},
    ),
    Case("tax at the site's rate", by("base"), "TEA", 1, ("base", "10.00", "10.00", "GBP")),
    Case("no tax in it", by("base"), "PEN", 2, ("base", "3.00", "6.00", "GBP")),
    # 10 ÷ 1.2 × 0.85 × 1.17 = 8.2875: tax, rule and rate, and one rounding.
    Case("tax, then a chain", by("euro"), "OIL", 1, ("euro", "8.29", "8.29", "EUR")),
    Case(
        "a tax-exempt customer pays the net price",
        by("base", tax_exempt=True),
        "OIL",
        3,
        ("base", "8.33", "24.99", "GBP"),
    ),
]
WITH_PRICE = [case for case in CASES if case.found]


def named(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_a_customer_pays(stage: Site, api: ApiCaller, case: Case) -> None:
    group = CustomerGroup.objects.for_site(stage).get(slug=case.group)
    customer = make_customer(stage, group=group, **case.customer)
    customer.refresh_from_db()
    slug, price, total, currency = case.found or (None, None, None, None)

    [worked_out] = prices_for_customer(site=stage, customer=customer, items=[Item(case.sku, case.quantity)])
    if worked_out.price is None:
        assert case.found is None
    else:
        assert worked_out.choice is not None
        assert worked_out.line_total is not None
        code = worked_out.choice.currency_code
        figures = (price_text(worked_out.price.price, code), price_text(worked_out.line_total, code), code)
        assert (worked_out.choice.price_list_slug, *figures) == case.found

    asked = {"customer_id": customer.public_id, "line_items": [{"sku": case.sku, "quantity": case.quantity}]}
    [row] = api.post(FETCH, json=asked).json()
    if case.found is None:
        assert (row["price"], row["line_total"]) == (None, None)
    else:
        assert row == {
            "sku": case.sku,
            "quantity": case.quantity,
            "price_list_slug": slug,
            "price": {"number": price, "currency": str(currency).lower()},
            "line_total": {"number": total, "currency": str(currency).lower()},
        }


@pytest.mark.parametrize("case", WITH_PRICE, ids=named)
def test_what_stands_on_his_lists(stage: Site, api: ApiCaller, case: Case) -> None:
    """Asked of the lists themselves: every break, before a customer's discount."""
    assert case.found is not None
    group = CustomerGroup.objects.for_site(stage).get(slug=case.group)
    slugs = price_lists_of(make_customer(stage, group=group, **case.customer), site=stage)
    slug, price, _, currency = case.found
    expected = sorted({case.begins: case.listed or price, **case.other_breaks}.items())

    chosen = choose_prices(site=stage, price_list_slugs=slugs, skus=[case.sku])[case.sku]
    assert (chosen.price_list_slug, chosen.currency_code) == (slug, currency)
    assert [(item.quantity, price_text(item.price, currency)) for item in chosen.breaks] == expected

    [row] = api.post(CALCULATE, json={"skus": [case.sku], "price_list_slugs": slugs}).json()
    assert row == {
        "sku": case.sku,
        "price_list_slug": slug,
        "pricing": [
            {"quantity": quantity, "price": {"number": number, "currency": currency.lower()}}
            for quantity, number in expected
        ],
    }
