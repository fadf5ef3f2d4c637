"""Migrations that build and drop indexes while others read and write, however long these take.

To build an index beside its readers and writers, PostgreSQL waits for every transaction that was there before, such as
that of a nightly dump or an import. It counts that as waiting for a lock, so a connection's limit (`lock_timeout`)
would end it and leave an index that is never used, in the way of the next attempt. Here such a statement waits without
a limit (readers and writers do not wait for it), and what an earlier attempt left is dropped first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres import operations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


@contextmanager
def _without_limit(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """Statements may wait for locks without end; afterwards as long as the connection's settings say."""
    schema_editor.execute("SET lock_timeout = 0")
    try:
        yield
    finally:
        schema_editor.execute("RESET lock_timeout")


class AddIndexConcurrently(operations.AddIndexConcurrently):
    """Django's, without a limit on its waiting, and repeatable after it was cut short.

    Whatever has the index's name is dropped first, a finished index as well: only what is built here is known to be as
    the migration says.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        with _without_limit(schema_editor):
            super().database_backwards(app_label, schema_editor, to_state, from_state)
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        with _without_limit(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class RemoveIndexConcurrently(operations.RemoveIndexConcurrently):
    """Django's, likewise: dropping waits for those who read the table. What is gone already stays gone."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        with _without_limit(schema_editor):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        with _without_limit(schema_editor):
            super().database_forwards(app_label, schema_editor, to_state, from_state)
            super().database_backwards(app_label, schema_editor, from_state, to_state)
