"""PATCH /api/v1/price-lists/{slug}/pricing, as JSON and CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.tests.cast import caller_with
from core.api.bodies import BODY_LIMIT
from core.models import Site
from pricing.models import Price
from pricing.tests.cast import LISTS, lines, make_price_list, stored
from tests.callers import ApiCaller

PRICES = f"{LISTS}/base/pricing"


BATCH = "/api/v1/batch-update-pricing"


CSV = "text/csv"


def test_only_skus_that_are_sent_are_touched(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["1", (5, "0.9")], AXE=["2"], NUT=["3"])
    make_price_list(site, "other", ROPE=["7"])
    rows = [
        {"sku": "ROPE", "pricing": [{"price": 8}]},
        {"sku": "NUT", "pricing": []},
        {"sku": 77, "pricing": [{"price": 4}]},
    ]
    answer = api.patch(PRICES, json=rows)
    assert (answer.status_code, answer.content) == (204, b"")
    assert stored(site) == [
        ("base", "77", 1, "4"),
        ("base", "AXE", 1, "2"),
        ("base", "ROPE", 1, "8"),
        ("other", "ROPE", 1, "7"),
    ]


def test_csv_says_the_same(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"], AXE=["2"], NUT=["3"])
    text = "sku,qty,price,display_tax_rate\r\nROPE,1,8,20\r\nROPE,10,7.5,\r\nNUT,,,\r\n"
    answer = api.patch(PRICES, body=text.encode(), content_type="text/csv; charset=utf-8")
    assert answer.status_code == 204
    assert stored(site) == [("base", "AXE", 1, "2"), ("base", "ROPE", 1, "8"), ("base", "ROPE", 10, "7.5")]
    assert Price.objects.get(sku="ROPE", quantity=1).display_tax_rate == 20


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([{"sku": "A", "pricing": []}, {"sku": "B"}], [(2, "pricing")]),
        (
            [{"pricing": []}, {"sku": "", "pricing": [{"price": "x"}]}],
            [(1, "sku"), (2, "sku"), (2, "pricing[0].price")],
        ),
        ([{"sku": "A", "pricing": [{"price": 1}]}] * 2, [(2, "pricing[0].quantity")]),
        ([1], [(1, "")]),
        ([{"sku": "A", "pricing": [{"price": 1}, {"price": 2}]}], [(1, "pricing")]),
    ],
)
def test_bad_rows_are_a_bare_array(api: ApiCaller, site: Site, rows: Any, found: list[tuple[int, str]]) -> None:
    make_price_list(site, "base", A=["9"])
    assert lines(api.patch(PRICES, json=rows)) == found
    assert stored(site) == [("base", "A", 1, "9")]


def test_bad_lines_of_a_file_are_named(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", A=["9"])
    assert lines(api.patch(PRICES, body=b"sku,price\nA,1\nB,x\nA,2\n", content_type=CSV)) == [(3, "price")]
    assert lines(api.patch(PRICES, body=b"sku,price\nA,1\nA,2\n", content_type=CSV)) == [(3, "quantity")]
    assert stored(site) == [("base", "A", 1, "9")]


def test_what_is_no_matter_of_rows_is_a_problem(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base")
    for body, content_type, status in (
        (b"{", "application/json", 400),
        (b"{}", "application/json", 400),
        (b"x", "text/plain", 415),
    ):
        answer = api.patch(PRICES, body=body, content_type=content_type)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert api.patch(f"{LISTS}/none/pricing", json=[]).status_code == 404


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
            assert api.patch(PRICES, **sent).status_code == 204
        counts.append(len(queries))
    assert counts == [5, 5]  # savepoint, lists, what stands, insert, release
    assert Price.objects.count() == 5_000


def test_a_body_may_be_larger_than_others(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base")
    padding = b"x" * (BODY_LIMIT + 1)
    body = b'[{"sku": "A", "pricing": [{"price": 1}], "note": "' + padding + b'"}]'
    assert api.patch(PRICES, body=body).status_code == 204
    assert api.patch("/api/v1/pricing/A", body=body).status_code == 413


def test_scopes(site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"])
    for scope, status in (("products.pricing", 204), ("products.pricing.read", 403), ("products", 403), ("setup", 403)):
        assert caller_with(site, scope).patch(PRICES, json=[]).status_code == status
