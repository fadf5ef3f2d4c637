"""POST /api/v1/batch-fetch-stock."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.cast import caller_with, faults, make_location, put_in_stock
from core.models import Site
from tests.callers import ApiCaller

FETCH = "/api/v1/batch-fetch-stock"


@pytest.fixture
def shelves(site: Site) -> dict[str, str]:
    """Two locations, one of them the default one; answers our ids by external ids."""
    near, far = make_location(site), make_location(site, "far")
    put_in_stock(near, A=1, B=2)
    put_in_stock(far, A=3, C=4)
    return {"default": near.public_id, "far": far.public_id}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, [("B", ["default"]), ("A", ["default"])]),
        ({}, [("B", ["default"]), ("A", ["default"])]),
        ({"stock_location_ids": []}, [("B", ["default"]), ("A", ["default"])]),
        ({"all_stock_locations": False}, [("B", ["default"]), ("A", ["default"])]),
        ({"all_stock_locations": True}, [("C", ["far"]), ("B", ["default"]), ("A", ["default", "far"])]),
        ({"stock_location_ids": ["far"]}, [("C", ["far"]), ("A", ["far"])]),
        ({"stock_location_ids": ["{far}", "unknown"]}, [("C", ["far"]), ("A", ["far"])]),
        ({"stock_location_ids": ["far", "default"]}, [("C", ["far"]), ("B", ["default"]), ("A", ["default", "far"])]),
        ({"stock_location_ids": ["unknown", "sl_999999"]}, []),
    ],
)
def test_what_is_held_where(api: ApiCaller, shelves: dict[str, str], asked: Any, found: list[tuple[str, Any]]) -> None:
    for index, name in enumerate((asked or {}).get("stock_location_ids", [])):
        asked["stock_location_ids"][index] = name.format(**shelves)

    answer = api.post(FETCH, json={"skus": ["C", "B", "UNKNOWN", "A", "B"], "filter": asked})

    assert answer.status_code == 200
    shown = [(row["sku"], [level["stock_location_id"] for level in row["stock"]]) for row in answer.json()]
    assert shown == [(sku, [shelves[name] for name in names]) for sku, names in found]


def test_a_row_is_what_the_sku_s_own_address_answers(api: ApiCaller, shelves: dict[str, str]) -> None:
    answer = api.post(FETCH, json={"skus": ["A"], "filter": {"all_stock_locations": True}})
    assert answer.json() == [{"sku": "A", "stock": api.get("/api/v1/variants/A/stock").json()}]


def test_without_a_default_location_nothing_is_found(api: ApiCaller, site: Site) -> None:
    put_in_stock(make_location(site, "far"), A=1)
    assert api.post(FETCH, json={"skus": ["A"]}).json() == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [("required", "skus")]),
        ({"skus": None}, [("invalid", "skus")]),
        ({"skus": "A"}, [("invalid", "skus")]),
        ({"skus": ["A", None]}, [("invalid", "skus[1]")]),
        ({"skus": ["x"] * 10_001}, [("too-many", "skus")]),
        ({"skus": [], "filter": {"all_stock_locations": "yes"}}, [("invalid", "filter.all_stock_locations")]),
        ({"skus": [], "filter": {"stock_location_ids": "far"}}, [("invalid", "filter.stock_location_ids")]),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, body: Any, found: list[tuple[str, str]]) -> None:
    answer = api.post(FETCH, json=body)
    assert (answer.status_code, faults(answer)) == (400, found)


def test_many_skus_cost_as_many_queries_as_one(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    put_in_stock(location, **{f"S{number}": number for number in range(5_000)})
    counts = []
    for size in (1, 5_000):
        with CaptureQueriesContext(connection) as queries:
            assert len(api.post(FETCH, json={"skus": [f"S{number}" for number in range(size)]}).json()) == size
        counts.append(len(queries))
    assert counts == [2, 2]


def test_reading_needs_no_right_to_write(site: Site, shelves: dict[str, str]) -> None:
    for scope in ("products.stock", "products.stock.read"):
        assert len(caller_with(site, scope).post(FETCH, json={"skus": ["A"]}).json()) == 1
    assert caller_with(site, "products").post(FETCH, json={"skus": ["A"]}).status_code == 403
