"""Django's PostgreSQL backend, with health checks that do not ask before every request, and statements sent together.

A connection that answered within the last second, and has had no error since, is taken to be alive. One that
has died since fails a request (503, `Retry-After`), is closed by that failure and opened anew for the next.

What a transaction writes by `core.sql.run` waits for whatever is asked next, at the latest the commit, and goes there
along with it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base

from core.postgres.exchange import Call, Rows, exchange_of

TRUSTED_SECONDS = 1.0
NOTHING_PREPARED = ("ALTER", "DROP", "ROLLBACK", "DISCARD", "DEALLOCATE")
"""After these the driver closes all that is prepared on the connection."""


class Cursor(base.ServerBindingCursor):
    """Django's cursor, which says so when nothing is prepared any more."""

    def execute(self, *args: Any, **kwargs: Any) -> Cursor:
        super().execute(*args, **kwargs)  # type: ignore[misc]  # the stubs know no cursor of psycopg 3
        message: str = self.statusmessage or ""  # type: ignore[attr-defined]
        if message.startswith(NOTHING_PREPARED):
            exchange_of(self.connection).forget()  # type: ignore[attr-defined]
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """`is_usable` remembers its last good answer for a second; `send` and `post` are for `core.sql`."""

    _answered_at = float("-inf")
    _waiting: list[Call]

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
        if self.connection.prepare_threshold is not None:
            self.connection.cursor_factory = Cursor

    def send(self, calls: Sequence[Call]) -> list[Rows]:
        """Run these, behind what waits, in one exchange; answers the rows of each. Raises Django's errors."""
        self.ensure_connection()
        self.validate_no_broken_transaction()
        waiting, self._waiting = self._waiting, []
        with self.wrap_database_errors:
            return exchange_of(self.connection).send([*waiting, *calls])[len(waiting) :]

    def post(self, call: Call) -> None:
        """Run this, within a transaction when the next exchange takes place. Its errors are raised there."""
        self.ensure_connection()
        self.validate_no_broken_transaction()
        self._waiting.append(call)
        if not self.in_atomic_block:
            self.send([])

    def create_cursor(self, name: str | None = None) -> Any:
        if self._waiting:
            self.send([])
        return super().create_cursor(name)

    def _commit(self) -> None:
        if not self._waiting:
            super()._commit()  # type: ignore[misc]
            return
        waiting, self._waiting = self._waiting, []
        with self.wrap_database_errors:
            exchange_of(self.connection).send(waiting, commit=True)

    def _rollback(self) -> None:
        self._waiting = []
        if self.connection is not None:
            exchange_of(self.connection).forget()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._waiting = []
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def close(self) -> None:
        self._waiting = []
        super().close()
