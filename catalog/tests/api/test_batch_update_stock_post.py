"""POST /api/v1/batch-update-stock."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Stock
from catalog.tests.cast import caller_with, faults, make_location, make_product, put_in_stock
from core.models import Site
from tests.callers import ApiCaller

BATCH = "/api/v1/batch-update-stock"


def held() -> list[tuple[str, str, int]]:
    rows = Stock.objects.order_by("sku", "location__external_id")
    return list(rows.values_list("sku", "location__external_id", "stock_level"))


def test_each_pair_is_stored_and_others_stay(api: ApiCaller, site: Site) -> None:
    near, far = make_location(site, "near"), make_location(site, "far")
    put_in_stock(near, A=1, B=1)
    put_in_stock(far, A=1)
    rows = [
        {"stock_location_id": near.public_id, "sku": "A", "stock_level": 5, "restock_date": "2026-05-01"},
        {"stock_location_external_id": "far", "sku": "NEW", "stock_level": -1, "min_stock_level": -9},
        {"stock_location_id": "near", "sku": "NEW", "stock_level": 2},
    ]

    answer = api.post(BATCH, json=rows)

    assert (answer.status_code, answer.content) == (204, b"")
    assert held() == [("A", "far", 1), ("A", "near", 5), ("B", "near", 1), ("NEW", "far", -1), ("NEW", "near", 2)]
    row = Stock.objects.get(sku="NEW", location=far)
    assert (row.min_stock_level, row.restock_date) == (-9, None)


def test_stored_values_are_overwritten(api: ApiCaller, site: Site) -> None:
    make_location(site)
    pair = {"stock_location_external_id": "default", "sku": "A"}
    api.post(BATCH, json=[pair | {"stock_level": 5, "restock_date": "2026-05-01", "min_stock_level": -9}])

    api.post(BATCH, json=[pair | {"stock_level": 4}])

    row = Stock.objects.get()
    assert (row.stock_level, row.restock_date, row.min_stock_level) == (4, None, 0)


def test_a_level_that_stands_already_is_not_written_again(api: ApiCaller, site: Site) -> None:
    make_location(site)
    rows = [{"stock_location_external_id": "default", "sku": "A", "stock_level": 5}]
    api.post(BATCH, json=rows)
    before = Stock.objects.get().updated_at

    api.post(BATCH, json=rows)

    assert Stock.objects.get().updated_at == before


GOOD = {"stock_location_id": "default", "sku": "A", "stock_level": 1}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([GOOD, {"sku": "B", "stock_level": 1}], [("invalid", "[1]")]),
        ([GOOD | {"stock_location_external_id": "default"}], [("invalid", "[0]")]),
        ([GOOD, GOOD | {"sku": ""}], [("too-short", "[1].sku")]),
        ([GOOD | {"sku": "x" * 101}], [("too-long", "[0].sku")]),
        ([{"stock_location_id": "default", "stock_level": 1}], [("required", "[0].sku")]),
        ([{"stock_location_id": "default", "sku": "A"}], [("required", "[0].stock_level")]),
        (
            [
                GOOD,
                {"stock_location_external_id": "x", "sku": "B", "stock_level": 1},
                {"stock_location_id": "y", "sku": "B", "stock_level": 1},
                {"stock_location_external_id": "{location}", "sku": "C", "stock_level": 1},
            ],
            [
                ("resource-not-found", "[1].stock_location_external_id"),
                ("resource-not-found", "[2].stock_location_id"),
                ("resource-not-found", "[3].stock_location_external_id"),
            ],
        ),
        (
            [GOOD, {"stock_location_external_id": "default", "sku": "A", "stock_level": 2}],
            [("repeated", "[1].stock_location_external_id")],
        ),
        ([GOOD, GOOD | {"stock_location_id": "{location}"}], [("repeated", "[1].stock_location_id")]),
        ([GOOD | {"sku": str(number)} for number in range(10_001)], [("too-many", None)]),
    ],
)
def test_what_is_not_valid_is_named_and_nothing_is_stored(
    api: ApiCaller, site: Site, rows: Any, found: list[tuple[str, str]]
) -> None:
    location = make_location(site)
    sent = [
        {
            name: value.format(location=location.public_id) if isinstance(value, str) else value
            for name, value in row.items()
        }
        for row in rows
    ]

    answer = api.post(BATCH, json=sent)

    assert (answer.status_code, faults(answer)) == (400, found)
    assert held() == []


def test_an_empty_batch_is_no_fault(api: ApiCaller) -> None:
    assert api.post(BATCH, json=[]).status_code == 204


def test_many_unknown_locations_are_not_all_listed(api: ApiCaller) -> None:
    rows = [{"stock_location_id": f"x{number}", "sku": "A", "stock_level": 1} for number in range(3000)]
    assert len(faults(api.post(BATCH, json=rows))) == 1000


def test_five_thousand_rows_cost_as_many_statements_as_one(api: ApiCaller, site: Site) -> None:
    make_location(site)
    counts = []
    for size in (1, 5_000):
        rows = [
            {"stock_location_external_id": "default", "sku": f"SKU-{number}", "stock_level": number}
            for number in range(size)
        ]
        with CaptureQueriesContext(connection) as queries:
            assert api.post(BATCH, json=rows).status_code == 204
        counts.append(len(queries))
    assert counts == [4, 4]
    assert Stock.objects.count() == 5_000


def test_a_variant_shows_what_was_stored_for_its_sku(api: ApiCaller, site: Site) -> None:
    make_location(site)
    api.post(BATCH, json=[GOOD | {"stock_level": 7}])
    make_product(site, "A")
    assert [row["stock_level"] for row in api.get("/api/v1/variants/ext-A").json()["stock"]] == [7]


def test_scopes(site: Site) -> None:
    make_location(site)
    assert caller_with(site, "products.stock").post(BATCH, json=[GOOD]).status_code == 204
    for scopes in (["products.stock.read"], ["products"], ["setup"]):
        assert caller_with(site, *scopes).post(BATCH, json=[GOOD]).status_code == 403
