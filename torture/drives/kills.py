"""Server and database are killed while many write: what was acknowledged is there, and whole."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from torture.drives.writers import THREADS, Writer, lost_or_torn, until_written
from torture.outcome import Outcome
from torture.stage import Stage, wrong_books

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
    outcome.faults = lost_or_torn(writers, port=stage.web.port, headers=headers)
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
