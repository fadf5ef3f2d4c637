"""GET /api/v1/purchases page by page, in every order: nothing is missed or told twice, whatever arrives meanwhile."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections

from core.models import Site
from purchasing.store.listing import ORDERS
from purchasing.tests.bakers import delete, pay, put
from purchasing.tests.bodies import PURCHASES, faults, order
from tests.callers import ApiCaller, make_caller

CLOCK = [f"2026-01-01T{hour:02}:{minute:02}:00Z" for hour in range(10) for minute in range(60)]


def row_names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["purchase_identifiers"]["internal"] for row in answer.json()]


def next_of(answer: Any) -> str | None:
    if "Link" not in answer:
        return None
    match = re.fullmatch(r'<http://testserver(/[^>]*)>; rel="next"', answer["Link"])
    assert match
    return match[1]


def by_link(api: ApiCaller, address: str, *, between: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    """The pages that `Link` leads through."""
    path: str | None = address
    while path:
        answer = api.get(path)
        yield row_names(answer)
        path = next_of(answer)
        between()


def by_cursor(api: ApiCaller, address: str, *, between: Callable[[], None] = lambda: None) -> Iterator[list[str]]:
    """The pages of a client that takes the cursor out of the `Link` and goes on by itself."""
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(f"{address}{f'&cursor={cursor}' if cursor else ''}")
        yield row_names(answer)
        path = next_of(answer)
        cursor = parse_qs(urlsplit(path).query)["cursor"][0] if path else None
        between()


@pytest.fixture
def varied(site: Site) -> None:
    """Twelve purchases: with and without each date and number, and with equal ones."""
    dates = [
        {"placed_at": "2026-01-03T00:00:00Z", "created_at": "2026-01-01T00:00:00Z"},
        {"placed_at": "2026-01-03T00:00:00Z"},
        {"created_at": "2026-01-02T00:00:00Z"},
        {},
    ]
    for index, number in enumerate(["B", "a", "", "É", "", "10", "9", "", "\U0001f9d7" * 255, "~", "", "Z"]):
        body = order(dates=dates[index % 4], purchase_identifiers={"visible": number})
        put(site, body if index % 2 else {**body, "type": "quote"}, f"P-{index:02}")


@pytest.mark.parametrize("order_by", sorted(ORDERS))
def test_every_order_leads_through_everything_once(api: ApiCaller, site: Site, varied: None, order_by: str) -> None:
    delete(site, "P-05")
    whole = row_names(api.get(f"{PURCHASES}?order_by={order_by}&limit=500"))
    assert sorted(whole) == [f"P-{index:02}" for index in range(12) if index != 5]
    for size in (1, 2, 3, 11):
        pages = list(by_link(api, f"{PURCHASES}?order_by={order_by}&limit={size}"))
        assert [name for page in pages for name in page] == whole
        assert all(len(page) == size for page in pages[:-1])
    turned = order_by[1:] if order_by.startswith("-") else f"-{order_by}"
    assert row_names(api.get(f"{PURCHASES}?order_by={turned}")) == whole[::-1]


def test_what_each_order_is(api: ApiCaller, site: Site) -> None:
    put(site, order(dates={"placed_at": "2026-01-03T00:00:00Z", "created_at": "2026-01-09T00:00:00Z"}), "X")
    put(site, order(type="quote", dates={"created_at": "2026-01-02T00:00:00Z"}), "Y")
    put(site, order(dates={"placed_at": "2026-01-01T00:00:00Z"}), "Z")
    pay(site, "1.00", "X")
    orders = {name: row_names(api.get(f"{PURCHASES}?order_by={name}")) for name in ORDERS if name[0] != "-"}
    assert orders == {
        "placed_at": ["Z", "Y", "X"],
        "created_at": ["Y", "X", "Z"],  # Z says nothing: it was created when it was stored
        "updated_at": ["Y", "Z", "X"],  # a payment is a change
        "visible": ["X", "Y", "Z"],
    }


def test_a_cursor_is_of_one_order(api: ApiCaller, site: Site) -> None:
    for number in range(3):
        put(site, order(), f"P-{number}")
    for given in ORDERS:
        path = next_of(api.get(f"{PURCHASES}?limit=1&order_by={given}"))
        assert path
        cursor = parse_qs(urlsplit(path).query)["cursor"][0]
        for other in ORDERS:
            answer = api.get(f"{PURCHASES}?cursor={cursor}&order_by={other}")
            assert (answer.status_code == 200) == (given == other)
            assert faults(answer) == [("invalid", "cursor")] if given != other else len(answer.json()) == 2


def test_a_poller_by_time_of_change_sees_the_newest_of_everything(api: ApiCaller, site: Site) -> None:
    """What changes while it reads comes again, later; nothing is left out."""
    for number in range(20):
        put(site, order(), f"P-{number:02}")
    changing = iter(range(20))

    def pay_one() -> None:
        number = next(changing, None)
        if number is not None:
            pay(site, "1.00", f"P-{number:02}")

    last: dict[str, Any] = {}
    path: str | None = f"{PURCHASES}?order_by=updated_at&limit=3"
    while path:
        answer = api.get(path)
        last |= {row["purchase_identifiers"]["internal"]: row["calculated_payment"]["paid"] for row in answer.json()}
        path = next_of(answer)
        if path:
            pay_one()
    paid = {
        row["purchase_identifiers"]["internal"]: row["calculated_payment"]["paid"] for row in api.get(PURCHASES).json()
    }
    assert last == paid


class TestWhileOthersAreStored:
    """A thousand purchases are read while another connection stores new ones before, between and after them."""

    @pytest.mark.django_db(transaction=True)
    def test_none_is_missed_and_none_comes_twice(self, site: Site) -> None:
        """Whether `Link` is followed, from a first page asked for by an offset too, or the cursor taken out of it."""
        thousand = {f"A-{number}" for number in range(1000)}
        for number in range(1000):
            put(site, order(dates={"placed_at": CLOCK[number % 500]}), f"A-{number}")
        stored, done = threading.Semaphore(0), threading.Event()

        def store() -> None:
            try:
                for number in itertools.count():
                    for placed_at in ("2026-01-01T09:59:00Z", CLOCK[number * 37 % 500], "2025-12-31T00:00:00Z"):
                        if done.is_set():
                            return
                        put(site, order(dates={"placed_at": placed_at}), f"late-{number}-{placed_at}")
                    stored.release()
            finally:
                connections.close_all()

        def read(way: Callable[..., Iterator[list[str]]], start: str) -> list[list[str]]:
            return list(way(api, f"{PURCHASES}?limit=100{start}", between=lambda: stored.acquire(timeout=30)))

        writer = threading.Thread(target=store)
        writer.start()
        try:
            api = make_caller(site)
            readings = [read(by_link, ""), read(by_link, "&offset=0"), read(by_cursor, "")]
        finally:
            done.set()
            writer.join(60)
        for pages in readings:
            seen = [name for page in pages for name in page]
            assert len(pages) >= 10
            assert any(name.startswith("late") for name in seen)
            assert len(seen) == len(set(seen))
            assert thousand <= set(seen)

    @pytest.mark.django_db(transaction=True)
    def test_by_offset_what_is_stored_in_front_pushes_rows_onto_the_next_page(self, site: Site) -> None:
        """The twin: a client that counts for itself reads a row twice; hence the `Link` never counts."""
        api = make_caller(site)
        for number in range(6):
            put(site, order(dates={"placed_at": CLOCK[number]}), f"A-{number}")
        first = row_names(api.get(f"{PURCHASES}?limit=3&offset=0"))
        put(site, order(dates={"placed_at": CLOCK[60]}), "late")
        second = row_names(api.get(f"{PURCHASES}?limit=3&offset=3"))
        assert (first, second) == (["A-5", "A-4", "A-3"], ["A-3", "A-2", "A-1"])
