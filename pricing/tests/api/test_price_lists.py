"""GET and POST /api/v1/price-lists, GET, PATCH and DELETE of one, GET /api/v2/price-lists."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.models import Price, PriceList, PriceListRule
from pricing.tests.cast import LISTS, faults, make_price_list, rule, sample
from tests.callers import ApiCaller

PAGES = "/api/v2/price-lists"
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
    answer = api.patch(f"{LISTS}/new", json={"rules": rules[1:]})
    assert [item["source_price_list_slug"] for item in answer.json()["rules"]] == ["a"]
    assert api.patch(f"{LISTS}/new", json={"rules": []}).json()["rules"] == []


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
    answer = api.patch(f"{LISTS}/list0", json={"rules": [rule("list9")]})
    assert (answer.status_code, faults(answer)[0][0]) == (400, "rule-cycle")
    answer = api.post(LISTS, json=BASE | {"rules": [rule("list9")]})
    assert (answer.status_code, faults(answer)[0][0]) == (400, "too-many-levels")
    assert PriceListRule.objects.count() == 9


def test_a_list_goes_with_its_rules_and_prices(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["10"])
    make_price_list(site, "trade", rules=[rule("base")], ROPE=["9"])
    answer = api.delete(f"{LISTS}/base")
    assert (answer.status_code, faults(answer)) == (400, [("resource-in-use", "slug")])
    assert api.delete(f"{LISTS}/trade").status_code == 204
    assert (PriceListRule.objects.count(), Price.objects.count()) == (0, 1)
    assert api.delete(f"{LISTS}/base").status_code == 204
    assert (PriceList.objects.count(), Price.objects.count()) == (0, 0)
    assert api.delete(f"{LISTS}/base").status_code == 404


def test_pages(api: ApiCaller, site: Site) -> None:
    assert api.get(PAGES).json() == {"data": [], "pagination": {"current_page": 1, "total_pages": 1}}
    for slug in ("c", "a", "b"):
        make_price_list(site, slug)
    PriceList.objects.filter(slug="b").update(source="platform")

    def asked(query: str) -> tuple[list[str], int, int]:
        answer = api.get(f"{PAGES}?{query}").json()
        page = answer["pagination"]
        return [row["slug"] for row in answer["data"]], page["current_page"], page["total_pages"]

    assert asked("page_size=2") == (["a", "b"], 1, 2)
    assert asked("page_size=2&page=2") == (["c"], 2, 2)
    assert asked("page=9") == ([], 9, 1)
    assert asked("ordering=-slug") == (["c", "b", "a"], 1, 1)
    assert asked("source=platform") == (["b"], 1, 1)
    for query in ("page=0", "page_size=251", "ordering=id", "source=x", "limit=1"):
        assert api.get(f"{PAGES}?{query}").status_code == 400


def test_lists_cost_as_many_statements_as_one(api: ApiCaller, site: Site, django_assert_num_queries: Any) -> None:
    make_price_list(site, "base")
    for number in range(20):
        make_price_list(site, f"l{number}", rules=[rule("base")])
    with django_assert_num_queries(2):
        assert len(api.get(LISTS).json()) == 21
    with django_assert_num_queries(3):
        api.get(PAGES)


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    assert caller_with(site, scope).post(LISTS, json=BASE).status_code == 200
    reader = caller_with(site, f"{scope}.read")
    assert (reader.get(LISTS).status_code, reader.post(LISTS, json=BASE).status_code) == (200, 403)
    assert caller_with(site, "products").get(LISTS).status_code == 403
