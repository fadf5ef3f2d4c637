"""The measurement itself: both servers on the same data, in turns, operation by operation."""

from __future__ import annotations

import contextlib
import os
from collections import defaultdict
from decimal import Decimal

import orjson
import psutil
from django.db import connection
from tqdm import tqdm

from bench.fill import fill, sign_in
from bench.load import Call, Client
from bench.report import Circumstances, as_text, rows_of, write_page
from bench.scenarios import FIRST_NUMBER, OPERATIONS, get_one
from bench.servers import bare, product
from core.devdb import PROJECT

QUICK = os.environ.get("BENCH_QUICK", "") not in ("", "0")
PURCHASES = int(os.environ.get("BENCH_PURCHASES", "3000" if QUICK else "20000"))
ROUNDS = 3 if QUICK else 5
CALLS = 100 if QUICK else 300
WARM_UP_CALLS = 60


def measure(stack: contextlib.ExitStack, postmaster: psutil.Process) -> None:
    """Fill, measure, print, and write docs/performance.md. The servers end with `stack`."""
    customers = fill(PURCHASES)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone()
    connection.close()
    ours_server = stack.enter_context(product(postmaster))
    ours = Client(ours_server, sign_in(ours_server))
    beside = Client(stack.enter_context(bare(postmaster)), {})
    stack.callback(ours.close)
    stack.callback(beside.close)
    _go_round(beside, ours, range(FIRST_NUMBER, FIRST_NUMBER + WARM_UP_CALLS), customers)
    _refuse_different_answers(beside, ours)
    figures: dict[Client, dict[str, list[float]]] = {beside: defaultdict(list), ours: defaultdict(list)}
    for number in tqdm(range(1, ROUNDS + 1), unit="round", desc="measuring"):
        first = FIRST_NUMBER + number * 10_000
        for client, operation, cost in _go_round(beside, ours, range(first, first + CALLS), customers):
            figures[client][operation].append(cost)
    rows = rows_of(figures[beside], figures[ours])
    print(as_text(rows))
    on = Circumstances(purchases=PURCHASES, rounds=ROUNDS, calls=CALLS, postgresql=version)
    write_page(PROJECT / "docs" / "performance.md", rows, on)


def _go_round(beside: Client, ours: Client, numbers: range, customers: list[str]) -> list[tuple[Client, str, float]]:
    """Every operation once on both, first on the one and then on the other."""
    costs = []
    for operation in OPERATIONS:
        calls = list(operation.calls(numbers, customers))
        costs += [(client, operation.name, client.measure(calls)) for client in (beside, ours)]
    return costs


def _refuse_different_answers(beside: Client, ours: Client) -> None:
    """Both must have come to the same total for the same body: else they did not do the same work."""
    call: Call = next(get_one([FIRST_NUMBER], []))
    total = orjson.loads(ours.answer(call))["calculated_total"]["number"]
    other = f"{Decimal(orjson.loads(beside.answer(call))['calculated_total']):.2f}"
    if total != other:
        raise SystemExit(f"bench: the product answers a total of {total}, the bare handler one of {other}.")
