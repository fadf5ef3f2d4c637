"""A dump while many write, restored into another database: right books, and all that was acknowledged before it."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from core.devdb import NAME
from torture.drives.writers import THREADS, Writer, until_written
from torture.managing import manage
from torture.outcome import Outcome
from torture.stage import Stage

RESTORED = "restored"


def dump(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("dump")
    customers = stage.make_customers("dumped", THREADS)
    headers = stage.sign_in()
    writers = [Writer(stage.web.port, lambda: headers, f"dumped-{n}", customers[n]) for n in range(THREADS)]
    office = stage.database.url.replace(f"{NAME}@", "postgres@")
    elsewhere = office.replace(f"/{NAME}?", f"/{RESTORED}?")
    programs = stage.database.server.programs
    end = threading.Event()
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(THREADS) as threads:
        file = Path(scratch) / "all.dump"
        running = [threads.submit(writer.run, end) for writer in writers]
        try:
            until_written(writers, size // 2)
            before = [kept.path for writer in writers for kept in list(writer.kept) if kept.acknowledged >= 0]
            began = time.monotonic()
            _run([programs / "pg_dump", "--format=custom", f"--file={file}", office])
            seconds = time.monotonic() - began
            until_written(writers, size)
        finally:
            end.set()
        for run in running:
            run.result()
        with psycopg.connect(office, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {RESTORED} OWNER {NAME}")
        _run([programs / "pg_restore", f"--dbname={elsewhere}", "--exit-on-error", file])
    restored = stage.database.url.replace(f"/{NAME}?", f"/{RESTORED}?")
    verified = manage("verify_books", url=restored)
    with psycopg.connect(restored, autocommit=True) as connection:
        rows = connection.execute("SELECT internal_id FROM purchasing_purchase").fetchall()
    with psycopg.connect(office, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {RESTORED}")
    there = {name for (name,) in rows}
    missing = [path for path in before if path.rpartition("/")[2] not in there]
    outcome.figures = {
        "writes": sum(writer.writes for writer in writers),
        "purchases before": len(before),
        "missing": len(missing),
        "dumped in": f"{seconds:.1f} s",
    }
    outcome.expect(before, "nothing was written before the dump")
    outcome.expect(verified.returncode == 0, f"verify_books: {verified.stdout[-500:]}{verified.stderr[-500:]}")
    outcome.faults += [f"missing: {path}" for path in missing]
    outcome.faults += [fault for writer in writers for fault in writer.faults]
    return outcome


def _run(words: list[str | Path]) -> None:
    subprocess.run([str(word) for word in words], check=True)
