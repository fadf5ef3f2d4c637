"""Databases for tests, quickly: migrated once per state of the migrations, cloned for each process of a run.

The template's name carries a hash of every migration. A clone belongs to the process that holds the advisory lock on
its name; clones whose process has died are dropped by the next run.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

import core.concurrent_indexes
import core.models.fields

TEMPLATE = "sparktemplate_"
CLONE = "sparktest_"
TEMPLATE_LOCK = 7_231_450_001


@contextlib.contextmanager
def cloned_database(name: str) -> Iterator[None]:
    """Django's default database is a fresh, migrated one while the block lasts."""
    url_name = connection.settings_dict["NAME"]
    parameters = connection.get_connection_params() | {"dbname": url_name}
    with psycopg.connect(**parameters, autocommit=True) as office:
        office.execute("SET lock_timeout = 0; SET statement_timeout = 0")
        clone = f"{CLONE}{name}"
        office.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        try:
            _drop_orphans(office)
            template = _template(office)
            office.execute("SELECT pg_advisory_lock(hashtext(%s))", [clone])
            office.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(clone), sql.Identifier(template))
            )
        finally:
            office.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        connection.close()
        connection.settings_dict["NAME"] = clone
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = url_name
            _drop(office, clone)


def empty_tables() -> None:
    """Every table without rows, except what Django writes after a migration. Truncates only what has rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DO $$
            DECLARE
                name text;
                filled boolean;
                names text[] := '{}';
            BEGIN
                FOR name IN
                    SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()
                    AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
                LOOP
                    EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
                    IF filled THEN names := names || name; END IF;
                END LOOP;
                IF names <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(names, ', ') || ' CASCADE'; END IF;
            END $$
            """
        )


def _template(office: psycopg.Connection) -> str:
    """The name of the finished template of these migrations; made now when there is none."""
    name = f"{TEMPLATE}{_migration_hash()}"
    finished = "SELECT datname FROM pg_database WHERE datname LIKE %s AND datistemplate"
    templates = {row[0] for row in office.execute(finished, [f"{TEMPLATE}%"])}
    if name in templates:
        return name
    for other in templates:
        office.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(other)))
        _drop(office, other)
    _drop(office, name)  # one that was cut short
    office.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    url_name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = url_name
    office.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name)))
    return name


def _migration_hash() -> str:
    # These hold operations that migrations use.
    sources = [Path(core.models.fields.__file__), Path(core.concurrent_indexes.__file__)]
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    sources += [Path(str(sys.modules[type(migration).__module__].__file__)) for migration in migrations]
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def _drop_orphans(office: psycopg.Connection) -> None:
    """Drop clones whose process has gone: nobody holds the lock on their name."""
    query = "SELECT datname, pg_try_advisory_lock(hashtext(datname)) FROM pg_database WHERE datname LIKE %s"
    for name, free in office.execute(query, [f"{CLONE}%"]).fetchall():
        if free:
            _drop(office, name)
            office.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def _drop(office: psycopg.Connection, name: str) -> None:
    office.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
