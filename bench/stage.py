"""One database with both servers on it, in a process of its own, so that several can be measured in turns."""

from __future__ import annotations

import contextlib
import os
import secrets
from multiprocessing.connection import Connection

import django

from bench.servers import fresh_database, kept_database

WARM_UP_CALLS = 60


def settle(url: str) -> None:
    """Settings for this process and the servers that it starts, on this database."""
    # As in production, but for TLS and hashed static files: whatever else may be set stays at its default.
    os.environ.update(DATABASE_URL=url, HTTPS="0", DEBUG="0", LOG_LEVEL="WARNING", STATIC_MANIFEST="0")
    os.environ.update(DJANGO_SETTINGS_MODULE="sparkproject.settings", SECRET_KEY=secrets.token_urlsafe(60))
    django.setup()


def perform(pipe: Connection, *, purchases: int, keep: bool, calls: int, searches: int, prices: int) -> None:
    """Fill a database (`keep`: unless one that is filled was kept) and serve it; then answer what the pipe asks for.

    A number: the costs of that round, `(whose, operation, milliseconds)` each. None: what else there is to tell, and
    the end.
    """
    with contextlib.ExitStack() as stack:
        if keep:
            url, postmaster, note = stack.enter_context(kept_database(purchases))
        else:
            url, postmaster = stack.enter_context(fresh_database())
            note = None
        settle(url)
        from bench.fill import fill, migrate  # noqa: PLC0415  # these need settings
        from bench.measuring import Measuring  # noqa: PLC0415

        migrate()
        if note is None or not note.exists():
            fill(purchases)
        if note is not None:
            note.write_text(str(purchases))
        measuring = Measuring(stack, postmaster, calls=calls, searches=searches, prices=prices)
        measuring.warm_up(WARM_UP_CALLS)
        pipe.send("ready")
        with contextlib.suppress(EOFError):  # whoever asks is gone
            while (number := pipe.recv()) is not None:
                pipe.send(measuring.round(number))
            pipe.send(measuring.circumstances())
