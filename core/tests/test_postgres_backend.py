"""Connections are asked whether they live at most once a second, and dead ones are replaced."""

from __future__ import annotations

import time

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection
from django.db.backends.postgresql import base as postgresql

from core import sql
from core.postgres.base import DatabaseWrapper


def alive(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the health check asks, from now on."""
    asked: list[str] = []
    original = postgresql.DatabaseWrapper.is_usable

    def counted(wrapper: DatabaseWrapper) -> bool:
        asked.append("SELECT 1")
        return original(wrapper)

    monkeypatch.setattr(postgresql.DatabaseWrapper, "is_usable", counted)
    return asked


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_asked_at_most_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    sql.fetch("SELECT 1", [])
    asked = alive(monkeypatch)
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    assert [connection.is_usable() for _ in range(3)] == [True, True, True]
    assert len(asked) == 1
    clock = 1002.0
    assert connection.is_usable()
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_fails_one_request_and_is_replaced() -> None:
    [(pid,)] = sql.fetch("SELECT pg_backend_pid()", [])
    assert connection.is_usable()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    with pytest.raises(OperationalError):
        sql.fetch("SELECT 1", [])
    close_old_connections()
    [(replaced,)] = sql.fetch("SELECT pg_backend_pid()", [])
    assert replaced != pid
