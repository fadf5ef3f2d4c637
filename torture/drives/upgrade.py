"""The newest migrations on a filled database while the version before them serves and many write.

That version comes out of the repository's history. Without history, and in small, the present program serves instead,
on its own database, from which those migrations were taken back that it can do without.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from core.devdb import NAME, PROJECT
from torture.calling import Caller
from torture.drives.writers import THREADS, Writer, lost_or_torn, until_written
from torture.managing import manage, manage_here
from torture.outcome import Outcome
from torture.stage import OURS, Stage, headers_of, make_customers
from torture.web import Web

UPGRADED = "upgraded"
STEPS = 10
"""Commits with migrations that lie between the version that serves and the present one."""
TAKEN_BACK = (("core", "0008"), ("customers", "0008"), ("purchasing", "0014"))
"""Where the present program still works: it writes no purchase with what came after."""
LOCKED = frozenset({409, 503})
"""Asked to come again: a write that waited for a lock in vain."""


@dataclass(frozen=True, slots=True)
class Served:
    """A program on a database that lacks the newest migrations, with a site and its program of every scope."""

    version: str
    port: int
    headers: dict[str, str]
    manage: Callable[..., subprocess.CompletedProcess[str]]
    """A command of the present program on that database."""


def upgrade(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("upgrade")
    version = older_version() if stage.judges_times else None
    with _older(stage, version) if version else _present(stage) as served:
        customers = make_customers(Caller(served.port, served.headers), "upgraded", THREADS)
        headers = served.headers
        writers = [Writer(served.port, lambda: headers, f"upgraded-{n}", customers[n]) for n in range(THREADS)]
        end = threading.Event()
        with ThreadPoolExecutor(THREADS) as threads:
            running = [threads.submit(writer.run, end) for writer in writers]
            try:
                until_written(writers, size // 2)
                before, began = sum(writer.writes for writer in writers), time.monotonic()
                migrated = served.manage("migrate")
                seconds, during = time.monotonic() - began, sum(writer.writes for writer in writers) - before
                until_written(writers, max(size, before + during + THREADS))
            finally:
                end.set()
            for run in running:
                run.result()
        outcome.faults = lost_or_torn(writers, port=served.port, headers=headers)
        verified = served.manage("verify_books")
    refused = sum((writer.refused for writer in writers), Counter[int]())
    outcome.figures = {
        "from": served.version,
        "migrations": migrated.stdout.count("... OK"),
        "in": f"{seconds:.1f} s",
        "writes": sum(writer.writes for writer in writers),
        "meanwhile": during,
        "asked to come again": refused.total(),
        "slowest write": f"{max(writer.slowest for writer in writers):.1f} s",
    }
    outcome.expect(migrated.returncode == 0, f"migrate: {migrated.stderr[-500:]}")
    outcome.expect(outcome.figures["migrations"], "nothing was migrated")
    outcome.expect(during, "nothing was written meanwhile")
    outcome.expect(set(refused) <= LOCKED, f"writes that failed, by status: {dict(refused)}")
    outcome.expect(verified.returncode == 0, f"verify_books: {verified.stdout[-500:]}{verified.stderr[-500:]}")
    return outcome


def older_version() -> str | None:
    """The commit before the last migrations came, or None where the history does not reach back so far."""
    words = ["log", "--diff-filter=A", f"--max-count={STEPS}", "--format=%h", "--", "*/migrations/0*.py"]
    with_migrations = _git(*words).decode().split()
    if len(with_migrations) < STEPS:
        return None
    return _git("rev-parse", "--short", f"{with_migrations[-1]}^").decode().strip() or None


def _git(*words: str) -> bytes:
    """What git says; nothing where there is no repository."""
    try:
        return subprocess.run(["git", "-C", str(PROJECT), *words], capture_output=True, check=False).stdout
    except FileNotFoundError:
        return b""


@contextmanager
def _older(stage: Stage, version: str) -> Iterator[Served]:
    """That version, on a database of its own with its demo, as somebody would have it who upgrades."""
    office = stage.database.url.replace(f"{NAME}@", "postgres@")
    url = stage.database.url.replace(f"/{NAME}?", f"/{UPGRADED}?")
    with tempfile.TemporaryDirectory() as scratch, psycopg.connect(office, autocommit=True) as connection:
        program = Path(scratch)
        with tarfile.open(fileobj=io.BytesIO(_git("archive", version))) as archive:
            archive.extractall(program, filter="data")
        connection.execute(f"CREATE DATABASE {UPGRADED} OWNER {NAME}")
        for words in (("migrate",), ("demo",), ("create_site", OURS)):
            manage(*words, url=url, program=program).check_returncode()
        client = json.loads(manage("create_client", OURS, "--json", url=url, program=program).stdout)
        web = Web(program, url=url)
        web.start()
        try:
            web.wait()
            headers = headers_of(web.port, OURS, client["client_id"], client["client_secret"])
            yield Served(version, web.port, headers, partial(manage, url=url))
        finally:
            web.stop()
            connection.execute(f"DROP DATABASE {UPGRADED} WITH (FORCE)")


@contextmanager
def _present(stage: Stage) -> Iterator[Served]:
    for app, name in TAKEN_BACK:
        manage_here("migrate", app, name).check_returncode()
    yield Served("this version", stage.web.port, stage.sign_in(), manage_here)
