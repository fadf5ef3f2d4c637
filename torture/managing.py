"""Commands of `manage.py`, as an operator gives them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from core.devdb import PROJECT


def manage(*words: str, url: str, program: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run one on the database at `url`, by the program in this directory; what it said, and its code."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True, check=False)
