"""POST /api/v1/calculate-pricing."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from core.site_settings import set_setting
from pricing.models import Price, PriceList, PriceListRule
from pricing.tests.cast import faults, make_price_list, put_prices, rule
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer

CALCULATE = "/api/v1/calculate-pricing"


FETCH = "/api/v1/fetch-customer-pricing"


Priced = list[tuple[str, str, list[tuple[int, str, str]]]]


def calculated(api: ApiCaller, *slugs: str, skus: list[str]) -> Priced:
    answer = api.post(CALCULATE, json={"skus": skus, "price_list_slugs": list(slugs)})
    assert answer.status_code == 200, answer.content
    return [
        (
            row["sku"],
            row["price_list_slug"],
            [(item["quantity"], item["price"]["number"], item["price"]["currency"]) for item in row["pricing"]],
        )
        for row in answer.json()
    ]


@pytest.fixture
def lists(site: Site) -> None:
    make_price_list(site, "base", ROPE=["10.49", (10, "9.99")], AXE=["2.333"], NUT=["7"])
    make_price_list(site, "trade", rules=[rule("base", "0.15")], NUT=["5"])
    make_price_list(site, "euro", currency="EUR", rules=[rule("trade", rate="1.17")])


@pytest.mark.parametrize(
    ("slugs", "sku", "found"),
    [
        (["base"], "ROPE", ("base", [(1, "10.49", "gbp"), (10, "9.99", "gbp")])),
        (["base"], "AXE", ("base", [(1, "2.333", "gbp")])),
        (["trade"], "ROPE", ("trade", [(1, "8.92", "gbp"), (10, "8.49", "gbp")])),
        (["trade", "base"], "NUT", ("trade", [(1, "5.00", "gbp")])),
        (["euro"], "ROPE", ("euro", [(1, "10.43", "eur"), (10, "9.94", "eur")])),  # 10.432305, 9.935055
        (["euro"], "NUT", ("euro", [(1, "5.85", "eur")])),
        (["none", "base", "trade"], "NUT", ("base", [(1, "7.00", "gbp")])),
    ],
)
def test_the_first_list_with_prices_wins(
    api: ApiCaller, lists: None, slugs: list[str], sku: str, found: tuple[str, Any]
) -> None:
    assert calculated(api, *slugs, skus=[sku, "NOBODY", sku]) == [(sku, *found)]


def test_the_first_rule_with_prices_counts(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "a", ROPE=["1"])
    make_price_list(site, "b", ROPE=["2"], AXE=["3"])
    make_price_list(site, "made", rules=[rule("a", "1", "plus"), rule("b", "0.5")])
    assert calculated(api, "made", skus=["AXE", "ROPE"]) == [
        ("AXE", "made", [(1, "1.50", "gbp")]),
        ("ROPE", "made", [(1, "2.00", "gbp")]),
    ]


def test_without_lists_there_is_nothing(api: ApiCaller, lists: None) -> None:
    assert (
        calculated(api, "none", skus=["ROPE"])
        == calculated(api, skus=["ROPE"])
        == calculated(api, "base", skus=[])
        == []
    )


def test_prices_with_tax_are_taken_to_net(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["12"])
    make_price_list(site, "half", rules=[rule("base", "0.5")])
    Price.objects.update(tax_type="gross")
    assert calculated(api, "base", skus=["ROPE"]) == [("ROPE", "base", [(1, "12.00", "gbp")])]
    set_setting(site=site, key="default_tax_rate", value="20")
    assert calculated(api, "half", skus=["ROPE"]) == [("ROPE", "half", [(1, "5.00", "gbp")])]
    Price.objects.update(display_tax_rate=50)
    assert calculated(api, "base", skus=["ROPE"]) == [("ROPE", "base", [(1, "8.00", "gbp")])]


def test_a_circle_that_came_in_past_the_guards_ends(api: ApiCaller, site: Site, lists: None) -> None:
    by_slug = {row.slug: row for row in PriceList.objects.all()}
    PriceListRule.objects.create(site=site, price_list=by_slug["base"], source_price_list=by_slug["euro"])
    assert calculated(api, "base", "euro", skus=["NOBODY", "ROPE"])[0][:2] == ("ROPE", "base")


def test_a_thousand_skus_cost_as_many_statements_as_one(
    api: ApiCaller, site: Site, lists: None, django_assert_num_queries: Any
) -> None:
    skus = [f"S{number}" for number in range(1_000)]
    put_prices(make_price_list(site, "many"), **{sku: ["1"] for sku in skus})
    for asked in (skus[:1], skus):
        with django_assert_num_queries(2):
            assert len(calculated(api, "euro", "many", skus=asked)) == len(asked)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [("required", "skus"), ("required", "price_list_slugs")]),
        ({"skus": None, "price_list_slugs": None}, [("invalid", "skus"), ("invalid", "price_list_slugs")]),
        ({"skus": "ROPE", "price_list_slugs": "base"}, [("invalid", "skus"), ("invalid", "price_list_slugs")]),
        ({"skus": [{}], "price_list_slugs": [True]}, [("invalid", "skus[0]"), ("invalid", "price_list_slugs[0]")]),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, body: Any, found: list[tuple[str, str]]) -> None:
    answer = api.post(CALCULATE, json=body)
    assert (answer.status_code, faults(answer)) == (400, found)


def test_scopes(site: Site) -> None:
    body: dict[str, Any] = {"skus": [], "price_list_slugs": []}
    for scope, status in (("products.pricing", 200), ("products.pricing.read", 200), ("products", 403)):
        assert caller_with(site, scope).post(CALCULATE, json=body).status_code == status


def test_a_customer_does_not_calculate(site: Site) -> None:
    buyer = make_buyer(site)
    assert buyer.user
    person = make_person_caller(site, buyer.user)
    assert person.post(CALCULATE, json={"skus": [], "price_list_slugs": []}).status_code == 403
