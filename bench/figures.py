"""What a run has measured: plain values, written as JSON so that the next run can be held against it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from bench.cpu import Memory

BARE, OURS = "bare", "ours"
Costs = dict[str, dict[str, list[float]]]
"""By whose they are and by operation: one figure of each round, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """The figures of one database. `statements`: how many a call sends, for few rows and for many."""

    purchases: int
    entries: int
    calls: int
    measured_on: str
    machine: str
    postgresql: str
    costs: Costs
    statements: dict[str, tuple[int, int]]
    memory: dict[str, list[Memory]]

    def of(self, whose: str, operation: str) -> list[float]:
        return self.costs[whose][operation]

    @property
    def rounds(self) -> int:
        return max(len(values) for of in self.costs.values() for values in of.values())


RUN = TypeAdapter(Run)


def read_run(path: Path) -> Run | None:
    """The run that was kept there, if one was and it had this form."""
    try:
        return RUN.validate_json(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def keep_run(path: Path, run: Run) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(RUN.dump_json(run, indent=1))


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 stay within, of the values measured."""
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def spread(values: Sequence[float]) -> str:
    """`4.30 (4.20–6.00)`: the median, the lowest and the highest."""
    digits = 2 if statistics.median(values) < 100 else 0
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def moved(before: Run, after: Run) -> Mapping[tuple[str, str], tuple[float, float]]:
    """Where two runs disagree beyond their noise: the median of each is outside of the other's lowest and highest."""
    found = {}
    for whose, of in after.costs.items():
        for operation, new in of.items():
            old = before.costs.get(whose, {}).get(operation)
            if not old:
                continue
            was, now = statistics.median(old), statistics.median(new)
            if not (min(old) <= now <= max(old) or min(new) <= was <= max(new)):
                found[whose, operation] = was, now
    return found
