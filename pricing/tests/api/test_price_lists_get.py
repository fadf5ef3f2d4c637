"""GET /api/v1/price-lists."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.tests.cast import LISTS, faults, make_price_list, rule
from tests.callers import ApiCaller

PAGES = "/api/v2/price-lists"


BASE = {"slug": "new", "name": "New", "currency_code": "GBP"}


def test_all_are_listed_by_name(api: ApiCaller, site: Site, other_site: Site) -> None:
    assert api.get(LISTS).json() == []
    for slug in ("c", "a", "b"):
        make_price_list(site, slug)
    make_price_list(other_site, "theirs")
    listed = api.get(LISTS).json()
    assert [row["slug"] for row in listed] == ["a", "b", "c"]
    assert listed[0] == api.get(f"{LISTS}/a").json()
    refused = api.get(f"{LISTS}?limit=1")
    assert (refused.status_code, faults(refused)) == (400, [("unknown-parameter", "limit")])


def test_lists_cost_as_many_statements_as_one(api: ApiCaller, site: Site, django_assert_num_queries: Any) -> None:
    make_price_list(site, "base")
    for number in range(20):
        make_price_list(site, f"l{number}", rules=[rule("base")])
        if number in (0, 19):
            with django_assert_num_queries(2):
                assert len(api.get(LISTS).json()) == number + 2


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    assert caller_with(site, scope).get(LISTS).status_code == 200
    assert caller_with(site, f"{scope}.read").get(LISTS).status_code == 200
    assert caller_with(site, "products", "orders").get(LISTS).status_code == 403
