"""How many statements a call sends to PostgreSQL, counted within this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from bench.cast import Cast
from bench.load import OK, Call
from bench.pricing import price_calls
from bench.scenarios import ACCOUNT, OFFICE, PRICES


def count_statements(cast: Cast, program: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """For few rows and for many, of each operation whose target names them."""
    counted = {
        PRICES: tuple(_count([price_calls(price, rows)[0] for price in (1, 2)], program) for rows in (1_000, 5_000)),
        OFFICE: tuple(
            _count([Call("GET", page)] * 2, cast.staff) for page in (cast.small_purchase, cast.large_purchase)
        ),
        ACCOUNT: tuple(_count([Call("GET", "/account/orders/")] * 2, who) for who in (cast.new_buyer, cast.buyer)),
    }
    connection.close()
    return {name: (few, many) for name, (few, many) in counted.items()}


def _count(calls: Sequence[Call], headers: Mapping[str, str]) -> int:
    """Of the last call: what is looked up once is known then."""
    browser = Browser(SERVER_NAME="localhost", headers=headers)
    for call in calls:
        with CaptureQueriesContext(connection) as queries:
            answer = browser.generic(call.method, call.path, call.body, "application/json", RAW_URI=call.path)
        if answer.status_code not in OK:
            raise SystemExit(f"bench: {call.path} was answered {answer.status_code}.")
    return len(queries)
