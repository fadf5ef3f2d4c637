"""GET /api/v2/price-lists."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.models import PriceList
from pricing.tests.cast import make_price_list, rule
from tests.callers import ApiCaller

PAGES = "/api/v2/price-lists"


BASE = {"slug": "new", "name": "New", "currency_code": "GBP"}


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
        if number in (0, 19):
            with django_assert_num_queries(3):
                assert len(api.get(PAGES).json()["data"]) == number + 2


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    assert caller_with(site, scope).get(PAGES).status_code == 200
    assert caller_with(site, f"{scope}.read").get(PAGES).status_code == 200
    assert caller_with(site, "products", "orders").get(PAGES).status_code == 403
