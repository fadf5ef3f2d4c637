"""The operations that are compared, as calls that mean the same to both servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import orjson

from bench.load import Call
from purchasing.demo.ten_lines import ten_lines, visible_id

FIRST_NUMBER = 900_000_000
"""Purchases of the benchmark bear numbers that the filled ones do not reach."""
PLACED = datetime(2026, 6, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Operation:
    """`limit`: what ours may cost at most, as a multiple of the bare handler, or of our own operation `of`."""

    name: str
    limit: float
    calls: Callable[[Sequence[int], Sequence[str]], Iterator[Call]]
    of: str = ""


def put_new(numbers: Sequence[int], customers: Sequence[str]) -> Iterator[Call]:
    return (_put(number, customers, variant=number % 4) for number in numbers)


def put_replaced(numbers: Sequence[int], customers: Sequence[str]) -> Iterator[Call]:
    return (_put(number, customers, variant=number % 4 + 1) for number in numbers)


def get_one(numbers: Sequence[int], _customers: Sequence[str]) -> Iterator[Call]:
    return (Call("GET", f"/api/v1/purchases/visible/{visible_id(number)}") for number in numbers)


def list_of_customer(numbers: Sequence[int], customers: Sequence[str]) -> Iterator[Call]:
    name = quote("customer_identifiers[sparklayer]", safe="")
    return (
        Call("GET", f"/api/v1/purchases?{name}={customers[number % len(customers)]}&limit=50") for number in numbers
    )


def pay(numbers: Sequence[int], _customers: Sequence[str]) -> Iterator[Call]:
    for number in numbers:
        visible = visible_id(number)
        body = {"platform_id": f"PAY-{visible}", "total": "10.00", "currency_code": "GBP", "apply_to_balance": True}
        yield Call("PUT", f"/api/v1/purchases/visible/{visible}/transactions", orjson.dumps(body))


OPERATIONS = (
    Operation("PUT purchase, new", 2.0, put_new),
    Operation("PUT purchase, replaced", 2.0, put_replaced),
    Operation("the same PUT again", 0.6, put_replaced, of="PUT purchase, replaced"),
    Operation("GET one", 2.5, get_one),
    Operation("list 50 of a customer", 2.0, list_of_customer),
    Operation("PUT transaction, applied", 4.0, pay),
)
"""In this order: each works on what the ones before it have stored. The limits are the project's own targets."""


def _put(number: int, customers: Sequence[str], *, variant: int) -> Call:
    body = ten_lines(
        number,
        customer=customers[number % len(customers)],
        placed_at=(PLACED + timedelta(minutes=number % 100_000)).isoformat(),
        payment_method="on_account",
        variant=variant,
    )
    return Call("PUT", f"/api/v1/purchases/visible/{visible_id(number)}", orjson.dumps(body))
