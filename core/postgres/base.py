"""Django's PostgreSQL backend, with health checks that do not ask before every request, and statements sent together.

A connection that answered within the last second, and has had no error since, is taken to be alive. One that
has died since fails a request (503, `Retry-After`), is closed by that failure and opened anew for the next.

What a transaction writes by `core.sql.run` waits for whatever is asked next, at the latest the commit, and goes there
along with it. So does who acts, where the statements write to tables that keep a trail (`core.trail`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base

from core.actors import SYSTEM
from core.postgres.exchange import Call, Rows, Written, exchange_of, written
from core.trail import TELL, is_written_to, is_written_within

TRUSTED_SECONDS = 1.0
NOTHING_PREPARED = ("ALTER", "DROP", "ROLLBACK", "DISCARD", "DEALLOCATE")
"""After these the driver closes all that is prepared on the connection."""


class _Telling:
    """Before a cursor: what writes to the trail goes out together with who acts, in one exchange."""

    def execute(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        who = None
        if isinstance(query, str) and is_written_to(query):
            exchange = exchange_of(self.connection)
            who = exchange.must_tell()
        if who is None:
            return super().execute(query, *args, **kwargs)  # type: ignore[misc]  # a cursor's
        with self.connection.pipeline():
            self.connection.execute(TELL.replace("$1", "%s"), [who])
            super().execute(query, *args, **kwargs)  # type: ignore[misc]  # a cursor's
        exchange.note_told(who)
        return self


class PlainCursor(_Telling, base.Cursor):
    """Django's cursor where nothing is prepared."""


class Cursor(_Telling, base.ServerBindingCursor):
    """Django's cursor, which says so when nothing is prepared any more."""

    def execute(self, *args: Any, **kwargs: Any) -> Cursor:
        super().execute(*args, **kwargs)
        message: str = self.statusmessage or ""  # type: ignore[attr-defined]
        if message.startswith(NOTHING_PREPARED):
            exchange_of(self.connection).forget()  # type: ignore[attr-defined]
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """`is_usable` remembers its last good answer for a second; `send` and `post` are for `core.sql`."""

    _answered_at = float("-inf")
    _waiting: list[Written]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = []

    def is_usable(self) -> bool:
        if not self.errors_occurred and time.monotonic() - self._answered_at < TRUSTED_SECONDS:
            return True
        usable: bool = super().is_usable()
        if usable:
            self._answered_at = time.monotonic()
        return usable

    def connect(self) -> None:
        self._answered_at = float("-inf")
        super().connect()
        prepares = self.connection.prepare_threshold is not None
        self.connection.cursor_factory = Cursor if prepares else PlainCursor

    def send(self, calls: Sequence[Call]) -> list[Rows]:
        """Run these, behind what waits, in one exchange; answers the rows of each. Raises Django's errors."""
        self.ensure_connection()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            asked = [written(call) for call in calls]
            waiting, self._waiting = self._waiting, []
            waiting = self._with_who_acts(waiting, asked)
            return exchange_of(self.connection).send([*waiting, *asked])[len(waiting) :]

    def post(self, call: Call) -> None:
        """Run this, within a transaction when the next exchange takes place. Its errors are raised there."""
        self.ensure_connection()
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            self._waiting.append(written(call))
        if not self.in_atomic_block:
            self.send([])

    def _with_who_acts(self, waiting: list[Written], asked: Sequence[Written] = ()) -> list[Written]:
        """What waits, behind who acts where one of the statements writes to the trail."""
        if not any(is_written_within(statement) for statement, *_rest in (*waiting, *asked)):
            return waiting
        exchange = exchange_of(self.connection)
        who = exchange.must_tell()
        if who is None:
            return waiting
        exchange.note_told(who)
        return [written((TELL, [who], True)), *waiting]

    def _nobody_told(self, known: str | None = str(SYSTEM)) -> None:
        """The transaction has ended; or a part of it was taken back, and nothing is known."""
        if self.connection is not None:
            exchange_of(self.connection).told = known

    def create_cursor(self, name: str | None = None) -> Any:
        if self._waiting:
            self.send([])
        return super().create_cursor(name)

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            if not waiting:
                super()._commit()  # type: ignore[misc]
                return
            with self.wrap_database_errors:
                exchange_of(self.connection).send(self._with_who_acts(waiting), commit=True)
        finally:
            self._nobody_told()

    def _rollback(self) -> None:
        self._waiting = []
        if self.connection is not None:
            exchange_of(self.connection).forget()
        self._nobody_told()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._waiting = []
        self._nobody_told(None)
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def close(self) -> None:
        self._waiting = []
        super().close()
