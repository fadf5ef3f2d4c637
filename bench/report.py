"""The figures as a table: on the terminal, and in docs/performance.md."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.scenarios import OPERATIONS, Operation

HEADINGS = ("operation", "bare handler, CPU ms", "ours, CPU ms", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the figures were measured on."""

    purchases: int
    rounds: int
    calls: int
    postgresql: str


Figures = Mapping[str, Sequence[float]]
"""CPU milliseconds per call of each round, by operation."""


def rows_of(bare: Figures, ours: Figures) -> list[tuple[str, ...]]:
    """One row per operation; the last column says whether the target holds."""
    rows: list[tuple[str, ...]] = []
    for operation in OPERATIONS:
        beside = ours[operation.of] if operation.of else bare[operation.name]
        ratio = statistics.median(ours[operation.name]) / statistics.median(beside)
        rows.append(
            (
                operation.name,
                _spread(bare[operation.name]),
                _spread(ours[operation.name]),
                f"{ratio:.2f} ×",
                _target(operation),
                "holds" if ratio <= operation.limit else "missed",
            )
        )
    return rows


def as_text(rows: Sequence[tuple[str, ...]]) -> str:
    """The table in columns, for a terminal."""
    table = [HEADINGS, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def write_page(path: Path, rows: Sequence[tuple[str, ...]], on: Circumstances) -> None:
    """docs/performance.md with these figures."""
    lines = ["| " + " | ".join(row) + " |" for row in (HEADINGS, ("---",) * len(HEADINGS), *rows)]
    template = (Path(__file__).parent / "performance.md").read_text()
    page = template.replace("{table}", "\n".join(lines)).replace("{circumstances}", _circumstances(on))
    path.write_text(page)


def _target(operation: Operation) -> str:
    return f"≤ {operation.limit} × " + ("a changing PUT" if operation.of else "bare")


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _circumstances(on: Circumstances) -> str:
    return (
        f"{date.today():%d %B %Y}: {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "  # noqa: DTZ011  # the reader's calendar
        f"PostgreSQL {on.postgresql}; {on.purchases:,} purchases stored beforehand, {on.rounds} rounds of {on.calls} "
        "calls per operation and server."
    )
