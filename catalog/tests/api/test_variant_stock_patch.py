"""PATCH /api/v1/variants/{SKU}/stock."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Stock
from catalog.tests.cast import (
    ANY_SKUS,
    at,
    caller_with,
    faults,
    make_location,
    make_product,
    members,
    put_in_stock,
    sample,
    stock_of,
)
from core.models import Site
from tests.callers import ApiCaller


def test_the_reference_s_request_is_answered_as_printed(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A")

    answer = api.patch(stock_of("A"), json=at(location, sample("stock-patch.request")))

    assert (answer.status_code, answer.content) == (204, b"")
    body = api.get(stock_of("A")).json()
    assert body == at(location, sample("stock.answer"))
    assert members(body) == members(sample("stock.answer"))


def test_only_named_locations_change_and_each_is_overwritten(api: ApiCaller, site: Site) -> None:
    near, far = make_location(site, "near"), make_location(site, "far")
    make_product(site, "A")
    full = {"stock_level": 4, "restock_date": "2026-05-01", "min_stock_level": -2}
    both = [{"stock_location_id": name, **full} for name in ("far", near.public_id)]
    api.patch(stock_of("A"), json=both)

    api.patch(stock_of("A"), json=[{"stock_location_id": "near", "stock_level": 1.0}])

    assert api.get(stock_of("A")).json() == [
        {"stock_location_id": near.public_id, "stock_level": 1, "restock_date": None, "min_stock_level": 0},
        {"stock_location_id": far.public_id, **full},
    ]


def test_an_unknown_location_is_refused_as_the_reference_prints_it(api: ApiCaller, site: Site) -> None:
    make_location(site)
    make_product(site, "A")
    levels = [{"stock_location_id": name, "stock_level": 1} for name in ("default", "sl_999999")]

    answer = api.patch(stock_of("A"), json=levels)

    body = answer.json()
    assert (answer.status_code, body["title"], body["detail"]) == (
        400,
        "invalid-api-request-contents",
        "Data Validation Failed",
    )
    assert body["errors"] == [
        {
            "code": "resource-not-found",
            "property": "stock_location_id",
            "message": "stock_location_id not found: sl_999999",
        }
    ]
    assert not Stock.objects.exists()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, [("invalid-api-request-contents", None)]),
        ([{"stock_level": 1}], [("required", "[0].stock_location_id")]),
        ([{"stock_location_id": "default"}], [("required", "[0].stock_level")]),
        ([{"stock_location_id": "default", "stock_level": None}], [("invalid", "[0].stock_level")]),
        ([{"stock_location_id": "default", "stock_level": 1.5}], [("invalid", "[0].stock_level")]),
        ([{"stock_location_id": "default", "stock_level": "4"}], [("invalid", "[0].stock_level")]),
        ([{"stock_location_id": "default", "stock_level": -(2**31) - 1}], [("invalid", "[0].stock_level")]),
        (
            [{"stock_location_id": "default", "stock_level": 1, "restock_date": "2026-5-1"}],
            [("invalid", "[0].restock_date")],
        ),
        (
            [{"stock_location_id": "default", "stock_level": 1, "restock_date": "2026-05-01T00:00:00Z"}],
            [("invalid", "[0].restock_date")],
        ),
        ([{"stock_location_id": "default", "stock_level": 1}] * 2, [("repeated", "stock_location_id")]),
    ],
)
def test_what_is_not_valid_is_named(api: ApiCaller, site: Site, body: Any, found: list[tuple[str, str]]) -> None:
    make_location(site)
    make_product(site, "A")

    answer = api.patch(stock_of("A"), json=body)

    assert (answer.status_code, faults(answer)) == (400, found)
    assert not Stock.objects.exists()


@pytest.mark.parametrize("level", [0, 2**31 - 1, -(2**31)])
def test_levels_at_their_limits(api: ApiCaller, site: Site, level: int) -> None:
    make_location(site)
    make_product(site, "A")
    sent = {"stock_location_id": "default", "stock_level": level, "min_stock_level": level}

    assert api.patch(stock_of("A"), json=[sent]).status_code == 204
    assert api.get(stock_of("A")).json()[0]["stock_level"] == level


@pytest.mark.parametrize("sku", ANY_SKUS)
def test_any_sku_can_be_addressed(api: ApiCaller, site: Site, sku: str) -> None:
    make_location(site)
    make_product(site, variants=[{"sku": sku}])

    assert api.patch(stock_of(sku), json=[{"stock_location_id": "default", "stock_level": 4}]).status_code == 204
    assert [row["stock_level"] for row in api.get(stock_of(sku)).json()] == [4]
    assert Stock.objects.get().sku == sku


def test_a_sku_that_nobody_knows(api: ApiCaller, site: Site) -> None:
    location = make_location(site)
    make_product(site, "A")
    put_in_stock(location, ONLY_COUNTED=3)
    sent = [{"stock_location_id": "default", "stock_level": 4}]

    assert api.patch(stock_of("ONLY_COUNTED"), json=sent).status_code == 204
    answer = api.patch(stock_of("a"), json=sent)
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")
    assert {stock.sku for stock in Stock.objects.all()} == {"ONLY_COUNTED"}


def test_scopes(site: Site) -> None:
    make_product(site, "A")
    for scope, status in (("products.stock.read", 403), ("products.stock", 204), ("products", 403), ("setup", 403)):
        assert caller_with(site, scope).patch(stock_of("A"), json=[]).status_code == status
