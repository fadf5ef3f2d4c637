"""A dump while many write, restored elsewhere: right books, and all that was acknowledged before it.

Dump, restore and the checks of each night are the commands of `docs/operations.md`, 7, as they are written there.
"""

from __future__ import annotations

import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from torture.as_written import Machine, blocks, nightly
from torture.database import Database
from torture.drives.writers import THREADS, Writer, until_written
from torture.outcome import Outcome
from torture.stage import Stage

WRITTEN = "sparkproject-2026-11-01.dump"
"""The file that the text restores."""
SERVICES = ["stop sparkproject-web sparkproject-worker", "start sparkproject-web sparkproject-worker"]


def dump(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("dump")
    customers = stage.make_customers("dumped", THREADS)
    headers = stage.sign_in()
    writers = [Writer(stage.web.port, lambda: headers, f"dumped-{n}", customers[n]) for n in range(THREADS)]
    [dumped, *checks], [restore] = nightly(), blocks("7.", "sh")
    programs = stage.database.server.programs
    end = threading.Event()
    with tempfile.TemporaryDirectory() as directory, Database(Path(directory) / "postgres") as elsewhere:
        scratch = Path(directory)
        with ThreadPoolExecutor(THREADS) as threads:
            running = [threads.submit(writer.run, end) for writer in writers]
            try:
                until_written(writers, size // 2)
                before = [kept.path for writer in writers for kept in list(writer.kept) if kept.acknowledged >= 0]
                began = time.monotonic()
                outcome.faults += _run(Machine(stage.database.url, programs, scratch), dumped)
                seconds = time.monotonic() - began
                until_written(writers, size)
            finally:
                end.set()
            for run in running:
                run.result()
        there = Machine(elsewhere.url, programs, scratch)
        [file] = scratch.glob("*.dump")
        for commands in (restore.replace(WRITTEN, file.name), *checks):
            outcome.faults += _run(there, commands)
        outcome.expect(there.services() == SERVICES, f"services: {there.services()}")
        with psycopg.connect(elsewhere.url) as connection:
            rows = connection.execute("SELECT internal_id FROM purchasing_purchase").fetchall()
    names = {name for (name,) in rows}
    missing = [path for path in before if path.rpartition("/")[2] not in names]
    outcome.figures = {
        "writes": sum(writer.writes for writer in writers),
        "purchases before": len(before),
        "missing": len(missing),
        "dumped in": f"{seconds:.1f} s",
    }
    outcome.expect(before, "nothing was written before the dump")
    outcome.faults += [f"missing: {path}" for path in missing]
    outcome.faults += [fault for writer in writers for fault in writer.faults]
    return outcome


def _run(machine: Machine, commands: str) -> list[str]:
    """What went wrong."""
    run = machine.run(commands)
    return [f"{commands}: {run.stdout[-500:]}{run.stderr[-500:]}"] if run.returncode else []
