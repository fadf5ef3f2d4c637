"""Server and database are killed while many write: what was acknowledged is there, and whole."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from torture.calling import Caller, in_threads
from torture.drives.writers import Writer, compare
from torture.outcome import Outcome
from torture.stage import Stage, wrong_books

THREADS = 8
WRITES_PER_KILL = 400
READY_SECONDS = 10.0


def kills(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("kills")
    customers = stage.make_customers("survivor", THREADS)
    headers = stage.sign_in()
    writers = [Writer(stage.web.port, lambda: headers, f"kept-{n}", customers[n]) for n in range(THREADS)]
    of_database = max(1, size // 5)
    every = max(1, size // of_database)
    ready = []
    end = threading.Event()
    with ThreadPoolExecutor(THREADS) as threads:
        running = [threads.submit(writer.run, end) for writer in writers]
        try:
            for number in range(size):
                until_written(writers, (number + 1) * (WRITES_PER_KILL if stage.judges_times else 20))
                time.sleep(stage.random.uniform(0, 0.2))
                began = time.monotonic()
                stage.web.kill()
                stage.web.start()
                stage.web.wait()
                ready.append(time.monotonic() - began)
                if number % every == every - 1 and of_database * every > number:
                    until_written(writers, sum(writer.writes for writer in writers) + THREADS)
                    began = time.monotonic()
                    stage.database.kill()
                    stage.web.wait()
                    ready.append(time.monotonic() - began)
            until_written(writers, sum(writer.writes for writer in writers) + THREADS)
        finally:
            end.set()
        for run in running:
            run.result()

    def judge(number: int) -> list[str]:
        reader = Caller(stage.web.port, headers)
        faults = list(writers[number].faults)
        for kept in writers[number].kept:
            answer = reader.call("GET", kept.path)
            paid = reader.call("GET", f"{kept.path}/transactions").document if answer.status == 200 else []
            names = {row["platform_id"] for row in paid}
            faults += compare(kept, answer.document if answer.status == 200 else None, names)
        reader.close()
        return faults

    outcome.faults = [fault for faults in in_threads(THREADS, judge) for fault in faults]
    lost = sum(fault.startswith("lost") for fault in outcome.faults)
    outcome.figures = {
        "kills of the server": size,
        "of the database": of_database,
        "acknowledged writes": sum(writer.writes for writer in writers),
        "lost": lost,
        "torn": sum(fault.startswith("torn") for fault in outcome.faults),
        "slowest return": f"{max(ready):.1f} s",
    }
    outcome.faults += wrong_books()
    if stage.judges_times:
        outcome.expect(max(ready) <= READY_SECONDS, f"it took {max(ready):.1f} s to be ready again")
    return outcome


def until_written(writers: list[Writer], count: int) -> None:
    """Let them write until they have so many acknowledgements together. Raises SystemExit when they never do."""
    limit = time.monotonic() + 300
    while sum(writer.writes for writer in writers) < count:
        if time.monotonic() > limit:
            raise SystemExit("torture: nothing is acknowledged any more.")
        time.sleep(0.01)
