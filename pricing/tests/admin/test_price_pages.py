"""Price lists and prices in the back office: saved by the operations of the API."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site
from pricing.models import Price, PriceList
from pricing.tests.cast import make_price_list, rule, stored
from tests.html_forms import fields_of

BASE = "/admin/pricing"


def page_of(row: Any) -> str:
    return f"{BASE}/{row._meta.model_name}/{row.pk}/change/"


def form_of(browser: Client, path: str) -> dict[str, Any]:
    return fields_of(browser.get(path), f"{path.split('/')[3]}_form")


def facts() -> list[Any]:
    return [
        list(PriceList.objects.order_by("pk").values()),
        [
            list(
                row.rules.values_list(
                    "position", "source_price_list", "adjustment_percentage", "currency_exchange_rate"
                )
            )
            for row in PriceList.objects.order_by("pk")
        ],
        list(Price.objects.order_by("sku", "quantity").values_list("sku", "quantity", "price", "tax_type")),
    ]


def test_saving_what_nobody_touched_changes_nothing(back_office: Client, site: Site) -> None:
    price_list = make_price_list(site, "base", ROPE=["10.49", (5, "2.333")])
    trade = make_price_list(site, "trade", rules=[rule("base", "0.15")])
    before = facts()
    for row in (price_list, trade, Price.objects.get(quantity=5)):
        assert back_office.post(page_of(row), form_of(back_office, page_of(row))).status_code == 302
    assert facts() == before


def test_a_list_with_a_rule_is_made_and_changed(back_office: Client, site: Site) -> None:
    base = make_price_list(site, "base")
    path = f"{BASE}/pricelist/add/"
    form = form_of(back_office, path) | {
        "name": "Trade",
        "slug": "trade",
        "currency_code": "eur",
        "rules-TOTAL_FORMS": "1",
        "rules-0-position": "0",
        "rules-0-source_price_list": str(base.pk),
        "rules-0-adjustment_percentage": "0.15",
        "rules-0-adjustment_direction": "minus",
        "rules-0-currency_exchange_rate": "1.17",
    }
    assert back_office.post(path, form).status_code == 302
    trade = PriceList.objects.get(slug="trade")
    made = trade.rules.get()
    assert (trade.currency_code, made.source_price_list, float(made.currency_exchange_rate)) == ("EUR", base, 1.17)

    form = form_of(back_office, page_of(trade)) | {"slug": "renamed", "rules-0-DELETE": "on"}
    assert back_office.post(page_of(trade), form).status_code == 302
    assert (PriceList.objects.get(pk=trade.pk).slug, trade.rules.count()) == ("renamed", 0)


def test_a_rule_shows_the_list_that_was_chosen(back_office: Client, site: Site) -> None:
    """The stored one, and after a refusal the one that was sent."""
    base, other = make_price_list(site, "base"), make_price_list(site, "other")
    trade = make_price_list(site, "trade", rules=[rule("base")])
    page = back_office.get(page_of(trade)).content.decode()
    assert f'<option value="{base.pk}" selected>List base (base)</option>' in page
    form = form_of(back_office, page_of(trade)) | {"name": ""}
    refused = back_office.post(page_of(trade), form | {"rules-0-source_price_list": str(other.pk)})
    assert fields_of(refused, "pricelist_form")["rules-0-source_price_list"] == str(other.pk)
    assert f'<option value="{other.pk}" selected>List other (other)</option>' in refused.content.decode()
    emptied = back_office.post(page_of(trade), form | {"rules-0-source_price_list": ""})
    assert "selected>List base" not in emptied.content.decode()
    assert trade.rules.get().source_price_list == base
    answer = back_office.post(page_of(trade), form | {"name": "T", "rules-0-source_price_list": str(other.pk)})
    assert (answer.status_code, trade.rules.get().source_price_list) == (302, other)


def test_what_the_business_refuses_stands_in_the_form(back_office: Client, site: Site) -> None:
    base = make_price_list(site, "base")
    trade = make_price_list(site, "trade", rules=[rule("base")])
    form = form_of(back_office, page_of(trade)) | {"slug": "base"}
    answer = back_office.post(page_of(trade), form)
    assert (answer.status_code, "Another price list has this slug." in answer.content.decode()) == (200, True)
    assert PriceList.objects.get(pk=trade.pk).slug == "trade"
    assert back_office.post(f"{BASE}/pricelist/{base.pk}/delete/", {"post": "yes"}).status_code in (200, 403)
    assert PriceList.objects.filter(pk=base.pk).exists()


def test_a_list_is_taken_away_with_its_prices(back_office: Client, site: Site) -> None:
    base = make_price_list(site, "base", ROPE=["1"])
    assert back_office.post(f"{BASE}/pricelist/{base.pk}/delete/", {"post": "yes"}).status_code == 302
    assert (PriceList.objects.count(), Price.objects.count()) == (0, 0)


def test_one_break_is_changed_and_the_others_stay(back_office: Client, site: Site) -> None:
    make_price_list(site, "base", ROPE=["10", (5, "9")])
    price = Price.objects.get(quantity=5)
    form = form_of(back_office, page_of(price)) | {"price": "8.5"}
    assert back_office.post(page_of(price), form).status_code == 302
    assert stored(site) == [("base", "ROPE", 1, "10"), ("base", "ROPE", 5, "8.5")]


def test_a_price_is_saved_and_worked_on(back_office: Client, site: Site) -> None:
    """The page that follows is that of the price, whatever its number is by then."""
    make_price_list(site, "base", ROPE=["10.00", (5, "9.00")])
    page = page_of(Price.objects.get(quantity=5))
    sent = form_of(back_office, page) | {"price": "8.50", "_continue": "1"}
    answer = back_office.post(page, sent, follow=True)
    assert answer.status_code == 200
    assert fields_of(answer, "price_form")["price"] == "8.50"


def test_lists_cost_the_same_for_one_row_and_for_many(back_office: Client, site: Site) -> None:
    base = make_price_list(site, "base", ROPE=["1"])
    counts: list[tuple[int, int]] = []
    for number in range(2):
        found = []
        for name in ("pricelist", "price"):
            with CaptureQueriesContext(connection) as queries:
                assert back_office.get(f"{BASE}/{name}/").status_code == 200
            found.append(len(queries))
        counts.append((found[0], found[1]))
        if number == 0:
            for extra in range(10):
                make_price_list(site, f"l{extra}", rules=[rule(base.slug)], ROPE=["1"])
    # The sources of rules are one query more where there are any.
    assert counts[1][0] - counts[0][0] <= 1
    assert counts[1][1] == counts[0][1]
