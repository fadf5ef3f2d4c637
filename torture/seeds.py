"""`python -m torture.seeds`: what tests draw, drawn anew: calls that the description calls possible, histories, spoilt
documents, many in one call, orders on their way.

The suite draws the same cases at every run. Here its tests run three times, each time from a seed of its own, which is
told; `--seed` repeats one. Ends with code 1 when a run fails.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys

from core.devdb import PROJECT

TIMES = 3
FILES = (
    "tests/test_what_is_described.py",
    "purchasing/tests/test_histories.py::test_histories",
    "tests/test_hostile_bodies.py",
    "cortex/tests/test_hostile.py",
    "purchasing/tests/test_bulk.py",
    "purchasing/tests/test_order_walk.py::test_pieces_and_cents_add_up",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="seeds", description=__doc__)
    parser.add_argument("--seed", type=int, action="append", help="instead of random ones; may be given several times")
    parser.add_argument("tests", nargs="*", default=FILES, help="files or tests, instead of all that are drawn")
    words = parser.parse_args()
    return max(_run(number, words.tests) for number in words.seed or [secrets.randbits(32) for _time in range(TIMES)])


def _run(number: int, tests: list[str]) -> int:
    """One run; 1 when it failed."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", f"--hypothesis-seed={number}", *tests]
    environment = {**os.environ, "SEED": str(number)}
    run = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    print(f"seed {number:10} {'clean' if run.returncode == 0 else 'MISSED'}: {_last_line(run.stdout)}", flush=True)
    if run.returncode:
        print(run.stdout[-20_000:], run.stderr[-2_000:])
    return int(run.returncode != 0)


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "")


if __name__ == "__main__":
    sys.exit(main())
