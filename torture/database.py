"""A PostgreSQL of the run's own, as durable as a production one, that can be killed."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.servers import fresh_server
from core.devdb import EmbeddedServer


class ReplicaServer(EmbeddedServer):
    """An embedded PostgreSQL that streams what the one at `primary` writes."""

    def __init__(self, directory: Path, primary: str) -> None:
        super().__init__(directory)
        self._primary = primary

    def _make_cluster(self) -> None:
        if (self.place / "data").exists():
            return
        self._own_directory(self.place / "run")
        self._own_directory(self.place / "data")
        primary = self._primary.replace("postgresql://sparkproject@/sparkproject", "postgresql://postgres@/postgres")
        words = ["-d", primary, "-D", "data", "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]
        self._run([str(self.programs / "pg_basebackup"), *words], cwd=self.place)

    def _make_database(self) -> None:
        """They come with the copy."""


class Database:
    """Runs for as long as the block lasts, and is deleted then."""

    url: str

    def __init__(self, directory: Path, *, replica_of: Database | None = None) -> None:
        directory.mkdir(parents=True)
        self.server = fresh_server(directory) if replica_of is None else ReplicaServer(directory, replica_of.url)
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._stack.callback(self.server.reset)
        self.url = self._stack.enter_context(self.server.use())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._stack.close()

    def kill(self) -> None:
        """End every process of the server with -9, then start it again; it recovers from its log."""
        self.end()
        self.start()

    def end(self) -> None:
        """End every process of the server with -9."""
        pid = int((self.server.place / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        first = psutil.Process(pid)
        processes = [first, *first.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)

    def start(self) -> None:
        """Start it once more; it recovers from its log."""
        for _attempt in range(50):  # until the kernel has let go of what they shared
            with contextlib.suppress(Exception):
                self.server.keep_running()
                return
            time.sleep(0.1)
        self.server.keep_running()
