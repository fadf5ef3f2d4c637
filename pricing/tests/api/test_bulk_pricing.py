"""/api/v1/price-lists/{slug}/pricing and PATCH /api/v1/batch-update-pricing, as JSON and CSV."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.api.bodies import BODY_LIMIT
from core.models import Site
from pricing.models import Price
from pricing.tests.cast import LISTS, make_price_list, stored
from tests.callers import ApiCaller

PRICES = f"{LISTS}/base/pricing"
BATCH = "/api/v1/batch-update-pricing"
CSV = "text/csv"


def lines(answer: Any) -> list[tuple[int, str]]:
    """Where a refusal sees faults; it is a bare array."""
    assert answer.status_code == 400
    assert [sorted(row) for row in answer.json()] == [["field", "line", "message"]] * len(answer.json())
    return [(row["line"], row["field"]) for row in answer.json()]


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


def test_what_stands_on_a_list_is_read_flat_and_as_csv(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=[(10, "0.9"), "1"], AXE=["2.333"])
    make_price_list(site, "trade", rules=[{"source_price_list_slug": "base"}])
    assert api.get(PRICES).json() == [
        {"sku": "AXE", "quantity": 1, "price": 2.333, "unit_of_measure": None},
        {"sku": "ROPE", "quantity": 1, "price": 1, "unit_of_measure": None},
        {"sku": "ROPE", "quantity": 10, "price": 0.9, "unit_of_measure": None},
    ]
    answer = api.get(PRICES, content_type=CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "sku,quantity,price,unit_of_measure,tax_type,display_tax_rate",
        "AXE,1,2.333,,net,",
        "ROPE,1,1,,net,",
        "ROPE,10,0.9,,net,",
    ]
    before = stored(site)
    assert api.patch(PRICES, body=answer.content, content_type=CSV).status_code == 204
    assert stored(site) == before
    for path, content_type in ((f"{LISTS}/trade/pricing", "application/json"), (f"{LISTS}/trade/pricing", CSV)):
        answer = api.get(path, content_type=content_type)
        assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{LISTS}/none/pricing").status_code == 404


def test_a_list_is_emptied(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", ROPE=["1"])
    make_price_list(site, "other", ROPE=["7"])
    assert api.delete(PRICES).status_code == 204
    assert stored(site) == [("other", "ROPE", 1, "7")]
    assert api.delete(f"{LISTS}/none/pricing").status_code == 404


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
    make_price_list(site, "other")
    assert lines(api.patch(PRICES, body=b"sku,price\nA,1\nB,x\nA,2\n", content_type=CSV)) == [(3, "price")]
    assert lines(api.patch(PRICES, body=b"sku,price\nA,1\nA,2\n", content_type=CSV)) == [(3, "quantity")]
    assert lines(api.patch(BATCH, body=b"sku,price\nA,1\n", content_type=CSV)) == [(1, "price_list_slug")]
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


@pytest.mark.parametrize("path", [PRICES, BATCH])
@pytest.mark.parametrize("as_csv", [False, True])
def test_five_thousand_rows_cost_as_many_statements_as_one(api: ApiCaller, site: Site, path: str, as_csv: bool) -> None:
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
            assert api.patch(path, **sent).status_code == 204
        counts.append(len(queries))
    assert counts == [6, 6]  # savepoint, lists, what stands, delete, insert, release
    assert Price.objects.count() == 5_000


def test_a_body_may_be_larger_than_others(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base")
    padding = b"x" * (BODY_LIMIT + 1)
    body = b'[{"sku": "A", "pricing": [{"price": 1}], "note": "' + padding + b'"}]'
    assert api.patch(PRICES, body=body).status_code == 204
    assert api.patch("/api/v1/pricing/A", body=body).status_code == 413
