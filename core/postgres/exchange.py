"""Statements sent to PostgreSQL together and answered together: one exchange, whatever their number.

The driver's cursor waits for each answer before it sends the next statement, and asks anew each time how every value is
written. Here all values are text, whose type PostgreSQL knows from where they stand; what it answers is binary, and
read by the driver. A statement that is asked for a third time is kept prepared on its connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg import generators
from psycopg.abc import Buffer
from psycopg.adapt import Loader, Transformer
from psycopg.pq import ExecStatus, Format, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from core.acting import acting
from core.actors import SYSTEM

USES_BEFORE_PREPARED = 2
PREPARED_MAX = 200
"""Statements kept prepared on one connection; further ones are planned each time."""
OUTDATED = frozenset({"26000", "0A000"})
"""SQLSTATE of a statement that is not prepared any more, or whose tables were changed since."""

Call = tuple[str, Sequence[Any], bool]
"""A statement as PostgreSQL reads it (`$1`, `$2`), its values, and whether it may be prepared."""
Written = tuple[str, list[bytes | None], bool]
"""The same, its values as they are sent."""
Rows = list[tuple[Any, ...]]


class OutdatedStatementError(psycopg.OperationalError):
    """A prepared statement is gone, or its tables are others by now. The same again, in a new transaction, will do."""


class JsonText(Loader):
    """JSON as its text: whoever wants more than to hand it on reads it in the way he needs."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data).removeprefix(b"\x01").decode()  # the version of jsonb's binary form


class Exchange:
    """What is prepared on one connection, and how statements get there. Not for several threads at once."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._prepares = connection.prepare_threshold is not None  # a pooler between would not keep it
        self._names: dict[str, bytes] = {}
        self._uses: dict[str, int] = {}
        self._number = 0
        self._reader = Transformer(connection)  # one for all results: it knows by now how each type is read
        self.told: str | None = str(SYSTEM)
        """Whom the transaction knows as the one who acts; None: it cannot be said."""

    def forget(self) -> None:
        """The connection has nothing prepared any more."""
        self._names.clear()

    def must_tell(self) -> str | None:
        """Who acts, where the transaction has to be told before it writes to the trail; None: it knows."""
        who = str(acting())
        return None if who == self.told else who

    def note_told(self, who: str) -> None:
        """Sent; outside of a transaction it was for the one statement that went along."""
        if not self._connection.autocommit:
            self.told = who

    def send(self, calls: Sequence[Written], *, commit: bool = False) -> list[Rows]:
        """Run the statements in their order and answer the rows of each; opens a transaction unless autocommit is on.

        `commit`: end the transaction behind them. The first error ends it all and is raised, as the driver's; in a
        transaction OutdatedStatementError too.
        """
        try:
            return self._send(calls, commit=commit)
        except OutdatedStatementError:
            if self._connection.autocommit and not commit and len(calls) == 1:
                return self._send(calls, commit=False)
            raise

    def _send(self, calls: Sequence[Written], *, commit: bool) -> list[Rows]:
        pgconn = self._connection.pgconn
        begin = not self._connection.autocommit and pgconn.transaction_status == TransactionStatus.IDLE
        pgconn.enter_pipeline_mode()
        try:
            answers = self._exchange(calls, begin=begin, commit=commit)
            self._raise_first_error(answers)
        finally:
            if pgconn.pipeline_status != PipelineStatus.OFF:
                self._leave()
        return [self._rows(answer) for answer in answers[begin : begin + len(calls)]]

    def _exchange(self, calls: Sequence[Written], *, begin: bool, commit: bool) -> list[PGresult]:
        """The results of all that was sent, in its order, without those of preparing."""
        pgconn = self._connection.pgconn
        wanted: list[str | None] = []  # what each result is of: None a statement, else the text that was prepared
        if begin:
            pgconn.send_query_params(b"BEGIN", None)
            wanted.append(None)
        fresh: dict[str, bytes] = {}
        for statement, sent, may_prepare in calls:
            name = self._names.get(statement) or fresh.get(statement)
            if name is None and may_prepare and self._is_worth_preparing(statement):
                self._number += 1
                name = fresh[statement] = b"exchange_%d" % self._number
                pgconn.send_prepare(name, statement.encode())
                wanted.append(statement)
            if name is None:
                pgconn.send_query_params(statement.encode(), sent, result_format=Format.BINARY)
            else:
                pgconn.send_query_prepared(name, sent, result_format=Format.BINARY)
            wanted.append(None)
        if commit:
            pgconn.send_query_params(b"COMMIT", None)
            wanted.append(None)
        pgconn.pipeline_sync()
        connection = self._connection
        if pgconn.flush():
            connection.wait(generators.send(pgconn))
        results = []
        for text in wanted:
            [result] = connection.wait(generators.fetch_many(pgconn))
            if text is None or result.status == ExecStatus.FATAL_ERROR:
                results.append(result)
            elif result.status == ExecStatus.COMMAND_OK:
                self._names[text] = fresh[text]
        connection.wait(generators.fetch_many(pgconn))  # the end of the exchange
        return results

    def _is_worth_preparing(self, statement: str) -> bool:
        uses = self._uses[statement] = self._uses.get(statement, 0) + 1
        return self._prepares and uses > USES_BEFORE_PREPARED and len(self._names) < PREPARED_MAX

    def _raise_first_error(self, results: Iterable[PGresult]) -> None:
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                error = psycopg.errors.error_from_result(result, encoding="utf-8")
                if error.sqlstate in OUTDATED:
                    self.forget()
                    raise OutdatedStatementError(str(error)) from error
                raise error

    def _rows(self, result: PGresult) -> Rows:
        if result.status != ExecStatus.TUPLES_OK or not result.ntuples:
            return []
        self._reader.set_pgresult(result)
        rows = self._reader.load_rows(0, result.ntuples, tuple)
        self._reader.set_pgresult(None)  # it may be large
        return rows

    def _leave(self) -> None:
        """Out of the exchange; a connection on which it was broken off half-way is of no use to anybody."""
        pgconn = self._connection.pgconn
        try:
            pgconn.exit_pipeline_mode()
        except psycopg.Error:
            pgconn.finish()


def exchange_of(connection: psycopg.Connection[Any]) -> Exchange:
    """The exchange of a connection, as long as it lives, whoever uses it (a pool hands connections on)."""
    exchange = getattr(connection, "exchange", None)
    if exchange is None:
        connection.adapters.register_loader("json", JsonText)
        connection.adapters.register_loader("jsonb", JsonText)
        exchange = connection.exchange = Exchange(connection)  # type: ignore[attr-defined]
    return exchange


def written(call: Call) -> Written:
    """The call with its values as they are sent. Raises psycopg.DataError for NUL, which no text there can hold."""
    statement, values, may_prepare = call
    return statement, [_text(value) for value in values], may_prepare


def _text(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return f"{{{','.join([_item(item) for item in value])}}}".encode()
    return _word(value).encode()


def _word(value: Any) -> str:
    if isinstance(value, str):
        if "\0" in value:
            raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | UUID | Decimal):
        return str(value)
    if isinstance(value, date):  # date-times are dates too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written to the database this way")


def _item(value: Any) -> str:
    """An element of an array: a text in quotes."""
    if value is None:
        return "NULL"
    word = _word(value)
    if not isinstance(value, str):
        return word
    if "\\" in word or '"' in word:
        word = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{word}"'
