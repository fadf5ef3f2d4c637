"""POST /api/v1/price-lists."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.models import PriceList, PriceListRule
from pricing.tests.cast import LISTS, faults, make_price_list, rule, sample
from tests.callers import ApiCaller

BASE = {"slug": "new", "name": "New", "currency_code": "GBP"}


def test_the_sample_goes_in_and_comes_out(api: ApiCaller) -> None:
    answer = api.post(LISTS, json=sample("price-list-create.request"))
    assert answer.status_code == 200
    expected = sample("price-list.answer") | {"source": "custom", "tax_inclusive_display": False, "rules": []}
    assert answer.json() == expected
    assert api.get(f"{LISTS}/base-list").json() == expected
    assert api.get(LISTS).json() == [expected]


def test_rules_are_kept_in_their_order(api: ApiCaller, site: Site) -> None:
    for slug in ("a", "b"):
        make_price_list(site, slug)
    rules = [rule("b", "0.15"), rule("a", "0.05", "plus", "1.1700000001")]
    answer = api.post(LISTS, json=BASE | {"source": "integration", "tax_inclusive_display": True, "rules": rules})
    assert answer.json() == {
        "slug": "new",
        "name": "New",
        "currency_code": "gbp",
        "source": "integration",
        "tax_inclusive_display": True,
        "rules": [
            {
                "source_price_list_slug": "b",
                "adjustment_percentage": 0.15,
                "adjustment_direction": "minus",
                "currency_exchange_rate": 1,
            },
            {
                "source_price_list_slug": "a",
                "adjustment_percentage": 0.05,
                "adjustment_direction": "plus",
                "currency_exchange_rate": 1.1700000001,
            },
        ],
    }


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"slug": None}, ("invalid", "slug")),
        ({"slug": ""}, ("too-short", "slug")),
        ({"slug": "x" * 65}, ("too-long", "slug")),
        ({"name": ""}, ("too-short", "name")),
        ({"name": "x" * 65}, ("too-long", "name")),
        ({"currency_code": "XXX"}, ("invalid", "currency_code")),
        ({"currency_code": "pounds"}, ("invalid", "currency_code")),
        ({"source": "shop"}, ("invalid", "source")),
        ({"tax_inclusive_display": "yes"}, ("invalid", "tax_inclusive_display")),
        ({"slug": "base"}, ("resource-already-exists", "slug")),
        ({"rules": {}}, ("invalid", "rules")),
        ({"rules": [{}]}, ("required", "rules[0].source_price_list_slug")),
        ({"rules": [rule("none")]}, ("resource-not-found", "rules[0].source_price_list_slug")),
        ({"rules": [rule("base"), rule("base")]}, ("repeated", "rules[1].source_price_list_slug")),
        ({"rules": [rule("new")]}, ("rule-cycle", "rules[0].source_price_list_slug")),
        ({"rules": [rule("base", "1.1")]}, ("invalid", "rules[0].adjustment_percentage")),
        ({"rules": [rule("base", "-0.1")]}, ("invalid", "rules[0].adjustment_percentage")),
        ({"rules": [rule("base", "0.1", "down")]}, ("invalid", "rules[0].adjustment_direction")),
        ({"rules": [rule("base", rate="0")]}, ("invalid", "rules[0].currency_exchange_rate")),
        ({"currency_code": "EUR", "rules": [rule("base")]}, ("required", "rules[0].currency_exchange_rate")),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, site: Site, members: Any, found: tuple[str, str]) -> None:
    make_price_list(site, "base")
    answer = api.post(LISTS, json=BASE | members)
    assert (answer.status_code, faults(answer)) == (400, [found])
    assert PriceList.objects.count() == 1


def test_no_chain_goes_on_for_long(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "list0")
    for number in range(1, 10):
        make_price_list(site, f"list{number}", rules=[rule(f"list{number - 1}")])
    answer = api.post(LISTS, json=BASE | {"rules": [rule("list9")]})
    assert (answer.status_code, faults(answer)[0][0]) == (400, "too-many-levels")
    assert PriceListRule.objects.count() == 9
    assert api.post(LISTS, json=BASE | {"rules": [rule("list8")]}).status_code == 200


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    assert caller_with(site, f"{scope}.read").post(LISTS, json=BASE).status_code == 403
    assert caller_with(site, "products", "orders").post(LISTS, json=BASE).status_code == 403
    assert caller_with(site, scope).post(LISTS, json=BASE).status_code == 200
