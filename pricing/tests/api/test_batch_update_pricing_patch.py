"""PATCH /api/v1/batch-update-pricing, as JSON and CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.models import Price
from pricing.tests.cast import LISTS, lines, make_price_list, stored
from tests.callers import ApiCaller

PRICES = f"{LISTS}/base/pricing"


BATCH = "/api/v1/batch-update-pricing"


CSV = "text/csv"


def test_bad_lines_of_a_file_are_named(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", A=["9"])
    head = b"price_list_slug,sku,price\n"
    assert lines(api.patch(BATCH, body=b"sku,price\nA,1\n", content_type=CSV)) == [(1, "price_list_slug")]
    assert lines(api.patch(BATCH, body=head + b"base,A,1\nbase,B,x\n", content_type=CSV)) == [(3, "price")]
    assert lines(api.patch(BATCH, body=head + b"base,A,1\nbase,A,2\n", content_type=CSV)) == [(3, "quantity")]
    assert stored(site) == [("base", "A", 1, "9")]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"sku": "B", "pricing": []}, [(2, "price_list_slug")]),
        ({"price_list_slug": "base", "pricing": []}, [(2, "sku")]),
        ({"sku": "B", "price_list_slug": "base"}, [(2, "pricing")]),
        ({"sku": "B", "price_list_slug": "base", "pricing": [{"price": -1}]}, [(2, "pricing[0].price")]),
        ({"sku": "A", "price_list_slug": "base", "pricing": [{"price": 2}]}, [(2, "pricing[0].quantity")]),
    ],
)
def test_bad_rows_are_a_bare_array(api: ApiCaller, site: Site, row: Any, found: list[tuple[int, str]]) -> None:
    make_price_list(site, "base", A=["9"])
    good = {"sku": "A", "price_list_slug": "base", "pricing": [{"price": 1}]}
    assert lines(api.patch(BATCH, json=[good, row])) == found
    assert stored(site) == [("base", "A", 1, "9")]


def test_scopes(site: Site) -> None:
    for scope, status in (("products.pricing", 204), ("products.pricing.read", 403), ("products", 403), ("setup", 403)):
        assert caller_with(site, scope).patch(BATCH, json=[]).status_code == status


def test_batches_touch_pairs(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"], AXE=["2"])
    make_price_list(site, "trade", ROPE=["3"], AXE=["4"])
    rows = [
        {"sku": "ROPE", "price_list_slug": "base", "pricing": [{"price": 8}]},
        {"sku": "AXE", "price_list_slug": "trade", "pricing": []},
    ]
    assert api.patch(BATCH, json=rows).status_code == 204
    assert stored(site) == [("base", "AXE", 1, "2"), ("base", "ROPE", 1, "8"), ("trade", "ROPE", 1, "3")]
    text = b"price_list_slug,sku,price,quantity\nbase,AXE,,\ntrade,AXE,5,3\n"
    assert api.patch(BATCH, body=text, content_type=CSV).status_code == 204
    assert stored(site) == [("base", "ROPE", 1, "8"), ("trade", "AXE", 3, "5"), ("trade", "ROPE", 1, "3")]


def test_a_batch_names_every_list_that_is_not_there(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base")
    rows = [{"sku": "A", "price_list_slug": slug, "pricing": [{"price": 1}]} for slug in ("base", "x", "x", "y")]
    rows[2]["sku"] = "B"
    answer = api.patch(BATCH, json=rows)
    assert answer.status_code == 404
    assert [error["property"] for error in answer.json()["errors"]] == ["[1].price_list_slug", "[3].price_list_slug"]
    assert stored(site) == []


@pytest.mark.parametrize("as_csv", [False, True])
def test_five_thousand_rows_cost_as_many_statements_as_one(api: ApiCaller, site: Site, as_csv: bool) -> None:
    make_price_list(site, "base")
    counts = []
    for size in (1, 5_000):
        if as_csv:
            text = "price_list_slug,sku,price\n" + "".join(f"base,S{number},{number}.25\n" for number in range(size))
            sent: dict[str, Any] = {"body": text.encode(), "content_type": CSV}
        else:
            sent = {
                "json": [
                    {"sku": f"S{number}", "price_list_slug": "base", "pricing": [{"price": number}]}
                    for number in range(size)
                ]
            }
        with CaptureQueriesContext(connection) as queries:
            assert api.patch(BATCH, **sent).status_code == 204
        counts.append(len(queries))
    assert counts == [5, 5]  # savepoint, lists, what stands, insert, release
    assert Price.objects.count() == 5_000
