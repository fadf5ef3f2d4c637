"""POST /api/v1/batch-delete-stock."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Stock
from catalog.tests.cast import caller_with, faults, make_location, make_product, put_in_stock, variant_of
from core.models import Site
from tests.callers import ApiCaller

DELETE = "/api/v1/batch-delete-stock"


def test_it_takes_away_every_location_s_level(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_product(site, "A")
    for location in (make_location(site), make_location(site, "far"), make_location(other_site)):
        put_in_stock(location, A=1, B=2, C=3)

    answer = api.post(DELETE, json={"skus": ["A", "B", "UNKNOWN", "A"]})

    assert (answer.status_code, answer.content) == (204, b"")
    assert list(Stock.objects.filter(site=site).values_list("sku", flat=True)) == ["C", "C"]
    assert Stock.objects.filter(site=other_site).count() == 3
    assert variant_of(site, "A")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [("required", "skus")]),
        ({"skus": None}, [("invalid", "skus")]),
        ({"skus": [["A"]]}, [("invalid", "skus[0]")]),
        ({"skus": ["A"] * 10_001}, [("too-many", "skus")]),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, site: Site, body: Any, found: list[tuple[str, str]]) -> None:
    put_in_stock(make_location(site), A=1)
    answer = api.post(DELETE, json=body)
    assert (answer.status_code, faults(answer)) == (400, found)
    assert Stock.objects.count() == 1


def test_many_skus_cost_as_many_statements_as_one(api: ApiCaller, site: Site) -> None:
    put_in_stock(make_location(site), **{f"S{number}": number for number in range(5_000)})
    counts = []
    for first, last in ((0, 1), (1, 5_000)):
        with CaptureQueriesContext(connection) as queries:
            assert api.post(DELETE, json={"skus": [f"S{number}" for number in range(first, last)]}).status_code == 204
        counts.append(len(queries))
    assert counts == [3, 3]
    assert not Stock.objects.exists()


def test_scopes(site: Site) -> None:
    for scopes, status in ((["products.stock"], 204), (["products.stock.read"], 403), (["products"], 403)):
        assert caller_with(site, *scopes).post(DELETE, json={"skus": []}).status_code == status
