"""SQL of the hot path: statements as PostgreSQL reads them (`$1`, `$2`), in the caller's transaction.

Django's own cursor translates `%s` in every statement anew, which for the longest ones costs more than running them,
and waits for every answer. Here what writes goes along with what is asked next, or with the commit (`core.postgres`).
What is asked by a request that only reads may go to a replica (`core.replica`), in one place, `_database`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections

from core.postgres.base import DatabaseWrapper
from core.postgres.exchange import Rows
from core.replica.reading import database_to_read, note_writing


def fetch(statement: str, values: Sequence[Any], *, prepare: bool = True) -> Rows:
    """Run one statement and answer its rows. Its text is one of a fixed few: PostgreSQL keeps those prepared.

    `prepare=False` has it planned for these values each time, for a statement whose best plan depends on them.

    JSON is answered as its text. Errors are Django's (`django.db.IntegrityError` and the like), those of earlier `run`
    included.
    """
    return _database(database_to_read(), statement).send([(statement, values, prepare)])[0]


def fetch_together(*calls: tuple[str, Sequence[Any]], prepare: bool = True) -> list[Rows]:
    """The rows of several statements, run one after the other, each seeing what the ones before it waited for.

    `prepare`: as of `fetch`, for all of them.
    """
    alias = database_to_read()
    for statement, _values in calls:
        database = _database(alias, statement)
    return database.send([(statement, values, prepare) for statement, values in calls])


def run(statement: str, values: Sequence[Any]) -> None:
    """Run one statement whose answer nobody waits for: in a transaction with what comes next, at the latest the commit.

    What it raises is raised there.
    """
    note_writing()
    _database(DEFAULT_DB_ALIAS, statement).post((statement, values, True))


def _database(alias: str, statement: str) -> DatabaseWrapper:
    database = cast("DatabaseWrapper", connections[alias])
    if database.queries_logged:
        database.queries_log.append({"sql": statement, "time": "0"})
    return database
