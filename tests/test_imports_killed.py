"""An import that is killed half-way and started again: no row missing, none doubled.

The command runs as a process of its own, on a terminal, so that its progress is seen. `IMPORT_ROWS=10000` runs it with
that many rows of each kind.
"""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from core.models import Site
from core.tests.imports.runs import Told, counts, run_command
from tests.import_kinds import Kind, keys, kinds, nothing_else

ROWS = int(os.environ.get("IMPORT_ROWS", "0"))
_PROGRESS = re.compile(rb"(\d+)/(\d+) \[")

pytestmark = pytest.mark.django_db(transaction=True)


def start(kind: Kind, path: Path, **streams: int) -> subprocess.Popen[str]:
    """The command against the database of this test."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return subprocess.Popen(
        [sys.executable, "manage.py", kind.command, str(path), "--site", "jones-climbing"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "DATABASE_URL": address, "TQDM_MININTERVAL": "0"},
        text=True,
        **streams,  # type: ignore[call-overload]  # standard output and error
    )


def kill_after(rows: int, kind: Kind, path: Path) -> None:
    """Start it, and kill it once its bar shows that many rows."""
    terminal, its_side = pty.openpty()
    process = start(kind, path, stdout=its_side, stderr=its_side)
    os.close(its_side)
    shown = b""
    while not any(int(done) >= rows for done, _total in _PROGRESS.findall(shown)):
        shown += os.read(terminal, 65_536)  # raises when the process has ended before
    process.send_signal(signal.SIGKILL)
    process.wait()
    os.close(terminal)


@pytest.mark.parametrize("command", kinds(0))
def test_what_was_killed_is_started_again(site: Site, tmp_path: Path, command: str) -> None:
    rows = ROWS or max(kinds(0)[command].piece * 21 // 10, 40)
    kind = kinds(rows)[command]
    kind.set_up(site)
    path = tmp_path / "rows.csv"
    path.write_text(kind.text(rows))
    half = rows // 2
    before_half = half // kind.piece * kind.piece

    with transaction.atomic():
        kind.hold(site, half)  # the piece with this row waits, so that nothing after it is stored
        kill_after(before_half, kind, path)
        transaction.set_rollback(True)
    assert stored(kind, site) == keys(command, before_half)

    told = run_command(command, site, path)

    assert told == Told([counts(rows, kind.name, created=rows - before_half, unchanged=before_half)], is_well=True)
    assert stored(kind, site) == keys(command, rows)
    assert nothing_else(site, command, rows)


def stored(kind: Kind, site: Site) -> list[str]:
    return sorted(map(str, kind.stored(site)))


def test_rejected_rows_are_told_by_the_exit_code(site: Site, tmp_path: Path) -> None:
    kind = kinds(2)["import_prices"]
    kind.set_up(site)
    path = tmp_path / "rows.csv"
    path.write_text(kind.text(2).replace("1.50", "much"))

    process = start(kind, path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told, aside = process.communicate()

    assert process.returncode == 1
    assert told.splitlines()[-1] == counts(2, "Prices", created=1, rejected=1)
    assert aside == "CommandError: 1 prices were rejected.\n"
