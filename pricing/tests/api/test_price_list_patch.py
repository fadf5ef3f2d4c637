"""PATCH /api/v1/price-lists/{slug}."""

from __future__ import annotations

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.models import PriceListRule
from pricing.tests.cast import LISTS, faults, make_price_list, rule
from tests.callers import ApiCaller

BASE = {"slug": "new", "name": "New", "currency_code": "GBP"}


def test_rules_are_replaced_when_they_are_sent(api: ApiCaller, site: Site) -> None:
    for slug in ("a", "b"):
        make_price_list(site, slug)
    make_price_list(site, "new", rules=[rule("b", "0.15"), rule("a")])
    answer = api.patch(f"{LISTS}/new", json={"rules": [rule("a", "0.05", "plus", "1.1700000001")]})
    assert answer.json()["rules"] == [
        {
            "source_price_list_slug": "a",
            "adjustment_percentage": 0.05,
            "adjustment_direction": "plus",
            "currency_exchange_rate": 1.1700000001,
        }
    ]
    assert api.patch(f"{LISTS}/new", json={"rules": []}).json()["rules"] == []


def test_only_what_is_sent_changes(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["10"])
    make_price_list(site, "trade", rules=[rule("base", "0.1")])
    answer = api.patch(f"{LISTS}/trade", json={"name": "Trade 2"})
    assert (answer.json()["name"], len(answer.json()["rules"])) == ("Trade 2", 1)
    answer = api.patch(f"{LISTS}/base", json={"slug": "renamed", "source": None})
    assert (answer.status_code, answer.json()["slug"], answer.json()["currency_code"]) == (200, "renamed", "gbp")
    assert api.get(f"{LISTS}/base").status_code == 404
    assert api.get(f"{LISTS}/trade").json()["rules"][0]["source_price_list_slug"] == "renamed"
    assert faults(api.patch(f"{LISTS}/trade", json={"slug": "renamed"})) == [("resource-already-exists", "slug")]
    assert api.patch(f"{LISTS}/none", json={"name": "x"}).status_code == 404


def test_no_chain_leads_back_or_goes_on_for_long(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "list0")
    for number in range(1, 10):
        make_price_list(site, f"list{number}", rules=[rule(f"list{number - 1}")])
    make_price_list(site, "new")
    answer = api.patch(f"{LISTS}/list0", json={"rules": [rule("list9")]})
    assert (answer.status_code, faults(answer)[0][0]) == (400, "rule-cycle")
    answer = api.patch(f"{LISTS}/new", json={"rules": [rule("list9")]})
    assert (answer.status_code, faults(answer)[0][0]) == (400, "too-many-levels")
    assert PriceListRule.objects.count() == 9


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    make_price_list(site, "base")
    assert caller_with(site, f"{scope}.read").patch(f"{LISTS}/base", json={}).status_code == 403
    assert caller_with(site, "products", "orders").patch(f"{LISTS}/base", json={}).status_code == 403
    assert caller_with(site, scope).patch(f"{LISTS}/base", json={}).status_code == 200


def test_a_currency_changes_only_together_with_the_rules(api: ApiCaller, site: Site) -> None:
    """Their rates are of the former currency: 100 pounds would be sold as 100 yen."""
    make_price_list(site, "base", ROPE=["100"])
    make_price_list(site, "trade", rules=[rule("base", "0.1")])
    assert faults(api.patch(f"{LISTS}/trade", json={"currency_code": "JPY"})) == [("rules-needed", "rules")]
    assert faults(api.patch(f"{LISTS}/base", json={"currency_code": "JPY"})) == [("resource-in-use", "currency_code")]
    unrated = {"currency_code": "JPY", "rules": [rule("base", "0.1")]}
    assert faults(api.patch(f"{LISTS}/trade", json=unrated)) == [("required", "rules[0].currency_exchange_rate")]
    assert [api.get(f"{LISTS}/{slug}").json()["currency_code"] for slug in ("base", "trade")] == ["gbp", "gbp"]

    said = {"currency_code": "jpy", "rules": [rule("base", "0.1", "minus", "190")]}
    assert api.patch(f"{LISTS}/trade", json=said).json()["currency_code"] == "jpy"
    assert api.patch(f"{LISTS}/trade", json={"currency_code": "JPY", "name": "Trade"}).status_code == 200
    asked = api.post("/api/v1/calculate-pricing", json={"skus": ["ROPE"], "price_list_slugs": ["trade"]}).json()
    assert asked[0]["pricing"][0]["price"] == {"number": "17100", "currency": "jpy"}
