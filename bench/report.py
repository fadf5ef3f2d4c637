"""The figures as tables: on the terminal, and in the blocks of docs/performance.md that are measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.figures import BARE, Run

Table = Sequence[Sequence[str]]
NAMES = {BARE: "bare handler"}
MEMORY_HEADINGS = ("memory after the run, MB", "process", "RSS", "PSS")


def as_text(table: Table) -> str:
    """In columns, for a terminal."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def as_markdown(table: Table) -> str:
    heading, *rows = table
    return "\n".join("| " + " | ".join(row) + " |" for row in (heading, ["---"] * len(heading), *rows))


def memory_rows(run: Run) -> Iterable[tuple[str, ...]]:
    """A row for each process of the servers."""
    for whose, processes in run.memory.items():
        for held in processes:
            pss = "" if held.pss is None else f"{held.pss:.0f}"
            yield NAMES.get(whose, whose), held.process, f"{held.rss:.0f}", pss


def circumstances(run: Run) -> str:
    return (
        f"{run.measured_on}: {run.machine}, PostgreSQL {run.postgresql}; {run.purchases:,} purchases stored "
        f"beforehand, {run.rounds} rounds of {run.calls} calls per operation and server."
    )


def write_block(path: Path, name: str, text: str) -> None:
    """Put the text between the two comments of this name; everything else on the page stays.

    Raises SystemExit when the page does not have them.
    """
    begin, end = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    before, found, rest = path.read_text().partition(begin)
    _old, ended, after = rest.partition(end)
    if not (found and ended):
        raise SystemExit(f"bench: {path.name} has no block {begin} … {end} to write to.")
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}")
