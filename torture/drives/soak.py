"""What programs do all day, for a while: no fault, and no memory that is not given back."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from torture.documents import PURCHASES, payment, written
from torture.outcome import Outcome, quantile
from torture.stage import Stage, wrong_books

THREADS = 8
WARM_UP = 0.25
"""Of the time, before memory is looked at."""
GROWTH = 0.10
RENEWED_SECONDS = 3000
"""A token is good for an hour; a longer soak gets new ones."""


def soak(stage: Stage, size: int) -> Outcome:
    """`size` in seconds."""
    outcome = Outcome("soak")
    customers = stage.make_customers("soaked", 20)
    end = threading.Event()
    seeds = [stage.random.random() for _ in range(THREADS)]
    answers: Counter[int] = Counter()
    times: list[float] = []
    faults: list[str] = []
    lock = threading.Lock()

    def work(number: int) -> None:
        choose = random.Random(seeds[number])
        caller, signed_in = stage.caller(), time.monotonic()
        turn = 0
        while not end.is_set():
            if time.monotonic() > signed_in + RENEWED_SECONDS:
                caller.close()
                caller, signed_in = stage.caller(), time.monotonic()
            method, path, body = _turn(choose, number, turn, choose.choice(customers))
            answer = caller.call(method, path, body)
            with lock:
                answers[answer.status] += 1
                times.append(answer.seconds)
                if not 200 <= answer.status < 300:
                    faults.append(f"{method} {path} was answered {answer.status} {answer.body[:200]!r}")
            turn += 1
        caller.close()

    with ThreadPoolExecutor(THREADS) as threads:
        running = [threads.submit(work, number) for number in range(THREADS)]
        end.wait(size * WARM_UP)
        before = stage.web.memory()
        end.wait(size * (1 - WARM_UP))
        after = stage.web.memory()
        end.set()
        for run in running:
            run.result()
    growth = after / before - 1 if before else 0.0
    outcome.faults = faults
    outcome.figures = {
        "seconds": size,
        "requests": answers.total(),
        "faults": len(faults),
        "p99": f"{quantile(times, 0.99) * 1000:.0f} ms",
        "memory": f"{before / 2**20:.0f} to {after / 2**20:.0f} MB ({growth:+.1%})",
    }
    outcome.expect(answers.total() >= THREADS, "hardly anything was asked")
    if stage.judges_times:
        outcome.expect(growth < GROWTH, f"memory grew by {growth:.1%}")
    outcome.faults += wrong_books()
    return outcome


def _turn(choose: random.Random, number: int, turn: int, customer: str) -> tuple[str, str, object]:
    """Each thread makes purchases of its own and comes back to them."""
    name = f"soak-{number}-{turn // 8}"
    path = f"{PURCHASES}/internal/{name}"
    match turn % 8:
        case 0:
            return "PUT", path, written(name, customer=customer, lines=choose.randint(1, 20))
        case 1 | 2:
            return "PUT", f"{path}/transactions", payment(f"pay-{turn % 3}", applied=choose.random() < 0.8)
        case 3:
            return "GET", path, None
        case 4:
            return "GET", f"{PURCHASES}?limit=50&type=order", None
        case 5:
            return "GET", f"{PURCHASES}?search={name}", None
        case 6:
            return "GET", f"/api/v1/customers/{customer}/statement", None
        case _:
            return "GET", f"/api/v1/customers/{customer}/ledger?limit=20", None
