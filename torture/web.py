"""The product under gunicorn, as in production but for TLS; it can be killed and started again on the same port."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from bench.servers import free_port
from core.devdb import PROJECT

WORKERS, THREADS = "2", "8"
PATIENCE = 90.0


class Web:
    """`port` stays the same over all starts. `program`: its directory, another version's for example."""

    def __init__(self, program: Path = PROJECT, *, url: str | None = None) -> None:
        self.port = free_port()
        self._program = program
        self._database = {} if url is None else {"DATABASE_URL": url}
        (program / "staticfiles").mkdir(exist_ok=True)

    def start(self) -> None:
        environment = {
            **os.environ,
            **self._database,
            "PORT": str(self.port),
            "WEB_WORKERS": WORKERS,
            "WEB_THREADS": THREADS,
        }
        words = [sys.executable, "-m", "gunicorn", "sparkproject.wsgi"]
        self._process = subprocess.Popen(words, cwd=self._program, env=environment)

    def kill(self) -> None:
        """End every process of it with -9."""
        processes = self.processes()
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=10)
        self._process.wait(timeout=30)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()

    def processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            first = psutil.Process(self._process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def memory(self) -> int:
        """Bytes that only the workers have, the first process aside."""
        total = 0
        for process in self.processes()[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_full_info().uss
        return total

    def wait(self) -> float:
        """Seconds until it is ready. Raises SystemExit when that takes too long."""
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer,
            ):
                if answer.status == 200:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise SystemExit("torture: the server was not ready in time.")
