"""The life of purchases through PgBouncer in transaction mode, by more threads than it has connections."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

import psycopg

from core.devdb import PROJECT
from torture.calling import Answer, Caller, in_threads
from torture.documents import PURCHASES, marks_of, payment, written
from torture.outcome import Outcome
from torture.pooler import CONNECTIONS, Pooler
from torture.stage import Stage, wrong_books
from torture.web import Web

THREADS = 12
BULK = 50


def pooler(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("pooler")
    with Pooler(stage.database) as between:
        web = Web(DATABASE_URL=between.url, DATABASE_POOLER="transaction")
        web.start()
        try:
            web.wait()
            _play(stage, web, size, outcome)
            _work(stage, between, outcome)
        finally:
            web.stop()
    outcome.faults += wrong_books()
    return outcome


def _play(stage: Stage, web: Web, size: int, outcome: Outcome) -> None:
    headers = stage.sign_in()
    [customer] = stage.make_customers("pooled", 1)
    statuses: Counter[str] = Counter()

    def story(number: int) -> None:
        """One purchase of one's own, and one that all write at the same time."""
        caller = Caller(web.port, headers)

        def call(method: str, path: str, body: object = None, more: dict[str, str] | None = None) -> Answer:
            answer = caller.call(method, path, body, more)
            statuses[f"{method} {answer.status}"] += 1
            return answer

        for turn in range(max(1, size // THREADS)):
            mark = f"pooled-{number}-{turn}"
            own = f"{PURCHASES}/internal/{mark}"
            call("PUT", own, written(mark, customer=customer))
            call("PUT", f"{own}/transactions", payment(mark))
            got = call("GET", own)
            outcome.expect(got.status == 200 and marks_of(got.document) == {mark}, f"{own} is not what was written")
            call("PUT", f"{PURCHASES}/internal/pooled-by-all", written(mark))
            call("GET", f"{PURCHASES}?customer_identifiers[sparklayer]={customer}&limit=5")
            call("POST", "/api/v1/customer-groups", {"slug": mark, "name": mark}, {"Idempotency-Key": mark})
        caller.close()

    in_threads(THREADS, story)
    caller = Caller(web.port, headers)
    raced = caller.call("GET", f"{PURCHASES}/internal/pooled-by-all").document
    outcome.expect(len(marks_of(raced)) == 1, f"a purchase is a blend of {marks_of(raced)}")
    bulk = [written("bulk") | {"purchase_identifiers": {"internal": f"pooled-bulk-{number}"}} for number in range(BULK)]
    rows = caller.call("POST", f"{PURCHASES}/bulk", bulk)
    said = Counter(row["outcome"] for row in rows.document) if rows.status == 200 else rows.status
    outcome.expect(said == {"created": BULK}, f"of {BULK} purchases in one call: {said}")
    caller.close()
    outcome.figures = {"requests": sum(statuses.values()), "threads": THREADS, "connections": CONNECTIONS}
    odd = {name: count for name, count in statuses.items() if name[-3:] not in ("200", "201")}
    outcome.expect(not odd, f"answers were {odd}")


def _work(stage: Stage, between: Pooler, outcome: Outcome) -> None:
    """A worker goes past it by itself: it waits for notifications, which transaction mode does not hand on."""
    environment = {**os.environ, "DATABASE_URL": between.url, "DATABASE_POOLER": "transaction"}
    environment |= {"DATABASE_DIRECT_URL": stage.database.url, "EMAIL_URL": "dummymail://"}
    words = [sys.executable, "manage.py", "run_worker", "--once"]
    run = subprocess.run(words, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    outcome.expect(run.returncode == 0, f"the worker ended with {run.returncode}: {run.stderr[-300:]}")
    with psycopg.connect(stage.database.url) as connection:
        waiting = connection.execute(
            "SELECT array_agg(DISTINCT task_name) FROM procrastinate_jobs WHERE status <> 'succeeded' AND id NOT IN "
            "(SELECT job_id FROM procrastinate_periodic_defers WHERE job_id IS NOT NULL)"
        ).fetchone()
    outcome.expect(waiting == (None,), f"jobs wait: {waiting}")
