"""An acknowledged write is there: no process serves from a database that may forget what it has confirmed."""

from __future__ import annotations

from django.db import connection

NEEDED = {
    "fsync": "a crash of the machine may lose or damage everything",
    "synchronous_commit": "confirmed purchases and payments may be missing after a crash",
}


class NotDurable(RuntimeError):
    """The database is set up to forget; the message names the setting, the danger and the remedy."""


def refuse_unless_durable() -> None:
    """Raise `NotDurable` when `fsync` or `synchronous_commit` is off for this connection.

    Asked before the first request or job of every process that serves. `django.db.OperationalError` when the database
    is away.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        values = dict(zip(NEEDED, cursor.fetchone(), strict=True))
    for name, value in values.items():
        if value == "off":
            raise NotDurable(
                f"The database has {name} = off: {NEEDED[name]}. Run `ALTER SYSTEM RESET {name}; "
                f"SELECT pg_reload_conf();`, and `ALTER ROLE … RESET {name};` if it is set there, and start again."
            )
