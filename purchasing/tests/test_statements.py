"""How many statements a request is, as the database itself logs them: those sent in a pipeline count too.

`log_statement` may be switched on by a superuser only, which the role of the test server is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg.errors import Diagnostic

from customers.models import Customer
from pricing.tests.rates import publish
from purchasing.store.payments import _WRITE_PAYMENT
from purchasing.tests.bakers import line, on_account, order, package
from tests.callers import ApiCaller

PURCHASE = "/api/v1/purchases/internal/A-1"
TRANSACTION = {"platform_id": "t1", "total": "10", "currency_code": "GBP", "apply_to_balance": True}
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class Log:
    """Statements in the order the server began them."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def note(self, diagnostic: Diagnostic) -> None:
        kind, _, text = (diagnostic.message_primary or "").partition(": ")
        if kind.startswith(("statement", "execute")) and not text.lstrip().upper().startswith(NOT_COUNTED):
            self.statements.append(" ".join(text.split()))

    @property
    def look_ups(self) -> list[str]:
        return [text for text in self.statements if self._reads(text)]

    @property
    def others(self) -> list[str]:
        """What writes, and what takes numbers."""
        return [text for text in self.statements if not self._reads(text)]

    @staticmethod
    def _reads(text: str) -> bool:
        return not any(word in text for word in ("INSERT ", "UPDATE ", "DELETE ", "nextval(")) or (
            text.startswith("SELECT") and "FOR NO KEY UPDATE" in text
        )


@contextmanager
def server_log() -> Iterator[Log]:
    """What the server logs of this connection while the block lasts: it sends its log lines to the client."""
    log = Log()
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SET client_min_messages = log; SET log_statement = 'all'")
    connection.connection.add_notice_handler(log.note)
    try:
        yield log
    finally:
        connection.connection.remove_notice_handler(log.note)
        with connection.cursor() as cursor:
            cursor.execute("RESET log_statement; RESET client_min_messages")


def put(api: ApiCaller, body: dict[str, Any]) -> Log:
    with server_log() as log:
        assert api.put(PURCHASE, json=body).status_code == 200
    return log


def goods(lines: int, *, sku: str = "S", packages: int = 1) -> list[dict[str, Any]]:
    return [
        package(*[line(sku=f"{sku}{place}-{number}") for number in range(lines)], shipping="5")
        for place in range(packages)
    ]


@pytest.mark.parametrize(("lines", "packages"), [(1, 1), (20, 1), (200, 1), (20, 10)])
def test_the_number_of_statements_does_not_grow_with_the_document(
    api: ApiCaller, company: Customer, lines: int, packages: int
) -> None:
    def body(sku: str, **members: Any) -> dict[str, Any]:
        return on_account(*goods(lines, sku=sku, packages=packages), customer=company, **members)

    born = put(api, body("A"))
    replaced = put(api, body("B"))
    referred = put(api, body("B", customer_reference="PO 7"))
    repeated = put(api, body("B", customer_reference="PO 7"))

    counts = [(len(log.others), len(log.look_ups)) for log in (born, replaced, referred, repeated)]
    # Numbers, the purchase with all that belongs to it, the charge; then numbers and purchase; the purchase; nothing.
    assert counts == [(3, 2), (2, 2), (1, 2), (0, 2)], [log.statements for log in (born, replaced, referred, repeated)]


def test_an_exchange_rate_is_found_on_the_way_and_asked_for_only_when_it_can_be_another(
    api: ApiCaller, company: Customer
) -> None:
    for code in ("GBP", "EUR"):
        publish("1.25", code, day=date(2026, 3, 2))

    def body(currency: str = "GBP", at: str = "2026-03-02T09:00:00Z", **members: Any) -> dict[str, Any]:
        goods = package(*[line(sku=f"S{number}", currency=currency) for number in range(5)])
        return on_account(goods, customer=company, dates={"placed_at": at}, **members)

    born = put(api, body())
    referred = put(api, body(customer_reference="PO 7"))
    repeated = put(api, body(customer_reference="PO 7"))
    placed = put(api, body(at="2026-03-03T09:00:00Z"))
    converted = put(api, body("EUR", at="2026-03-03T09:00:00Z"))
    in_dollars = put(api, body("USD", at="2026-03-03T09:00:00Z"))

    logs = (born, referred, repeated, placed, converted, in_dollars)
    asked = [sum("pricing_exchangerate" in text for text in log.statements) for log in logs]
    assert asked == [1, 0, 0, 1, 1, 0], [log.statements for log in logs]
    assert [(len(log.others), len(log.look_ups)) for log in logs[:4]] == [(3, 2), (1, 2), (0, 2), (2, 2)]
    assert [(len(log.others), len(log.look_ups)) for log in (converted, in_dollars)] == [(4, 2), (3, 2)]


def test_no_put_is_more_than_four(api: ApiCaller, company: Customer, summit: Customer) -> None:
    """The most there is to do: new lines, a charge that moves, payments that get their first customer."""
    put(api, on_account(*goods(3)))
    assert api.put(f"{PURCHASE}/transactions", json=TRANSACTION).status_code == 200
    first_customer = put(api, on_account(*goods(5), customer=company))
    assert api.put(f"{PURCHASE}/transactions", json=TRANSACTION | {"apply_to_balance": False}).status_code == 200
    moved = put(api, on_account(*goods(7), customer=summit))

    assert (len(first_customer.others), len(first_customer.look_ups)) == (4, 3), first_customer.statements
    # The customer it had is not named by the new document: he is looked up by himself.
    assert (len(moved.others), len(moved.look_ups)) == (4, 3), moved.statements


def test_reading_is_one(api: ApiCaller) -> None:
    put(api, order(*goods(200)))
    with server_log() as log:
        assert api.get(PURCHASE).status_code == 200
    assert (len(log.others), len(log.look_ups)) == (0, 1), log.statements


@pytest.mark.parametrize("others", [0, 20])
def test_a_payment_is_as_many_whatever_stands_beside_it(api: ApiCaller, company: Customer, others: int) -> None:
    put(api, on_account(*goods(3), customer=company))
    for number in range(others):
        api.put(f"{PURCHASE}/transactions", json=TRANSACTION | {"platform_id": f"o{number}"})
    with server_log() as log:
        assert api.put(f"{PURCHASE}/transactions", json=TRANSACTION).status_code == 200
    # The transaction, what follows on the purchase, the entry.
    assert len(log.others) == 3, log.statements
    assert len(log.look_ups) <= 5, log.statements


def test_a_list_is_as_many_with_one_row_as_with_twenty(api: ApiCaller, company: Customer) -> None:
    counts = []
    for number in range(20):
        api.put(f"/api/v1/purchases/internal/L-{number}", json=on_account(customer=company))
        if number in (0, 19):
            with server_log() as log:
                assert len(api.get("/api/v1/purchases").json()) == number + 1
            counts.append(len(log.statements))
    assert counts == [1, 1]


def test_the_log_sees_pipelined_statements(db: None) -> None:
    with server_log() as log, connection.cursor() as cursor, connection.connection.pipeline():
        for number in (1, 2, 3):
            cursor.execute("SELECT %s::integer", [number])
    assert len(log.statements) == 3


def test_a_payment_is_settled_without_reading_the_payments_of_others(api: ApiCaller, company: Customer) -> None:
    """By the plan that PostgreSQL keeps for any number of transactions, among thousands of other purchases."""
    put(api, on_account(*goods(1), customer=company))
    assert api.put(f"{PURCHASE}/transactions", json=TRANSACTION).status_code == 200
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO purchasing_purchasetransaction SELECT (jsonb_populate_record(one, jsonb_build_object("
            "'id', gen_random_uuid(), 'purchase_id', one.purchase_id + n))).* "
            "FROM purchasing_purchasetransaction AS one, generate_series(1, 5000) AS n"
        )
        cursor.execute("ANALYZE purchasing_purchasetransaction")
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        driver = connection.connection
        driver.execute(f"PREPARE settling AS {_WRITE_PAYMENT}".encode(), prepare=False)
        plan = str(driver.execute(b"EXPLAIN EXECUTE settling(1, 2, '{}', '[]')", prepare=False).fetchall())
        driver.execute(b"DEALLOCATE settling")
        transaction.set_rollback(True)  # payments that are nothing but rows would not stand in the books
    assert "on purchasing_purchasetransaction" in plan
    assert "Seq Scan on purchasing_purchasetransaction" not in plan
