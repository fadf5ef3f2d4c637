"""GET /api/v1/purchases."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from core.site_settings import set_setting
from purchasing.tests import bakers
from purchasing.tests.bodies import PURCHASES, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import make_customer

CUSTOMER = "customer_identifiers[sparklayer]"
LAST_GTE, LAST_LTE = "dates[last_updated][gte]", "dates[last_updated][lte]"
PLACED_GTE, PLACED_LTE = "dates[placed][gte]", "dates[placed][lte]"


def put(api: ApiCaller, name: str, **members: Any) -> Any:
    answer = api.put(f"{PURCHASES}/internal/{name}", json=order(**members))
    assert answer.status_code == 200
    return answer.json()


def asked(api: ApiCaller, **parameters: Any) -> Any:
    return api.get(f"{PURCHASES}?{urlencode(parameters)}")


def place(*parts: Any) -> str:
    """A cursor as nobody gave it out."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["purchase_identifiers"]["internal"] for row in answer.json()]


def next_of(answer: Any) -> str | None:
    """The address that the `Link` header leads on to."""
    if "Link" not in answer:
        return None
    match = re.fullmatch(r'<http://testserver(/[^>]*)>; rel="next"', answer["Link"])
    assert match
    return match[1]


def test_a_row_is_the_document_without_packages_and_files(api: ApiCaller) -> None:
    whole = put(api, "A", metadata=[{"name": "k", "value": "v"}])
    [row] = api.get(PURCHASES).json()
    assert row == {name: value for name, value in whole.items() if name not in ("packages", "accounting_files")}


def test_newest_first_by_placed_else_submitted_else_created(api: ApiCaller) -> None:
    put(api, "old", dates={"placed_at": "2020-01-01T00:00:00Z"})
    put(api, "quote", type="quote", dates={"created_at": "2021-01-01T00:00:00Z"})
    put(api, "now")
    put(api, "future", dates={"placed_at": "2999-01-01T00:00:00Z", "created_at": "1999-01-01T00:00:00Z"})
    put(api, "same", dates={"placed_at": "2020-01-01T01:00:00+01:00"})
    assert names(api.get(PURCHASES)) == ["future", "now", "quote", "same", "old"]


@pytest.fixture
def mixed(api: ApiCaller, site: Site) -> dict[str, str]:
    """Three purchases that differ in everything a filter asks for; the ids of their customers."""
    customers = {name: make_customer(site, external_id=name).public_id for name in ("HEAD", "CHILD", "AGENT")}
    put(
        api,
        "A",
        customer_identifiers={"sparklayer": "HEAD", "sparklayer_child": "CHILD", "sparklayer_impersonator": "AGENT"},
        dates={"placed_at": "2026-01-10T00:00:00Z"},
    )
    put(
        api,
        "B",
        type="quote",
        customer_identifiers={"sparklayer": "CHILD"},
        dates={"placed_at": "2026-02-10T00:00:00Z"},
    )
    put(api, "C", type="cart")
    return customers


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (CUSTOMER, "HEAD", ["A"]),
        (CUSTOMER, "CHILD", ["B"]),
        (CUSTOMER, "{CHILD}", ["B"]),
        (CUSTOMER, "AGENT", []),
        (CUSTOMER, "nobody", []),
        (CUSTOMER, "cu_999999999", []),
        (CUSTOMER, "cu_x", []),
        (CUSTOMER, "head", []),
        ("customer_identifiers[sparklayer_child]", "{CHILD}", ["A"]),
        ("customer_identifiers[sparklayer_child]", "HEAD", []),
        ("customer_identifiers[sparklayer_impersonator]", "AGENT", ["A"]),
        ("customer_identifiers[sparklayer_sales_rep]", "{AGENT}", ["A"]),
        ("customer_identifiers[sparklayer_sales_rep]", "{HEAD}", []),
        ("type", "order", ["A"]),
        ("type", "quote", ["B"]),
        ("type", "awaiting_approval", []),
        (PLACED_GTE, "2026-01-11T00:00:00Z", ["B"]),
        (PLACED_GTE, "2026-02-10T00:00:00+00:00", ["B"]),
        (PLACED_GTE, "2026-02-10T00:00:00.000001Z", []),
        (PLACED_LTE, "2026-01-10T00:00:00Z", ["A"]),
        (PLACED_LTE, "2026-01-09", []),
        (PLACED_LTE, "2026-01-10", ["A"]),
        (LAST_GTE, "2020-01-01T00:00:00Z", ["B", "A", "C"]),
        (LAST_GTE, "2999-01-01T00:00:00Z", []),
        (LAST_LTE, "2999-01-01T00:00:00Z", ["B", "A", "C"]),
        (LAST_LTE, "2020-01-01T00:00:00Z", []),
        ("dates[last_updated[gte]", "2999-01-01T00:00:00Z", []),
        ("dates[last_updated[lte]", "2999-01-01", ["B", "A", "C"]),
    ],
)
def test_filters(api: ApiCaller, mixed: dict[str, str], parameter: str, value: str, expected: list[str]) -> None:
    found = names(asked(api, **{parameter: value.format(**mixed)}))
    assert sorted(found) == sorted(expected)


def test_filters_together(api: ApiCaller, mixed: dict[str, str]) -> None:
    assert names(asked(api, **{CUSTOMER: "CHILD", "type": "quote", PLACED_GTE: "2026-01-01"})) == ["B"]
    assert names(asked(api, **{CUSTOMER: "CHILD", "type": "order"})) == []


def test_an_empty_customer_is_nobody(api: ApiCaller, site: Site) -> None:
    make_customer(site)
    make_customer(site)
    put(api, "A")
    assert names(asked(api, **{CUSTOMER: ""})) == []


def test_a_filter_that_is_empty_where_it_may_not_be(api: ApiCaller, mixed: dict[str, str]) -> None:
    for name in ("type", PLACED_GTE, LAST_LTE, "limit", "offset", "cursor"):
        answer = asked(api, **{name: ""})
        assert (answer.status_code, faults(answer)) == (400, [("invalid", name)])


@pytest.mark.parametrize(
    ("parameter", "value", "code"),
    [
        ("type", "Order", "invalid"),
        ("type", "invoice", "invalid"),
        (PLACED_GTE, "soon", "invalid"),
        (PLACED_LTE, "2026-02-30", "invalid"),
        (PLACED_LTE, "1800-01-01", "invalid"),
        (LAST_GTE, "1769851800", "invalid"),
        (LAST_GTE, "infinity", "invalid"),
        ("limit", "0", "invalid"),
        ("limit", "501", "invalid"),
        ("limit", "-1", "invalid"),
        ("limit", "1.0", "invalid"),
        ("limit", "ten", "invalid"),
        ("limit", "\u0661", "invalid"),
        ("limit", "9" * 100, "invalid"),
        ("offset", "-1", "invalid"),
        ("offset", "1e3", "invalid"),
        ("offset", "99999999999", "invalid"),
        ("cursor", "nonsense", "invalid"),
        ("cursor", "\u00e9", "invalid"),
        ("cursor", "MjAyNi0wMS0wMQ", "invalid"),
        ("cursor", "MjAyNi0wMS0wMVQwMDowMDowMCAx", "invalid"),
        ("cursor", place("-placed_at", "2026-01-01T00:00:00", "1"), "invalid"),
        ("cursor", place("-placed_at", "1066-10-14T00:00:00+00:00", "1"), "invalid"),
        ("cursor", place("-placed_at", "soon", "1"), "invalid"),
        ("cursor", place("-placed_at", "2026-01-01T00:00:00+00:00", "-1"), "invalid"),
        ("cursor", place("-placed_at", "2026-01-01T00:00:00+00:00", "9" * 19), "invalid"),
        ("cursor", place("-placed_at", "2026-01-01T00:00:00+00:00", "x"), "invalid"),
        ("cursor", place("-placed_at", "2026-01-01T00:00:00+00:00"), "invalid"),
        ("cursor", place("placed_at", "2026-01-01T00:00:00+00:00", "1"), "invalid"),
        ("cursor", place("visible", "A", "1"), "invalid"),
        ("cursor", place("-placed_at", 1, 1), "invalid"),
        ("cursor", "x" * 4001, "invalid"),
        (CUSTOMER, "x" * 1001, "invalid"),
        ("Type", "order", "unknown-parameter"),
        ("page", "1", "unknown-parameter"),
        ("", "1", "unknown-parameter"),
        ("customer_identifiers", "x", "unknown-parameter"),
        ("customer_identifiers[email]", "x", "unknown-parameter"),
        ("dates[placed][gt]", "2026-01-01", "unknown-parameter"),
        ("dates[created][gte]", "2026-01-01", "unknown-parameter"),
        ("site", "cordell-outdoor", "unknown-parameter"),
        ("access_token", "x", "unknown-parameter"),
    ],
)
def test_an_unknown_filter_or_a_bad_value_is_400(api: ApiCaller, parameter: str, value: str, code: str) -> None:
    answer = asked(api, **{parameter: value})
    assert (answer.status_code, faults(answer)) == (400, [(code, parameter)])


def test_every_fault_at_once(api: ApiCaller) -> None:
    answer = api.get(f"{PURCHASES}?type=x&limit=0&page=2&offset=1&offset=2&dates[placed][gte]=x")
    assert {place for _code, place in faults(answer)} == {"type", "limit", "page", "offset", PLACED_GTE}


def test_a_cursor_and_an_offset_are_one_too_many(api: ApiCaller) -> None:
    put(api, "A")
    put(api, "B")
    cursor = re.search("cursor=([^&>]+)", asked(api, limit=1)["Link"])
    assert cursor
    answer = asked(api, cursor=cursor[1], offset=0)
    assert (answer.status_code, faults(answer)) == (400, [("invalid", "cursor")])


def test_days_are_those_of_the_site(api: ApiCaller, site: Site) -> None:
    set_setting(site=site, key="time_zone", value="Pacific/Auckland")
    put(api, "A", dates={"placed_at": "2026-01-09T12:00:00Z"})
    assert names(asked(api, **{PLACED_GTE: "2026-01-10"})) == ["A"]
    assert names(asked(api, **{PLACED_GTE: "2026-01-10T12:00:00"})) == []


def test_last_updated_is_ours_and_moves_with_payments(api: ApiCaller) -> None:
    put(api, "A", dates={"updated_at": "2020-01-01T00:00:00Z"})
    before = put(api, "B")["revision_date"]
    assert names(asked(api, **{LAST_GTE: before})) == ["B"]
    api.put(f"{PURCHASES}/internal/A/transactions", json=payment())
    assert sorted(names(asked(api, **{LAST_GTE: before}))) == ["A", "B"]


@pytest.mark.parametrize("start", ["?limit=2", "?limit=2&offset=0"], ids=["cursor", "offset"])
def test_pages_lead_on_to_the_last(api: ApiCaller, start: str) -> None:
    for number in range(5):
        put(api, f"A-{number}", dates={"placed_at": "2026-01-01T00:00:00Z"})
    path: str | None = f"{PURCHASES}{start}&type=order&dates%5Bplaced%5D%5Bgte%5D=2026-01-01T00:00:00%2B00:00"
    pages = []
    while path:
        answer = api.get(path)
        pages.append(names(answer))
        path = next_of(answer)
        if path:
            assert "type=order" in path
            assert "dates%5Bplaced%5D%5Bgte%5D=2026-01-01T00%3A00%3A00%2B00%3A00" in path
            assert "cursor=" in path
            assert "offset=" not in path
    assert pages == [["A-4", "A-3"], ["A-2", "A-1"], ["A-0"]]


def test_the_last_full_page_leads_to_an_empty_one(api: ApiCaller) -> None:
    put(api, "A")
    put(api, "B")
    answer = asked(api, limit=2)
    path = next_of(answer)
    assert path
    last = api.get(path)
    assert (names(last), next_of(last)) == ([], None)


def test_the_link_keeps_the_address(api: ApiCaller) -> None:
    put(api, "A")
    path = next_of(api.get(f"{PURCHASES}/?limit=1&{quote(CUSTOMER, safe='')}="))
    assert path is None
    path = next_of(api.get(f"{PURCHASES}/?limit=1"))
    assert path
    assert urlsplit(path).path in (PURCHASES, f"{PURCHASES}/")


def test_a_hundred_by_default_and_five_hundred_at_most(api: ApiCaller) -> None:
    for number in range(101):
        put(api, str(number))
    assert len(api.get(PURCHASES).json()) == 100
    assert len(asked(api, limit=500).json()) == 101
    assert len(asked(api, offset=100).json()) == 1


def test_costs_the_same_for_any_number_of_rows(api: ApiCaller, site: Site) -> None:
    for number in range(501):
        bakers.put(site, bakers.order(), str(number))
    counts = []
    for limit in (1, 50, 500):
        with CaptureQueriesContext(connection) as queries:
            assert len(asked(api, limit=limit).json()) == limit
        counts.append(len(queries))
    assert counts == [1, 1, 1]
