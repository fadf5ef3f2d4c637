"""Statements that go to PostgreSQL together: their order, their errors, and what is left of a transaction then."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from core import sql
from core.postgres.exchange import PREPARED_MAX
from core.retries import in_transaction

pytestmark = pytest.mark.django_db(transaction=True)
INSERT = "INSERT INTO exchanged VALUES ($1)"


@pytest.fixture(autouse=True)
def _table() -> object:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE exchanged (number integer PRIMARY KEY)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE exchanged")


def stored() -> list[int]:
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        return [number for (number,) in other.execute("SELECT number FROM exchanged ORDER BY number")]


@transaction.atomic
def write(*numbers: int, then: str = "") -> None:
    """All in one transaction; `then`: what is done behind them."""
    for number in numbers:
        sql.run(INSERT, [number])
    if then == "ask":
        sql.fetch("SELECT 1", [])
    elif then == "use Django's cursor":
        connection.cursor().close()
    elif then == "break off":
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "a 'b' \\ \"c\" {d,e} NULL %s"),
        ("text", ""),
        ("text", None),
        ("bigint", 2**62),
        ("bigint", -1),
        ("boolean", True),
        ("boolean", False),
        ("numeric", Decimal("-0.000001")),
        ("numeric", Decimal("99999999999999999999.9999")),
        ("uuid", UUID("0193a5b0-0000-7000-8000-000000000001")),
        ("date", date(9999, 12, 31)),
        ("timestamptz", datetime(1900, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
        ("text[]", ["a", 'b"c', "d\\e", "{f}", "g,h", "", "NULL"]),
        ("bigint[]", [1, -2, 2**40]),
        ("uuid[]", [UUID(int=1)]),
        ("text[]", []),
    ],
)
def test_a_value_comes_back_as_it_was_sent(kind: str, value: object) -> None:
    for _unprepared_then_prepared in range(4):
        assert sql.fetch(f"SELECT $1::{kind}", [value]) == [(value,)]


@pytest.mark.parametrize("kind", ["json", "jsonb"])
def test_json_is_answered_as_its_text(kind: str) -> None:
    assert sql.fetch(f"SELECT $1::{kind}", ['{"a": 1.10}']) == [('{"a": 1.10}',)]


def test_what_no_text_can_hold_is_refused() -> None:
    for value in ("a\0b", ["a\0b"]):
        with pytest.raises(DataError):
            sql.fetch("SELECT $1::text", [value])
    assert sql.fetch("SELECT 1", []) == [(1,)]


def test_what_is_written_is_seen_by_what_is_asked_next() -> None:
    with transaction.atomic():
        sql.run(INSERT, [1])
        sql.run(INSERT, [2])
        assert sql.fetch("SELECT sum(number) FROM exchanged", []) == [(3,)]
        sql.run(INSERT, [3])
        with connection.cursor() as cursor:  # Django's own way sees it too
            cursor.execute("SELECT sum(number) FROM exchanged")
            assert cursor.fetchone() == (6,)
        sql.run(INSERT, [4])
    assert stored() == [1, 2, 3, 4]


def test_outside_a_transaction_it_is_written_at_once() -> None:
    sql.run(INSERT, [1])
    assert stored() == [1]


def test_what_waits_goes_with_the_transaction_that_is_taken_back() -> None:
    with pytest.raises(ZeroDivisionError):
        write(1, then="break off")
    assert stored() == []
    with transaction.atomic():
        sql.run(INSERT, [1])
        with pytest.raises(ZeroDivisionError):
            write(2, then="break off")
        sql.run(INSERT, [3])
    assert stored() == [1, 3]


def test_an_error_at_the_commit_takes_everything_back() -> None:
    sql.run(INSERT, [2])
    with pytest.raises(IntegrityError) as refused:
        write(1, 2, 3)
    assert isinstance(refused.value.__cause__, psycopg.errors.UniqueViolation)
    assert stored() == [2]
    assert connection.get_autocommit()
    assert sql.fetch("SELECT 1", []) == [(1,)]


def test_an_error_is_raised_by_what_comes_next_at_the_latest() -> None:
    sql.run(INSERT, [1])
    for then in ("ask", "use Django's cursor"):
        with pytest.raises(IntegrityError):
            write(1, then=then)
    assert stored() == [1]


def test_a_lost_race_is_tried_again_though_it_showed_at_the_commit() -> None:
    sql.run(INSERT, [1])
    numbers = iter([1, 2])
    in_transaction(lambda: sql.run(INSERT, [next(numbers)]))
    assert stored() == [1, 2]


def test_several_questions_are_answered_in_their_order() -> None:
    with transaction.atomic():
        sql.run(INSERT, [7])
        assert sql.fetch_together(("SELECT number FROM exchanged", []), ("SELECT $1::text", ["x"])) == [
            [(7,)],
            [("x",)],
        ]
    assert sql.fetch_together(("SELECT 1 WHERE false", []), ("SELECT 2", [])) == [[], [(2,)]]


def test_a_statement_that_is_not_prepared_any_more_is_prepared_anew() -> None:
    statement = "SELECT $1::integer + 1"
    for _time in range(4):
        sql.fetch(statement, [1])
    close_all_prepared = psycopg.RawCursor(connection.connection).execute
    close_all_prepared("DEALLOCATE ALL")
    assert sql.fetch(statement, [1]) == [(2,)]
    close_all_prepared("DEALLOCATE ALL")
    with pytest.raises(OperationalError), transaction.atomic():  # of which an earlier part may be lost
        sql.fetch(statement, [1])
    assert in_transaction(lambda: sql.fetch(statement, [1])) == [(2,)]
    for number in range(4):  # a transaction that is taken back leaves nothing prepared
        assert sql.fetch(statement, [number]) == [(number + 1,)]
        with pytest.raises(ZeroDivisionError):
            write(1, then="break off")


def test_a_table_that_changed_meanwhile_is_no_fault_of_the_caller() -> None:
    ask = "SELECT * FROM exchanged"
    for _time in range(4):
        sql.fetch(ask, [])
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("ALTER TABLE exchanged ADD COLUMN text text")
    in_transaction(lambda: sql.run(INSERT.replace(" VALUES", " (number) VALUES"), [1]))
    assert in_transaction(lambda: sql.fetch(ask, [])) == [(1, None)]


def test_no_more_is_kept_prepared_than_its_limit() -> None:
    for number in range(PREPARED_MAX + 5):
        for _time in range(3):
            sql.fetch(f"SELECT {number}", [])
    [(kept,)] = sql.fetch("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'exchange%'", [])
    assert kept == PREPARED_MAX


def test_nothing_waits_on_a_connection_that_is_closed() -> None:
    connection.set_autocommit(False)
    connection.in_atomic_block = True
    sql.run(INSERT, [1])
    connection.in_atomic_block = False
    connection.close()
    connection.ensure_connection()
    assert stored() == []
