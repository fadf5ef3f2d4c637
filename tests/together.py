"""Several things at the same moment, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def together(*calls: Callable[[], Result]) -> list[Result | Exception]:
    """What each call came to, in their order: its result, or the exception it ended with. All begin at once."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result | Exception:
        try:
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001  handed to the test, which judges it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


class MeetingPoint:
    """A place in the code where each of `threads` threads waits, the first time it comes by, until all are there."""

    def __init__(self, threads: int) -> None:
        self.barrier = threading.Barrier(threads)
        self.came_by = threading.local()

    def wait(self) -> None:
        if not getattr(self.came_by, "before", False):
            self.came_by.before = True
            self.barrier.wait(timeout=30)
