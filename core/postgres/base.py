"""Django's PostgreSQL backend, with health checks that do not ask before every request.

A connection that answered within the last second, and has had no error since, is taken to be alive. One that
has died since fails a request (503, `Retry-After`), is closed by that failure and opened anew for the next.
"""

from __future__ import annotations

import time

from django.db.backends.postgresql import base

TRUSTED_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """`is_usable` remembers its last good answer for a second."""

    _answered_at = float("-inf")

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
