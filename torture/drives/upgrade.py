"""The newest migrations on a filled database while the version before them serves and many write.

What is done is what `docs/operations.md`, 8, tells, as it is written there. The older version comes out of the
repository's history and pulls what is committed. Without history, and in small, the present program serves instead and
pulls nothing, on its own database, from which those migrations were taken back that it can do without.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from core.devdb import NAME, PROJECT
from torture.as_written import Machine, blocks
from torture.calling import Caller
from torture.drives.writers import THREADS, Writer, lost_or_torn, until_written
from torture.managing import manage, manage_here
from torture.outcome import Outcome
from torture.stage import OURS, Stage, headers_of, make_customers
from torture.web import Web

UPGRADED = "upgraded"
STEPS = 10
"""Commits with migrations that lie between the version that serves and the present one."""
TAKEN_BACK = (("core", "0008"),)
"""Where the present program still works: it needs nothing of what came after."""
FEW = 2
"""Who write in small: what is upgraded shares the processors with them."""
SERVICES = ["restart sparkproject-web sparkproject-worker"]
NOT_COPIED = (".git", ".data", ".venv", "staticfiles", "__pycache__")
LOCKED = frozenset({409, 503})
"""Asked to come again: a write that waited for a lock in vain."""


@dataclass(frozen=True, slots=True)
class Served:
    """A program on a database that lacks the newest migrations, with a site and its program of every scope."""

    version: str
    web: Web
    headers: dict[str, str]
    machine: Machine
    """Where commands of the present program run on that database."""


def upgrade(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("upgrade")
    version = older_version() if stage.judges_times else None
    [commands] = blocks("8.", "sh")
    with _older(stage, version) if version else _present(stage) as served:
        port = served.web.port
        customers = make_customers(Caller(port, served.headers), "upgraded", THREADS if stage.judges_times else FEW)
        headers = served.headers
        writers = [Writer(port, lambda: headers, f"upgraded-{n}", customer) for n, customer in enumerate(customers)]
        end = threading.Event()
        with ThreadPoolExecutor(THREADS) as threads:
            running = [threads.submit(writer.run, end) for writer in writers]
            try:
                until_written(writers, size // 2)
                before, began = sum(writer.writes for writer in writers), time.monotonic()
                upgraded = served.machine.run(commands)
                seconds, during = time.monotonic() - began, sum(writer.writes for writer in writers) - before
                until_written(writers, max(size, before + during + len(writers)))
            finally:
                end.set()
            for run in running:
                run.result()
        served.web.kill()
        served.web.start()
        served.web.wait()
        outcome.faults = lost_or_torn(writers, port=port, headers=headers)
        verified = served.machine.run(".venv/bin/python manage.py verify_books")
        outcome.expect(served.machine.services() == SERVICES, f"services: {served.machine.services()}")
    refused = sum((writer.refused for writer in writers), Counter[int]())
    outcome.figures = {
        "from": served.version,
        "migrations": upgraded.stdout.count("... OK"),
        "in": f"{seconds:.1f} s",
        "writes": sum(writer.writes for writer in writers),
        "meanwhile": during,
        "asked to come again": refused.total(),
        "slowest write": f"{max(writer.slowest for writer in writers):.1f} s",
    }
    outcome.expect(upgraded.returncode == 0, f"{commands}: {upgraded.stdout[-500:]}{upgraded.stderr[-500:]}")
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
    with tempfile.TemporaryDirectory() as directory, psycopg.connect(office, autocommit=True) as connection:
        scratch = Path(directory)
        program = scratch / "app"
        _git("clone", "--quiet", "--bare", str(PROJECT), str(scratch / "published"))
        _git(
            "--git-dir",
            str(scratch / "published"),
            "branch",
            "--force",
            "released",
            _git("rev-parse", "HEAD").decode().strip(),
        )
        _git("clone", "--quiet", "--branch", "released", str(scratch / "published"), str(program))
        _git("-C", str(program), "reset", "--quiet", "--hard", version)
        (program / ".venv").symlink_to(PROJECT / ".venv")
        connection.execute(f"CREATE DATABASE {UPGRADED} OWNER {NAME}")
        for words in (("migrate",), ("demo",), ("create_site", OURS)):
            manage(*words, url=url, program=program).check_returncode()
        client = json.loads(manage("create_client", OURS, "--json", url=url, program=program).stdout)
        web = Web(program, DATABASE_URL=url)
        web.start()
        try:
            web.wait()
            headers = headers_of(web.port, OURS, client["client_id"], client["client_secret"])
            yield Served(version, web, headers, Machine(url, stage.database.server.programs, scratch, program))
        finally:
            web.stop()
            connection.execute(f"DROP DATABASE {UPGRADED} WITH (FORCE)")


@contextmanager
def _present(stage: Stage) -> Iterator[Served]:
    for app, name in TAKEN_BACK:
        manage_here("migrate", app, name).check_returncode()
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        program = scratch / "app"
        shutil.copytree(PROJECT, program, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (program / ".venv").symlink_to(PROJECT / ".venv")
        machine = Machine(stage.database.url, stage.database.server.programs, scratch, program, "git() { :; }\n")
        yield Served("this version", stage.web, stage.sign_in(), machine)
