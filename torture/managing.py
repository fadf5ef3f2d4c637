"""Commands of `manage.py`, as an operator gives them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection

from core.devdb import PROJECT


def manage(*words: str, url: str, program: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run one on the database at `url`, by the program in this directory; what it said, and its code."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True, check=False)


def manage_here(*words: str) -> subprocess.CompletedProcess[str]:
    """The same by this process, on its own database, which is quicker."""
    said = io.StringIO()
    try:
        call_command(*words, stdout=said, no_color=True)
    except CommandError as error:
        return subprocess.CompletedProcess(words, 1, said.getvalue(), str(error))
    finally:
        connection.close()
    return subprocess.CompletedProcess(words, 0, said.getvalue(), "")
