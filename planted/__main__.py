"""`python -m planted`: plants each defect into a copy, runs its tests there, says which were caught.

Words name the threats or defects to try, by any part of their text; without any all are tried, and the table in
docs/security.md is written anew. Ends with code 1 when one was missed, or does not fit the source any more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from core.devdb import PROJECT, EmbeddedServer, database_at_hand
from planted.copies import copy_of_project, run_tests
from planted.defect import Defect
from planted.defects import DEFECTS
from planted.page import write_table

FAILED = 1
"""What pytest ends with when tests failed; other codes say that they could not be run, which catches nothing."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="planted", description=__doc__)
    parser.add_argument("words", nargs="*", help="only defects whose threat or description holds one of these")
    words: list[str] = parser.parse_args().words
    chosen = [item for item in DEFECTS if not words or any(word in f"{item.threat} {item.says}" for word in words)]
    if not chosen:
        parser.error("no defect is called so")
    server = EmbeddedServer(PROJECT / ".data" / "test-postgres", hasty=True)
    with tempfile.TemporaryDirectory(prefix="planted-") as scratch, database_at_hand(server):
        copy = Path(scratch) / "project"
        copy_of_project(copy)
        code, output = run_tests(copy, sorted({test for defect in chosen for test in defect.tests}))
        if code != 0:
            print(f"{output}\nplanted: these tests have to pass before anything is planted.")
            return 1
        missed = [defect for defect in chosen if not _is_caught(copy, defect)]
    print(f"planted: {len(chosen) - len(missed)} of {len(chosen)} defects caught.")
    if not words and not missed:
        write_table(PROJECT / "docs" / "security.md", DEFECTS)
    return int(bool(missed))


def _is_caught(copy: Path, defect: Defect) -> bool:
    """Whether its tests fail in the copy with the defect; the copy is as before afterwards."""
    before = {edit.path: (copy / edit.path).read_bytes() for edit in defect.edits}
    try:
        for edit in defect.edits:
            edit.apply(copy)
        code, output = run_tests(copy, defect.tests)
    except ValueError as refusal:
        code, output = None, str(refusal)
    finally:
        for path, content in before.items():
            (copy / path).write_bytes(content)
    word = "caught" if code == FAILED else "MISSED" if code is not None else "LOST"
    print(f"{word:8}{defect.threat}: {defect.says}", flush=True)
    if code != FAILED:
        print(output)
    return code == FAILED


if __name__ == "__main__":
    sys.exit(main())
