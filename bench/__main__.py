"""`python -m bench`: measures, prints the tables and writes docs/performance.md. Uses databases of its own.

`--scale N`: the same with 1,000 purchases stored and with N, in turns, and how much more each operation costs then.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from tqdm import tqdm

from bench.figures import BARE, OURS, Run, keep_run, moved, read_run
from bench.plot import plot
from bench.report import MEMORY_HEADINGS, as_markdown, as_text, circumstances, memory_rows, write_block
from bench.stage import perform
from bench.targets import HEADINGS, LINEAR_HEADINGS, grown, growth_headings, judged, linear
from core.devdb import PROJECT

FEW = 1_000
PAGE, PLOT = PROJECT / "docs" / "performance.md", PROJECT / "docs" / "performance.svg"
KEPT = PROJECT / ".data" / "bench"
QUICK = os.environ.get("BENCH_QUICK", "") not in ("", "0")
PURCHASES = int(os.environ.get("BENCH_PURCHASES", "2000" if QUICK else "20000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3" if QUICK else "9"))
CALLS, SEARCHES = (60, 6) if QUICK else (200, 20)
PRICES = int(os.environ.get("BENCH_PRICES", "50000" if QUICK else "500000"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--scale", type=int, metavar="N", help=f"compare N purchases stored with {FEW:,}")
    scale: int | None = parser.parse_args().scale
    if scale is not None and scale <= FEW:
        parser.error(f"--scale takes a number above {FEW:,}.")
    runs = measure([FEW, scale] if scale else [PURCHASES], kept=scale)
    tell(runs)


def measure(sizes: Sequence[int], *, kept: int | None) -> list[Run]:
    """A run with each number of purchases stored beforehand, all in turns; the database of `kept` stays for later."""
    with contextlib.ExitStack() as stack:
        # What takes longest to fill begins: nobody's token grows old meanwhile.
        pipes = {size: stack.enter_context(stage(size, keep=size == kept)) for size in reversed(sizes)}
        costs: dict[int, Any] = {size: {BARE: defaultdict(list), OURS: defaultdict(list)} for size in sizes}
        for number in tqdm(range(1, ROUNDS + 1), unit="round", desc="measuring"):
            for size, pipe in pipes.items():
                for whose, operation, cost in ask(pipe, number):
                    costs[size][whose][operation].append(cost)
        return [run_of(size, costs[size], ask(pipes[size], None)) for size in sizes]


@contextlib.contextmanager
def stage(size: int, *, keep: bool) -> Iterator[Connection]:
    """A process with one database and its servers, ready to be measured."""
    spawned = get_context("spawn")
    ours, theirs = spawned.Pipe()
    wanted = {"purchases": size, "keep": keep, "calls": CALLS, "searches": SEARCHES, "prices": PRICES}
    process = spawned.Process(target=perform, args=(theirs,), kwargs=wanted)
    process.start()
    theirs.close()
    try:
        ask(ours)
        yield ours
    finally:
        ours.close()
        process.join()


def ask(pipe: Connection, *question: int | None) -> Any:
    """What a stage answers; ends the program when the stage has ended, which has said why."""
    try:
        if question:
            pipe.send(question[0])
        return pipe.recv()
    except (EOFError, BrokenPipeError):
        raise SystemExit(1) from None


def run_of(size: int, costs: Mapping[str, Mapping[str, list[float]]], told: Mapping[str, Any]) -> Run:
    return Run(
        purchases=size,
        calls=CALLS,
        measured_on=f"{date.today():%d %B %Y}",  # noqa: DTZ011  # the reader's calendar
        machine=f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
        costs={whose: dict(of) for whose, of in costs.items()},
        **told,
    )


def tell(runs: Sequence[Run]) -> None:
    """Print the tables, write them into the page, and say where the runs differ from the ones before them."""
    shown = runs[-1]
    figures = [HEADINGS, *judged(shown)]
    tables = {"figures": [(circumstances(shown), figures), ("", [MEMORY_HEADINGS, *memory_rows(shown)])]}
    tables["figures"].append(("", [LINEAR_HEADINGS, *linear(shown)]))
    if len(runs) > 1:
        few, many = runs
        headings = growth_headings(few.purchases, many.purchases)
        tables["growth"] = [(circumstances(many), [headings, *grown(few, many)])]
    for name, parts in tables.items():
        for words, table in parts:
            print(*filter(None, (words, as_text(table))), "", sep="\n")
        write_block(PAGE, name, "\n\n".join(f"{words}\n\n{as_markdown(table)}".strip() for words, table in parts))
    PLOT.write_text(plot(shown))
    for run in runs:
        compare(run)


def compare(run: Run) -> None:
    """Say what moved since the last run with as many purchases; the next one is compared with this one."""
    path = KEPT / f"{run.purchases}{'-quick' if QUICK else ''}.json"
    before = read_run(path)
    keep_run(path, run)
    if before is None:
        return
    changes = moved(before, run)
    print(f"Against the run of {before.measured_on}, {run.purchases:,} purchases: ", end="")
    print("outside of what the rounds of both spread over:" if changes else "the same within the spread of the rounds.")
    for (whose, operation), (was, now) in changes.items():
        print(f"  {whose}, {operation}: {was:.2f} → {now:.2f} ms")


if __name__ == "__main__":
    main()
