"""The operations that are measured, as calls. Those that the bare handler does too mean the same to both servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

from bench.load import Call
from bench.pricing import price_calls
from purchasing.demo.ten_lines import ten_lines, visible_id

if TYPE_CHECKING:
    from bench.cast import Cast

FIRST_NUMBER = 900_000_000
"""Purchases of the benchmark bear numbers that the filled ones do not reach."""
PER_RUN, PER_ROUND = 1_000_000, 20_000
"""So many numbers belong to one run on a database, and to one of its rounds."""
PLACED = datetime(2026, 6, 1, 9, tzinfo=UTC)
PAGE = 50
MANY, FEW = 1_000, 100
"""Purchases in one bulk call, and in a smaller one to see that the cost of each is the same."""
BULK_AT, LARGEST_AT = 5_000, 9_000
"""Where the numbers of these begin, within a round's."""

NEW, REPLACED, SAME = "PUT purchase, new", "PUT purchase, replaced", "the same PUT again"
GET, LIST, DEEP = "GET one", "list 50 of a customer, newest", "list 50 of a customer, a page far behind by cursor"
PAY, PAY_LARGEST = "PUT transaction, applied", "PUT transaction, applied, the largest account"
BULK, BULK_FEW = "bulk, 1,000 purchases in one call, each", "bulk, 100 purchases in one call, each"
PRICES, PRICES_FEW = "pricing PATCH, 5,000 rows", "pricing PATCH, 1,000 rows"
OFFICE, ACCOUNT = "admin purchase page, 20 × 10 lines", "My account, 50 orders"
SEARCH = "search: "
"""What every kind of search is called by begins so."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`of_each`: so many things are done by one call, and the cost is that of each. `elapsed`: time and not CPU."""

    name: str
    calls: Callable[[Sequence[int], Cast], Sequence[Call]]
    on_bare: bool = False
    of_each: int = 1
    elapsed: bool = False


def put_new(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [_put(number, cast.customers, variant=number % 4) for number in numbers]


def put_replaced(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [_put(number, cast.customers, variant=number % 4 + 1) for number in numbers]


def get_one(numbers: Sequence[int], _cast: Cast) -> list[Call]:
    return [Call("GET", f"/api/v1/purchases/visible/{visible_id(number)}") for number in numbers]


def list_newest(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [_list(cast.busy[number % len(cast.busy)]) for number in numbers]


def list_deep(numbers: Sequence[int], cast: Cast) -> list[Call]:
    pages = list(cast.deep.items())
    return [_list(customer, cursor=cursor) for customer, cursor in (pages[number % len(pages)] for number in numbers)]


def pay(numbers: Sequence[int], _cast: Cast) -> list[Call]:
    return [_pay(number) for number in numbers]


def put_of_largest(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [_put(number + LARGEST_AT, [cast.largest], variant=0) for number in numbers]


def pay_of_largest(numbers: Sequence[int], _cast: Cast) -> list[Call]:
    return [_pay(number + LARGEST_AT) for number in numbers]


def bulk(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [_bulk(numbers[0] + BULK_AT, MANY, cast.customers)]


def bulk_few(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [_bulk(numbers[0] + BULK_AT + MANY + FEW * call, FEW, cast.customers) for call in range(len(numbers) // 60)]


def office(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [Call("GET", cast.large_purchase, headers=cast.staff)] * (len(numbers) // 25)


def account(numbers: Sequence[int], cast: Cast) -> list[Call]:
    return [Call("GET", "/account/orders/", headers=cast.buyer)] * (len(numbers) // 12)


def _searching(kind: str) -> Operation:
    def calls(_numbers: Sequence[int], cast: Cast) -> list[Call]:
        texts = cast.searches[kind]
        return [Call("GET", f"/api/v1/purchases?{urlencode({'search': text, 'limit': PAGE})}") for text in texts]

    return Operation(SEARCH + kind, calls, elapsed=True)


SEARCHES = (
    *("a number", "its beginning", "a PO", "its beginning or a word", "a SKU", "the beginning of SKUs"),
    *("a word", "the beginning of a word", "two words"),
)
OPERATIONS = (
    Operation(NEW, put_new, on_bare=True),
    Operation(REPLACED, put_replaced, on_bare=True),
    Operation(SAME, put_replaced, on_bare=True),
    Operation(GET, get_one, on_bare=True),
    Operation(LIST, list_newest, on_bare=True),
    Operation(DEEP, list_deep),
    Operation(PAY, pay, on_bare=True),
    Operation("orders of the largest account", put_of_largest),
    Operation(PAY_LARGEST, pay_of_largest),
    Operation(BULK, bulk, of_each=MANY),
    Operation(BULK_FEW, bulk_few, of_each=FEW),
    Operation(PRICES, lambda numbers, _cast: price_calls(numbers[0], 5_000)),
    Operation(PRICES_FEW, lambda numbers, _cast: price_calls(numbers[0], 1_000)),
    Operation(OFFICE, office),
    Operation(ACCOUNT, account),
    *map(_searching, SEARCHES),
)
"""In this order: each works on what the ones before it have stored."""


def large_purchase(number: int, customer: str, *, packages: int, lines: int) -> Call:
    """One of so many packages, each of so many lines."""
    body = _body(number, customer, variant=0)
    first = body["packages"][0]
    items = [item for package in body["packages"] for item in package["line_items"]][:lines]
    body["packages"] = [{**first, "line_items": items} for _package in range(packages)]
    return _put_body(number, body)


def _list(customer: str, **more: str) -> Call:
    query = urlencode({"customer_identifiers[sparklayer]": customer, "limit": PAGE, **more})
    return Call("GET", f"/api/v1/purchases?{query}")


def _pay(number: int) -> Call:
    visible = visible_id(number)
    body = {"platform_id": f"PAY-{visible}", "total": "10.00", "currency_code": "GBP", "apply_to_balance": True}
    return Call("PUT", f"/api/v1/purchases/visible/{visible}/transactions", orjson.dumps(body))


def _put(number: int, customers: Sequence[str], *, variant: int) -> Call:
    return _put_body(number, _body(number, customers[number % len(customers)], variant=variant))


def _put_body(number: int, body: dict[str, Any]) -> Call:
    return Call("PUT", f"/api/v1/purchases/visible/{visible_id(number)}", orjson.dumps(body))


def _bulk(first: int, count: int, customers: Sequence[str]) -> Call:
    bodies = [
        _body(number, customers[number % len(customers)], variant=number % 4) for number in range(first, first + count)
    ]
    return Call("POST", "/api/v1/purchases/bulk", orjson.dumps(bodies))


def _body(number: int, customer: str, *, variant: int) -> dict[str, Any]:
    placed_at = (PLACED + timedelta(minutes=number % 100_000)).isoformat()
    return ten_lines(number, customer=customer, placed_at=placed_at, payment_method="on_account", variant=variant)
