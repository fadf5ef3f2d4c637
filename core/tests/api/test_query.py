"""Query parameters and the link to the next page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from core.api.pagination import next_link
from core.api.query import Page, Query
from core.errors import InvalidDocument

LONDON = ZoneInfo("Europe/London")


def query(text: str, *known: str, **options: Any) -> Query:
    return Query(QueryDict(text), known=known, **options)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("", Page(100, 0)),
        ("limit=1", Page(1, 0)),
        ("limit=500&offset=0", Page(500, 0)),
        ("offset=20", Page(100, 20)),
        ("limit=007", Page(7, 0)),
    ],
)
def test_page(text: str, page: Page) -> None:
    parameters = query(text, "limit", "offset")
    assert parameters.page() == page
    parameters.check()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("limit=0", ["limit"]),
        ("limit=501", ["limit"]),
        ("limit=", ["limit"]),
        ("limit=-1", ["limit"]),
        ("limit=1.0", ["limit"]),
        ("limit=1e2", ["limit"]),
        ("limit=%D9%A1", ["limit"]),
        ("limit=99999999999999999999", ["limit"]),
        ("offset=-1", ["offset"]),
        ("offset=2147483648", ["offset"]),
        ("limit=1&limit=2", ["limit"]),
        ("limit=1&limit=1", ["limit"]),
        ("Limit=1", ["Limit"]),
        ("colour=red&limit=0", ["colour", "limit"]),
        ("%00=1", ["\0"]),
    ],
)
def test_what_is_unknown_or_wrong_is_named(text: str, named: list[str]) -> None:
    parameters = query(text, "limit", "offset")
    parameters.page()
    with pytest.raises(InvalidDocument) as refusal:
        parameters.check()
    assert [fault.property for fault in refusal.value.faults] == named


def test_text_is_bounded_and_exact() -> None:
    parameters = query("search=%20A%2FB%20&long=" + "x" * 1001 + "&nul=%00", "search", "long", "nul")
    assert parameters.text("search") == " A/B "
    assert (parameters.text("long"), parameters.text("nul")) == (None, None)
    assert [fault.property for fault in parameters.faults] == ["long", "nul"]


def test_another_spelling_is_the_same_parameter() -> None:
    aliases = {"dates[last_updated[gte]": "dates[last_updated][gte]"}
    known = "dates[last_updated][gte]"
    assert query("dates[last_updated[gte]=x", known, aliases=aliases).text(known) == "x"
    assert query("dates[last_updated[gte]=x&dates[last_updated][gte]=x", known, aliases=aliases).faults


@pytest.mark.parametrize(("value", "read"), [("true", True), ("false", False), ("1", None), ("", None), ("True", None)])
def test_flag(value: str, read: bool | None) -> None:
    parameters = query(f"has_outstanding={value}", "has_outstanding")
    assert parameters.flag("has_outstanding") is read
    assert bool(parameters.faults) == (read is None)


def test_choice() -> None:
    parameters = query("type=order&other=ORDER", "type", "other")
    assert parameters.choice("type", ["order", "quote"]) == "order"
    assert parameters.choice("absent", ["a"], default="a") == "a"
    assert parameters.choice("other", ["order", "quote"]) is None
    assert [fault.message for fault in parameters.faults] == ["Choose one of: order, quote."]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-06-01T10:00:00Z", datetime(2026, 6, 1, 10, tzinfo=UTC)),
        ("2026-06-01T10:00:00%2B02:00", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ("2026-06-01T10:00:00+02:00", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ("2026-06-01T10:00:00", datetime(2026, 6, 1, 9, tzinfo=UTC)),
        ("2026-06-01", datetime(2026, 5, 31, 23, tzinfo=UTC)),
        ("2026-13-01", None),
        ("yesterday", None),
        ("", None),
        ("1899-12-31T23:59:59Z", None),
        ("0001-01-01T00:00:00%2B10:00", None),
        ("2026-06-01T25:00:00Z", None),
        ("%D9%A2%D9%A0%D9%A2%D9%A6-06-01", None),
    ],
)
def test_instant(value: str, read: datetime | None) -> None:
    parameters = query(f"since={value}", "since")
    assert parameters.instant("since", time_zone=LONDON) == read
    assert bool(parameters.faults) == (read is None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        # A date is meant to its last moment; a moment is in.
        ("2026-06-01", datetime(2026, 6, 1, 23, tzinfo=UTC)),
        ("2026-06-01T10:00:00Z", datetime(2026, 6, 1, 10, 0, 0, 1, tzinfo=UTC)),
        ("9999-12-31", datetime(9999, 12, 30, 0, 0, 0, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 30, 0, 0, 0, 1, tzinfo=UTC)),
        ("1899-12-31", None),
        ("2026-02-30", None),
        ("", None),
    ],
)
def test_the_moment_after(value: str, read: datetime | None) -> None:
    parameters = query(f"as_at={value}", "as_at")
    assert parameters.moment_after("as_at", time_zone=LONDON) == read
    assert bool(parameters.faults) == (read is None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-06-01", date(2026, 6, 1)),
        ("1900-01-01", date(1900, 1, 1)),
        ("9999-12-30", date(9999, 12, 30)),
        *(
            (text, None)
            for text in ("9999-12-31", "1899-12-31", "2026-6-1", "20260601", "2026-W23-1", "", "٢٠٢٦-06-01")
        ),
    ],
)
def test_day(value: str, read: date | None) -> None:
    parameters = query(f"from={value}", "from")
    assert parameters.day("from") == read
    assert bool(parameters.faults) == (read is None)


@pytest.mark.parametrize(("value", "read"), [("gbp", "GBP"), ("JPY", "JPY"), ("XXX", None), ("", None), ("gb", None)])
def test_currency(value: str, read: str | None) -> None:
    parameters = query(f"currency_code={value}", "currency_code")
    assert parameters.currency("currency_code") == read
    assert bool(parameters.faults) == (read is None)


@pytest.mark.parametrize(
    ("rows", "link"),
    [
        (2, '<http://testserver/api/v1/a%2Fb?type=order&offset=6&limit=2>; rel="next"'),
        (1, None),
        (0, None),
    ],
)
def test_next_link(rows: int, link: str | None) -> None:
    request = RequestFactory().get("/api/v1/a/b?type=order&limit=2&offset=4")
    request.raw_path = "/api/v1/a%2Fb"  # type: ignore[attr-defined]  # set by the middleware
    assert next_link(request, page=Page(2, 4), rows=rows) == ({"Link": link} if link else {})
