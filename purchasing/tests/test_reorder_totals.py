"""Ordering once more, for any order: no piece is lost, and what is shown is the sum of today's prices and their tax."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.models import Site
from core.site_settings import Settings
from customers.models import Customer
from pricing.documents import SkuPrices
from pricing.operations import update_price_list
from pricing.sent_prices import read_rows
from pricing.tests.cast import make_price_list
from purchasing.documents import LineItem, Package, ShippingMethod
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.reorder.freight import shipping_form
from purchasing.reorder.lines import Price, left_out_of, line_form, wanted_of
from purchasing.reorder.operations import place_reorder
from purchasing.reorder.plan import plan_reorder
from purchasing.shipping.choice import Band, Method, Offer
from purchasing.totals import LineAmounts, gross_of, mismatch_of
from tests.cast import line, make_buyer, make_order, package

SKUS = ("A", "B", "C", "D")
CENT = Decimal("0.01")
RATES = st.sampled_from(["0", "5.5", "7", "19", "20", "8.875"])
QUANTITIES = st.integers(0, 40)
NETS = st.decimals(0, 999, places=2)
COSTS = st.decimals(0, 10_000, places=2)


@st.composite
def bought(draw: st.DrawFn) -> list[tuple[str, int, str | None]]:
    """SKU, quantity and the rate that was taxed then; a SKU may come several times."""
    return draw(st.lists(st.tuples(st.sampled_from(SKUS), QUANTITIES, st.none() | RATES), min_size=1, max_size=6))


def item(sku: str, quantity: int, rate: str | None, net: str = "1.00") -> dict[str, Any]:
    total: dict[str, Any] = {"total_net": {"number": net, "currency": "GBP"}}
    return line(sku, quantity=quantity, line_total=total if rate is None else total | {"tax_rate": rate})


def packages_of(*groups: list[tuple[str, int, str | None]]) -> list[tuple[int, Package]]:
    return [(0, Package.model_validate(package(*(item(*one) for one in group)))) for group in groups if group]


@given(lines=bought(), cut=st.integers(0, 6))
def test_it_does_not_matter_how_the_order_was_split_into_packages(
    lines: list[tuple[str, int, str | None]], cut: int
) -> None:
    whole, split = wanted_of(packages_of(lines)), wanted_of(packages_of(lines[:cut], lines[cut:]))

    def told(wanted: Any) -> list[Any]:
        return [(one.sku, one.quantity, one.tax_rate) for one in wanted]

    assert told(whole) == told(split)
    assert sum(one.quantity for one in whole) == sum(quantity for _sku, quantity, _rate in lines)


@given(
    lines=bought(),
    prices=st.lists(NETS | st.none(), min_size=6, max_size=6),
    currencies=st.lists(st.sampled_from(["GBP", "EUR"]), min_size=6, max_size=6),
    not_sold=st.sets(st.sampled_from(SKUS)),
    empty=st.sets(st.sampled_from(SKUS)),
)
def test_every_line_is_ordered_or_named(
    lines: list[tuple[str, int, str | None]],
    prices: list[Decimal | None],
    currencies: list[str],
    not_sold: set[str],
    empty: set[str],
) -> None:
    wanted = wanted_of(packages_of(lines))
    today = [
        None if net is None else Price(net, code, None)
        for net, code, _ in zip(prices, currencies, wanted, strict=False)
    ]

    reasons = left_out_of(wanted, today, currency_code="GBP", not_sold=not_sold, out_of_stock=empty)

    for number, (one, price) in enumerate(zip(wanted, today, strict=True)):
        orderable = (
            price is not None and price.currency_code == "GBP" and one.sku not in not_sold and one.sku not in empty
        )
        assert orderable is (number not in reasons)
        if orderable:
            form = LineItem.model_validate(line_form(one, price, rate=one.tax_rate, currency_code="GBP"))
            assert price is not None
            assert (form.quantity, form.line_total.total_net.number) == (one.quantity, price.net)
            assert form.line_total.tax_rate == one.tax_rate


@given(cost=COSTS, before=st.none() | RATES, usual=st.none() | RATES, exempt=st.booleans())
def test_freight_costs_what_is_offered_and_its_parts_agree(
    cost: Decimal, before: str | None, usual: str | None, exempt: bool
) -> None:
    method = ShippingMethod.model_validate(
        {"name": "Van", "line_total": {} if before is None else {"tax_rate": before}}
    )
    offer = Offer(Method(1, "VAN", "Van", ["GB"]), Band(), cost)

    form = shipping_form(
        offer,
        method,
        default_tax_rate=None if usual is None else Decimal(usual),
        tax_exempt=exempt,
        currency_code="GBP",
    )

    total = ShippingMethod.model_validate(form).line_total
    assert total is not None
    assert total.total_net is not None
    assert total.total_gross is not None
    amounts = LineAmounts(total.total_net.number, rate=total.tax_rate, gross=total.total_gross.number)
    assert mismatch_of(amounts, "GBP") is None
    if exempt:
        assert total.total_gross == total.total_net
        assert total.tax_rate == 0
    else:
        assert gross_of(amounts, "GBP") == cost


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=bought(),
    prices=st.dictionaries(st.sampled_from(SKUS), st.tuples(st.decimals("0.01", 500, places=2), st.none() | RATES)),
    usual=st.none() | RATES,
    exempt=st.booleans(),
)
def test_what_is_shown_is_what_is_stored_and_the_sum_of_its_lines(
    site: Site,
    lines: list[tuple[str, int, str | None]],
    prices: dict[str, tuple[Decimal, str | None]],
    usual: str | None,
    exempt: bool,
) -> None:
    slug = f"list-{uuid4().hex[:8]}"
    make_price_list(site, slug)
    rows = [
        {"sku": sku, "pricing": [{"quantity": 1, "price": f"{price}", "display_tax_rate": rate}]}
        for sku, (price, rate) in prices.items()
    ]
    update_price_list(site=site, slug=slug, sent=read_rows(SkuPrices, rows))
    buyer = make_buyer(site, price_lists=[slug], tax_exempt=exempt)
    before = make_order(site, buyer, packages=[package(*(item(*one) for one in lines))])
    asked: dict[str, Any] = {
        "site": site,
        "lookup": Lookup("sparklayer", before.spark_id),
        "reader": Customer.objects.get(pk=buyer.pk),
        "settings": Settings(default_tax_rate=None if usual is None else Decimal(usual)),
        "now": timezone.now(),
    }

    plan = plan_reorder(**asked)

    quantities: dict[str, int] = {}
    taxed: dict[str, str] = {}
    for sku, quantity, rate in lines:
        quantities[sku] = quantities.get(sku, 0) + quantity
        if quantity and rate is not None:
            taxed.setdefault(sku, rate)
    expected = Decimal(0)
    for sku, quantity in quantities.items():
        if sku in prices and quantity:
            price, display = prices[sku]
            percent = Decimal(0) if exempt else Decimal(taxed.get(sku) or display or usual or 0)
            expected += (price * quantity * (1 + percent / 100)).quantize(CENT, ROUND_HALF_UP)
    assert plan.total == expected
    assert {one.sku: one.quantity for one in plan.left_out} == {
        sku: quantity for sku, quantity in quantities.items() if quantity and sku not in prices
    }
    if plan.has_lines:
        placed = place_reorder(**asked, spark_id=uuid4(), digest=plan.digest, actor=SYSTEM)
        assert Purchase.objects.get(spark_id=placed.spark_id).calculated_total == expected
