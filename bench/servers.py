"""The servers under measurement: one PostgreSQL, the product and the bare handler, both under gunicorn."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.cpu import seconds_of_tree
from core.devdb import PROJECT, EmbeddedServer

DIRECTORY = PROJECT / ".data" / "bench-postgres"
WORKERS, THREADS = "2", "4"


@dataclass(frozen=True, slots=True)
class Server:
    """A web server on loopback and the PostgreSQL behind it."""

    name: str
    port: int
    process: psutil.Process
    postmaster: psutil.Process

    def cpu_seconds(self) -> float:
        """CPU that the server's processes and PostgreSQL's have used, user and system, ended children included."""
        return seconds_of_tree(self.process) + seconds_of_tree(self.postmaster)


@contextlib.contextmanager
def fresh_database() -> Iterator[tuple[str, psutil.Process]]:
    """The address of an empty embedded PostgreSQL, durable as in production, and its first process."""
    with _using(fresh_server(DIRECTORY)) as found:
        yield found


@contextlib.contextmanager
def kept_database(purchases: int) -> Iterator[tuple[str, psutil.Process, Path]]:
    """The same for one that is kept for so many purchases, and the file that whoever has filled it leaves there.

    Without that file it is emptied: filling it was cut short.
    """
    directory = DIRECTORY.with_name(f"{DIRECTORY.name}-{purchases}")
    note = directory / "filled"
    server = EmbeddedServer(directory) if note.exists() else fresh_server(directory)
    with _using(server) as (url, postmaster):
        yield url, postmaster, note


@contextlib.contextmanager
def _using(server: EmbeddedServer) -> Iterator[tuple[str, psutil.Process]]:
    with server.use() as url:
        pid = int((server.place / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
        yield url, psutil.Process(pid)


def fresh_server(directory: Path) -> EmbeddedServer:
    """An embedded PostgreSQL that has nothing in it; not started."""
    server = EmbeddedServer(directory)
    if server.running_url() is not None or (directory / "place").exists():
        server.reset()
    return EmbeddedServer(directory)


@contextlib.contextmanager
def product(postmaster: psutil.Process) -> Iterator[Server]:
    """The product as it is served in production, but for TLS."""
    (PROJECT / "staticfiles").mkdir(exist_ok=True)
    words = [sys.executable, "-m", "gunicorn", "sparkproject.wsgi"]
    with _serving("product", words, postmaster, path="/readyz") as server:
        yield server


@contextlib.contextmanager
def bare(postmaster: psutil.Process) -> Iterator[Server]:
    """The bare handler in the same kind of server."""
    words = [sys.executable, "-m", "gunicorn", "bench.baseline", "--worker-class", "gthread"]
    words += ["--workers", WORKERS, "--threads", THREADS, "--keep-alive", "30", "--pythonpath", str(PROJECT)]
    words += ["--no-control-socket", "--log-level", "warning"]
    with _serving("bare", words, postmaster, path=None) as server:
        yield server


@contextlib.contextmanager
def _serving(name: str, words: list[str], postmaster: psutil.Process, *, path: str | None) -> Iterator[Server]:
    port = free_port()
    environment: Mapping[str, str] = {**os.environ, "PORT": str(port), "WEB_WORKERS": WORKERS, "WEB_THREADS": THREADS}
    if path is None:
        words = [*words, "--bind", f"127.0.0.1:{port}"]
    # gunicorn reads gunicorn.conf.py from where it starts, which is the product's only.
    directory = Path(__file__).parent if path is None else PROJECT
    process = subprocess.Popen(words, cwd=directory, env=environment)
    try:
        _wait_for(port, path, process)
        yield Server(name, port, psutil.Process(process.pid), postmaster)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, path: str | None, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise SystemExit(f"bench: a server ended with code {process.returncode} before it answered.")
        with contextlib.suppress(OSError):
            if path is None:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                return
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        time.sleep(0.1)
    raise SystemExit("bench: a server did not answer within a minute.")


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
