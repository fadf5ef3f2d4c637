"""Indexes are built and dropped beside a transaction that lasts longer than the limit on locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.postgres import operations
from django.db import OperationalError, ProgrammingError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from core import concurrent_indexes

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "sites_built_by_a_test"
INDEX = models.Index(fields=["slug", "id"], name=NAME)
AS_IT_SHOULD_BE = [(True, f"CREATE INDEX {NAME} ON public.core_site USING btree (slug, id)")]


@pytest.fixture
def database() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that waits 100 ms for a lock."""
    own = connection.copy()
    own.settings_dict["OPTIONS"]["options"] = "-c lock_timeout=100ms"
    yield own
    asked(own, f"DROP INDEX IF EXISTS {NAME}")
    own.close()


@pytest.fixture
def older(database: BaseDatabaseWrapper) -> Iterator[psycopg.Connection]:
    """Somebody who has begun to read, as a dump does, and does not end."""
    parameters = database.get_connection_params() | {"options": ""}
    other = psycopg.connect(**parameters)
    other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    other.execute("SELECT FROM core_site")
    yield other
    other.close()


def ends_soon(older: psycopg.Connection) -> None:
    """The server ends this transaction in 300 ms."""
    older.execute("SET LOCAL idle_in_transaction_session_timeout = 300")


def has_ended(older: psycopg.Connection) -> bool:
    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        older.execute("SELECT 1")
    return older.closed


def asked(database: BaseDatabaseWrapper, statement: str) -> list[tuple[Any, ...]]:
    with database.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def indexes(database: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
    """Those of the test's name: whether PostgreSQL uses it, and how it is defined."""
    return asked(
        database,
        f"SELECT indisvalid, pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid = to_regclass('{NAME}')",
    )


def migrate(database: BaseDatabaseWrapper, operation: Any, *, back: bool = False) -> None:
    """Apply the operation to the table of sites, or take it back."""
    slug: models.Field[Any, Any] = models.SlugField()
    bare = ProjectState()
    bare.add_model(
        ModelState("core", "Site", {"id": models.BigAutoField(primary_key=True), "slug": slug}, {"indexes": []})
    )
    indexed = bare.clone()
    indexed.add_index("core", "site", INDEX)
    before, after = (bare, indexed) if isinstance(operation, operations.AddIndexConcurrently) else (indexed, bare)
    with database.schema_editor(atomic=False) as editor:
        if back:
            operation.database_backwards("core", editor, after, before)
        else:
            operation.database_forwards("core", editor, before, after)


Step = Callable[[Any], tuple[Any, bool]]
"""Of Django's operations or these: one, and whether it is taken back."""
BUILDING = ["add", "take a removal back"]
DROPPING = ["remove", "take an addition back"]
BUILDS: list[Step] = [
    lambda kinds: (kinds.AddIndexConcurrently("site", INDEX), False),
    lambda kinds: (kinds.RemoveIndexConcurrently("site", NAME), True),
]
DROPS: list[Step] = [
    lambda kinds: (kinds.RemoveIndexConcurrently("site", NAME), False),
    lambda kinds: (kinds.AddIndexConcurrently("site", INDEX), True),
]


@pytest.mark.parametrize("step", BUILDS, ids=BUILDING)
def test_an_index_is_built_beside_whoever_was_there_before(
    database: BaseDatabaseWrapper, older: psycopg.Connection, step: Step
) -> None:
    ends_soon(older)
    operation, back = step(concurrent_indexes)
    migrate(database, operation, back=back)
    assert has_ended(older)
    assert indexes(database) == AS_IT_SHOULD_BE
    assert asked(database, "SHOW lock_timeout") == [("100ms",)]


@pytest.mark.parametrize("step", DROPS, ids=DROPPING)
def test_an_index_is_dropped_beside_whoever_was_there_before(
    database: BaseDatabaseWrapper, older: psycopg.Connection, step: Step
) -> None:
    asked(database, f"CREATE INDEX {NAME} ON core_site (slug, id)")
    ends_soon(older)
    operation, back = step(concurrent_indexes)
    for _again in range(2):
        migrate(database, operation, back=back)
        assert indexes(database) == []
    assert has_ended(older)
    assert asked(database, "SHOW lock_timeout") == [("100ms",)]


@pytest.mark.parametrize(
    "step", [*BUILDS, *DROPS], ids=["add", "take a removal back", "remove", "take an addition back"]
)
def test_django_s_own_do_not_wait(database: BaseDatabaseWrapper, older: psycopg.Connection, step: Step) -> None:
    operation, back = step(operations)
    if step in DROPS:
        asked(database, f"CREATE INDEX {NAME} ON core_site (slug, id)")
    with pytest.raises(OperationalError, match="lock timeout"):
        migrate(database, operation, back=back)
    [(is_valid, _definition)] = indexes(database)
    assert not is_valid
    older.rollback()
    if step in BUILDS:
        with pytest.raises(ProgrammingError, match="already exists"):
            migrate(database, operation, back=back)


@pytest.mark.parametrize("step", BUILDS, ids=BUILDING)
def test_what_an_attempt_left_is_replaced(database: BaseDatabaseWrapper, older: psycopg.Connection, step: Step) -> None:
    with pytest.raises(OperationalError, match="lock timeout"):
        migrate(database, operations.AddIndexConcurrently("site", INDEX))
    assert indexes(database) == [(False, AS_IT_SHOULD_BE[0][1])]
    older.rollback()
    operation, back = step(concurrent_indexes)
    migrate(database, operation, back=back)
    assert indexes(database) == AS_IT_SHOULD_BE


def test_a_finished_one_is_built_anew_as_the_migration_says(database: BaseDatabaseWrapper) -> None:
    asked(database, f"CREATE INDEX {NAME} ON core_site (id)")
    migrate(database, concurrent_indexes.AddIndexConcurrently("site", INDEX))
    assert indexes(database) == AS_IT_SHOULD_BE


def test_the_limit_is_back_after_a_failure(database: BaseDatabaseWrapper) -> None:
    asked(database, f"CREATE VIEW {NAME} AS SELECT 1")
    with pytest.raises(ProgrammingError):
        migrate(database, concurrent_indexes.AddIndexConcurrently("site", INDEX))
    assert asked(database, "SHOW lock_timeout") == [("100ms",)]
    asked(database, f"DROP VIEW {NAME}")


def test_what_the_migration_says_of_the_model_is_as_django_has_it() -> None:
    for kind, arguments in (("AddIndexConcurrently", ("site", INDEX)), ("RemoveIndexConcurrently", ("site", NAME))):
        ours, django_s = (getattr(module, kind)(*arguments) for module in (concurrent_indexes, operations))
        assert type(ours).state_forwards is type(django_s).state_forwards
        assert ours.deconstruct() == django_s.deconstruct()


def test_every_migration_builds_and_drops_by_these() -> None:
    found = [
        (migration, type(operation))
        for migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, operations.AddIndexConcurrently | operations.RemoveIndexConcurrently)
    ]
    assert len(found) > 30
    assert {kind for _migration, kind in found} == {
        concurrent_indexes.AddIndexConcurrently,
        concurrent_indexes.RemoveIndexConcurrently,
    }
