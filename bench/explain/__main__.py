"""`python -m bench.explain`: asks every list for everything it can be asked for, and writes docs/explain.md.

Against the database of DATABASE_URL, filled by `manage.py demo --scale 1000000`, which it leaves as it was. Of each
statement the plan that PostgreSQL really takes is read: for one that is kept prepared, that of its sixth execution.
Ends with code 1 when a large table is read from its first row on.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

LARGE = 20_000
"""Rows of a table whose reading is shown."""
PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "explain.md"
EXPLAIN = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "


def main() -> int:
    os.environ.update(HTTPS="0", DEBUG="0", LOG_LEVEL="ERROR", STATIC_MANIFEST="0", DATABASE_STATEMENT_TIMEOUT="0")
    os.environ.update(DJANGO_SETTINGS_MODULE="sparkproject.settings", SECRET_KEY=secrets.token_urlsafe(60))
    django.setup()
    from django.db import connection, transaction

    from bench.explain.written import page_of

    with transaction.atomic():
        connection.cursor().execute("SET LOCAL lock_timeout = 0")
        explained = list(_explained())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM purchasing_purchase")
            [purchases] = cursor.fetchone()
        transaction.set_rollback(True)
    connection.close()
    text, whole = page_of(explained, purchases=purchases)
    if not sys.argv[1:]:
        PAGE.write_text(text)
    print(f"{len(explained)} addresses; sequential: {len(whole)}", *whole, sep="\n")
    return int(bool(whole))


def _explained() -> Iterator[tuple[str, str, list[Any]]]:
    """Area, what was asked, and what it read of large tables. Words on the command line choose addresses."""
    from bench.explain.doors import doors

    large = _large_tables()
    for area, browser, asked in doors():
        if all(word in asked.address for word in sys.argv[1:]):
            with _statements() as statements:
                answer: Any = browser.get(asked.address)
                if answer.streaming:
                    next(iter(answer.streaming_content), b"")
            if answer.status_code != 200:
                raise SystemExit(f"bench.explain: {asked.address} was answered {answer.status_code}")
            reads = [read for statement in statements for read in _reads(statement, large)]
            print(f"{asked.address}: {'; '.join(str(read) for read in reads)}", file=sys.stderr, flush=True)
            yield area, asked.shown, reads


def _large_tables() -> frozenset[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [LARGE])
        return frozenset(name for (name,) in cursor.fetchall())


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any, bool | None]]]:
    """Every statement meanwhile, with its values; the last: None for Django's own, else whether it may be prepared."""
    from django.db import connection

    from core.postgres.base import DatabaseWrapper

    seen: list[tuple[str, Any, bool | None]] = []
    send = DatabaseWrapper.send

    def noting(self: DatabaseWrapper, calls: Any) -> Any:
        seen.extend(calls)
        return send(self, calls)

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params, None))
        return execute(sql, params, many, context)

    DatabaseWrapper.send = noting  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(note):
            yield seen
    finally:
        DatabaseWrapper.send = send  # type: ignore[method-assign]


def _reads(statement: tuple[str, Any, bool | None], large: frozenset[str]) -> list[Any]:
    from django.db import connection

    from bench.explain.plans import executed, reads_of
    from core.postgres.exchange import written

    text, values, prepared = statement
    if not text.lstrip(" \n(").startswith(("SELECT", "WITH")) or " FOR " in text[-60:]:
        return []
    with connection.cursor() as cursor:
        if prepared is None:
            cursor.execute(EXPLAIN + text, values)
            return reads_of(_plan(cursor), large)
        _, sent, _ = written((text, values, prepared))
        prepare, execute = executed(text, sent)
        raw = cursor.connection
        raw.execute(f"SET LOCAL plan_cache_mode = {'auto' if prepared else 'force_custom_plan'}")
        raw.execute(prepare.encode(), prepare=False)
        try:
            if prepared:
                for _use in range(5):
                    raw.execute(b"EXPLAIN " + execute.encode(), prepare=False)
            return reads_of(_plan(raw.execute((EXPLAIN + execute).encode(), prepare=False)), large)
        finally:
            raw.execute(b"DEALLOCATE explained")


def _plan(cursor: Any) -> Any:
    import json

    [answer] = cursor.fetchone()
    return (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]


if __name__ == "__main__":
    sys.exit(main())
