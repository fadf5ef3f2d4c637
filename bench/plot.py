"""The figures as a picture: ours, the bare handler and our targets beside what peers cost. Pure; light and dark."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bench.figures import BARE, OURS, Run
from bench.scenarios import GET, LIST, NEW, PAY
from bench.targets import TARGETS

PEERS = ("typed DRF, tuned", "DRF, nested serializers", "Saleor 3.24", "Medusa 2.21", "Vendure 3.7", "oscar-api 3.3")
COSTS: dict[str, tuple[str, Sequence[float | None]]] = {
    NEW: ("store an order", (1.17, 11.6, 161, 233, 379, 378)),
    GET: ("read one", (0.94, 4.6, 36, 31, 5.1, 37)),
    LIST: ("newest 50 of a customer", (1.15, 4.2, 85, 212, 13.7, 217)),
    PAY: ("record a payment", (0.90, 7.5, 88, 133, 75, None)),
}
"""CPU milliseconds, measured once on 2 shared cores with PostgreSQL 15, 4 connections, 20,000 purchases, ten lines."""
LOWEST, HIGHEST = 0.1, 1_000.0
WIDTH, LEFT, RIGHT, ROW, HEAD, TOP = 760, 190, 70, 19, 34, 56
STYLE = """
.paper { fill: #fff } text { fill: #1f2328; font: 12px system-ui, sans-serif } .quiet { fill: #59636e }
.title { font-weight: 600 } .grid { stroke: #d1d9e0 } .line { stroke: #8c959f; stroke-width: 2 } .dot { fill: #8c959f }
.ours .line { stroke: #0969da } .ours .dot { fill: #0969da } .ours text { font-weight: 600 }
.target { stroke: #bc4c00; stroke-width: 3 } .of-target { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117 } text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
.line { stroke: #656c76 } .dot { fill: #9198a1 } .ours .line { stroke: #4493f8 } .ours .dot { fill: #4493f8 }
.target { stroke: #f0883e } .of-target { fill: #f0883e } }
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: `target` is where it may end."""

    name: str
    cost: float | None
    target: float | None = None


def plot(run: Run) -> str:
    """The picture as text."""
    parts = list(_parts(run))
    height = TOP + sum(HEAD + ROW * len(rows) for _title, rows in groups(run)) + 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="CPU milliseconds of each operation: ours, the bare handler and others">\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="paper" width="{WIDTH}" height="{height}"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def groups(run: Run) -> list[tuple[str, list[Row]]]:
    """What is drawn: an operation with its bars, from the bare handler on."""
    limits = {target.operation: target.limit for target in TARGETS}
    found = []
    for operation, (title, costs) in COSTS.items():
        bare = statistics.median(run.of(BARE, operation))
        ours = Row("ours", statistics.median(run.of(OURS, operation)), target=bare * limits[operation])
        peers = [Row(name, cost) for name, cost in zip(PEERS, costs, strict=True)]
        found.append((title, [Row("bare handler", bare), ours, *peers]))
    return found


def place(cost: float) -> float:
    """Where a cost stands from left to right; each step of the scale is ten times the one before it."""
    share = math.log10(cost / LOWEST) / math.log10(HIGHEST / LOWEST)
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(share, 0), 1)


def _parts(run: Run) -> Iterator[str]:
    bottom = TOP + sum(HEAD + ROW * len(rows) for _title, rows in groups(run))
    yield _text(12, 22, "CPU milliseconds per operation, server and PostgreSQL together", "title")
    yield f'<path class="target" d="M {WIDTH - RIGHT - 96} 12 v 12"/>'
    yield _text(WIDTH - RIGHT - 88, 22, "our target", "of-target")
    tick = LOWEST
    while tick <= HIGHEST:
        yield f'<path class="grid" d="M {place(tick):.1f} {TOP} V {bottom}"/>'
        yield _text(place(tick), TOP - 8, f"{tick:,g} ms", "quiet", anchor="middle")
        tick *= 10
    y = TOP
    for title, rows in groups(run):
        yield _text(12, y + HEAD - 10, title, "title")
        y += HEAD
        for row in rows:
            yield from _bar(row, y)
            y += ROW


def _bar(row: Row, y: int) -> Iterator[str]:
    middle = y + ROW / 2 - 1
    yield f'<g class="{"ours" if row.target else "other"}">'
    yield _text(LEFT - 8, middle + 4, row.name, anchor="end")
    if row.cost is None:
        yield _text(LEFT + 8, middle + 4, "cannot", "quiet")
    else:
        x = place(row.cost)
        yield f'<path class="line" d="M {LEFT} {middle} H {x:.1f}"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{middle}" r="4"/>'
        beyond = max(x, place(row.target)) if row.target else x
        yield _text(beyond + 9, middle + 4, _three_digits(row.cost))
    if row.target:
        yield f'<path class="target" d="M {place(row.target):.1f} {y} v {ROW - 3}"/>'
    yield "</g>"


def _three_digits(cost: float) -> str:
    return f"{cost:.{2 if cost < 10 else 1 if cost < 100 else 0}f}"


def _text(x: float, y: float, words: str, kind: str = "", *, anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(words)}</text>'
