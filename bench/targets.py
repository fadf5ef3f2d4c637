"""What the operations may cost, and whether they keep to it. Pure.

The limits are the project's own: ours asks who calls, checks everything, names every fault, keeps revisions, ledger and
history, and locks.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from bench.figures import BARE, OURS, Run, spread
from bench.scenarios import (
    ACCOUNT,
    BULK,
    BULK_FEW,
    DEEP,
    GET,
    LIST,
    NEW,
    OFFICE,
    PAY,
    PAY_LARGEST,
    PRICES,
    PRICES_FEW,
    REPLACED,
    SAME,
    SEARCH,
)

HOLDS, MISSED = "holds", "missed"
HEADINGS = ("operation", "bare handler, CPU ms", "ours, CPU ms", "", "target", "")
GROWTH = 1.3
LINEAR = {BULK: (BULK_FEW, 1), PRICES: (PRICES_FEW, 5)}
"""What is linear: beside the operation of fewer things; so many times its cost is that of as many."""
SEARCHING = "search"


@dataclass(frozen=True, slots=True)
class Target:
    """`limit`: a multiple of `beside`, an operation of ours or (`of_bare`) of the bare handler; else milliseconds.

    `statements`: fewer than these for many rows, 0: as many for many as for few.
    """

    operation: str
    limit: float
    beside: str = ""
    of_bare: bool = True
    words: str = "bare"
    statements: int | None = None


TARGETS = (
    Target(NEW, 2.0, NEW),
    Target(REPLACED, 2.0, REPLACED),
    Target(SAME, 0.6, REPLACED, of_bare=False, words="a changing PUT"),
    Target(GET, 2.5, GET),
    Target(LIST, 2.0, LIST),
    Target(DEEP, 2.0, LIST, words="bare, newest"),
    Target(SEARCHING, 50),
    Target(PAY, 4.0, PAY),
    Target(PAY_LARGEST, 4.0, PAY),
    Target(BULK, 0.5, NEW, of_bare=False, words="a single PUT"),
    Target(PRICES, 1_000, statements=0),
    Target(OFFICE, 300, statements=30),
    Target(ACCOUNT, 60, statements=12),
)


def judged(run: Run) -> Iterator[tuple[str, ...]]:
    """A row for each target: the last cell says whether it holds."""
    for target in TARGETS:
        operation = _operation(run, target)
        ours = run.of(OURS, operation)
        cost = statistics.median(ours)
        beside = run.of(BARE if target.of_bare else OURS, target.beside) if target.beside else []
        ratio = cost / statistics.median(beside) if beside else cost
        holds = ratio <= target.limit if beside else cost < target.limit
        said = [f"{ratio:.2f} ×"] if beside else []
        wanted = [f"≤ {target.limit} × {target.words}" if beside else f"< {target.limit:,} ms"]
        if target.statements is not None:
            few, many = run.statements[target.operation]
            said.append(f"{many} statements" + ("" if target.statements else f", {few} for a fifth"))
            wanted.append(f"< {target.statements} statements" if target.statements else "as many for a fifth")
            holds = holds and (many < target.statements if target.statements else many == few)
        bare = run.costs[BARE].get(operation)
        yield (
            _name(operation, run),
            spread(bare) if bare else "",
            spread(ours),
            ", ".join(said),
            ", ".join(wanted),
            HOLDS if holds else MISSED,
        )


def growth_headings(few: int, many: int) -> tuple[str, ...]:
    return ("operation", f"at {few:,}, ms", f"at {many:,}, ms", "growth", "of the bare handler", "target", "")


def grown(few: Run, many: Run) -> Iterator[tuple[str, ...]]:
    """A row for each operation: what it costs with many purchases stored, beside few. Search is elapsed time."""
    for target in TARGETS:
        operation = _operation(many, target)
        small, large = few.of(OURS, operation), many.of(OURS, operation)
        bare_small, bare_large = (run.costs[BARE].get(operation) for run in (few, many))
        growth = statistics.median(large) / statistics.median(small)
        if target.operation == SEARCHING:
            wanted, holds = f"< {target.limit:g} ms", statistics.median(large) < target.limit
        else:
            wanted, holds = f"≤ {GROWTH} ×", growth <= GROWTH
        yield (
            _name(operation, many),
            spread(small),
            spread(large),
            f"{growth:.2f} ×",
            f"{statistics.median(bare_large) / statistics.median(bare_small):.2f} ×"
            if bare_small and bare_large
            else "",
            wanted,
            HOLDS if holds else MISSED,
        )


def linear(run: Run) -> Iterator[tuple[str, ...]]:
    """A row for each operation of many things: what each costs in a large call, beside a smaller one."""
    for operation, (smaller, times) in LINEAR.items():
        large, small = run.of(OURS, operation), [cost * times for cost in run.of(OURS, smaller)]
        ratio = statistics.median(large) / statistics.median(small)
        words = f"{smaller}, {times} times" if times > 1 else smaller
        yield (operation, words, f"{ratio:.2f} ×", f"≤ {GROWTH} ×", HOLDS if ratio <= GROWTH else MISSED)


LINEAR_HEADINGS = ("operation", "beside", "cost of each", "target", "")


def _operation(run: Run, target: Target) -> str:
    """What a target speaks of: of all kinds of search the slowest."""
    if target.operation != SEARCHING:
        return target.operation
    of = run.costs[OURS]
    return max((name for name in of if name.startswith(SEARCH)), key=lambda name: statistics.median(of[name]))


def _name(operation: str, run: Run) -> str:
    if operation == PAY_LARGEST:
        return f"{operation} ({run.entries:,} entries)"
    return f"{operation} (the slowest kind), elapsed p95" if operation.startswith(SEARCH) else operation
