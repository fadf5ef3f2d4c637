"""Real threads on real connections, and pauses that make a race happen instead of hoping for one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from core.errors import DomainError
from core.postgres.base import DatabaseWrapper
from core.postgres.exchange import Call, Rows

PATIENCE = 30
"""Seconds after which a test that hangs gives up."""


def together(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all jobs at once, each on a thread and a connection of its own; what each returned or was refused with.

    Anything but a DomainError is raised.
    """
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            start.wait(PATIENCE)
            return job()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def read_without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on what is read is not locked: the defence that twins do without."""
    send = DatabaseWrapper.send

    def unlocked(wrapper: DatabaseWrapper, calls: Sequence[Call]) -> list[Rows]:
        return send(wrapper, [(text.replace(" FOR NO KEY UPDATE", ""), values, may) for text, values, may in calls])

    monkeypatch.setattr(DatabaseWrapper, "send", unlocked)


class Meeting:
    """A pause: the first call of each of `size` threads waits until all of them are there."""

    def __init__(self, size: int) -> None:
        self._barrier = threading.Barrier(size)
        self._been = threading.local()

    def before(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, with the pause before it."""

        def paused(*args: Any, **kwargs: Any) -> Any:
            if not getattr(self._been, "here", False):
                self._been.here = True
                self._barrier.wait(PATIENCE)
            return work(*args, **kwargs)

        return paused


def until_blocked(count: int = 1) -> None:
    """Wait until this many statements of this database wait for a lock."""
    tick = threading.Event()
    for _ in range(PATIENCE * 100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would stay as first seen
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] >= count:
                return
        tick.wait(0.01)
    raise AssertionError("nothing waits for a lock")
