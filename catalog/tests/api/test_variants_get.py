"""GET /api/v1/variants."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.cast import VARIANTS, at, caller_with, faults, make_location, make_product, sample, variant_of
from core.models import Site
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer


def skus(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [variant["sku"] for variant in answer.json()]


@pytest.fixture
def shelf(site: Site, other_site: Site) -> None:
    """Three variants of two products here; the same ones at the other site."""
    for place in (site, other_site):
        ropes: list[dict[str, Any]] = [
            {"sku": "R60", "external_id": "X1", "status": "live", "options": [{"group": "Colour", "value": "Orange"}]},
            {"sku": "R7_", "status": "suspended", "position": 0},
        ]
        make_product(place, title="Dry rope", slug="rope", external_id="ROPES", variants=ropes)
        make_product(place, title="Chalk", slug="chalk", external_id="C", variants=[{"sku": "CHK", "position": None}])


def test_a_row_is_what_reading_the_variant_answers(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A", variants=[at(location, sample("variant-patch.request"))])
    assert api.get(VARIANTS).json() == [api.get(f"{VARIANTS}/{variant_of(site, 'IDV001').public_id}").json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["R60", "R7_", "CHK"]),
        ("sku=R60", ["R60"]),
        ("sku=r60", []),
        ("external_id=X1", ["R60"]),
        ("status=live", ["R60"]),
        ("status=pending", ["CHK"]),
        ("product_id=ROPES", ["R60", "R7_"]),
        ("product_id=pp_999999", []),
        ("search=rope", ["R60", "R7_"]),
        ("search=ORANGE%20rope", ["R60"]),
        ("search=7_", ["R7_"]),
        ("search=x1", ["R60"]),
        ("created_at[lte]=2026-02-28", []),
        ("order_by=sku", ["CHK", "R60", "R7_"]),
        ("order_by=-id", ["CHK", "R7_", "R60"]),
        ("order_by=position", ["R7_", "R60", "CHK"]),
        ("limit=1&offset=2", ["CHK"]),
    ],
)
def test_filters_search_and_order(shelf: None, api: ApiCaller, query: str, found: list[str]) -> None:
    assert skus(api.get(f"{VARIANTS}?{query}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title=rope", [("unknown-parameter", "title")]),
        ("status=cheap&offset=-1", [("invalid", "offset"), ("invalid", "status")]),
        ("order_by=title", [("invalid", "order_by")]),
    ],
)
def test_what_cannot_be_asked_is_refused(api: ApiCaller, query: str, found: list[tuple[str, str]]) -> None:
    answer = api.get(f"{VARIANTS}?{query}")
    assert (answer.status_code, sorted(faults(answer))) == (400, found)


def test_the_link_leads_on(shelf: None, api: ApiCaller) -> None:
    first = api.get(f"{VARIANTS}?limit=2")
    address = urlsplit(first["Link"].partition(">")[0].strip("<"))
    assert skus(api.get(f"{address.path}?{address.query}")) == ["CHK"]


def test_needs_the_scope(shelf: None, site: Site) -> None:
    assert skus(caller_with(site, "products.read").get(f"{VARIANTS}?limit=1")) == ["R60"]
    assert caller_with(site, "products.stock").get(VARIANTS).status_code == 403


def test_a_customer_is_shown_what_is_live(shelf: None, site: Site) -> None:
    buyer = make_buyer(site)
    assert buyer.user is not None
    person = make_person_caller(site, buyer.user)
    assert skus(person.get(VARIANTS)) == ["R60"]
    assert skus(person.get(f"{VARIANTS}?status=pending")) == []


def test_fifty_rows_cost_as_much_as_one(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    full = at(location, sample("variant-patch.request"))
    counts = []
    for number in range(50):
        make_product(site, str(number), variants=[full | {"sku": str(number), "external_id": str(number)}])
        if number in (0, 49):
            with CaptureQueriesContext(connection) as queries:
                assert len(api.get(VARIANTS).json()) == number + 1
            counts.append(len(queries))
    assert counts == [5, 5]
