"""A PostgreSQL of the run's own, as durable as a production one, that can be killed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.servers import fresh_server


class Database:
    """Runs for as long as the block lasts, and is deleted then."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        self.server = fresh_server(directory)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._stack.callback(self.server.reset)
        self.url = self._stack.enter_context(self.server.use())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stack.close()

    def kill(self) -> None:
        """End every process of the server with -9, then start it again; it recovers from its log."""
        pid = int((self.server.place / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        first = psutil.Process(pid)
        processes = [first, *first.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)
        for _attempt in range(50):  # until the kernel has let go of what they shared
            with contextlib.suppress(Exception):
                self.server.keep_running()
                return
            time.sleep(0.1)
        self.server.keep_running()
