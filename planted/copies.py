"""A copy of the project to spoil, and pytest in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from core.devdb import PROJECT

NOT_COPIED = shutil.ignore_patterns(".*", "staticfiles", "__pycache__", "node_modules", "images", "samples.zip")


def copy_of_project(to: Path) -> None:
    """Everything but what running it has made."""
    shutil.copytree(PROJECT, to, ignore=NOT_COPIED)


def run_tests(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """pytest's exit code and output, ended at the first failure. Python keeps no compiled files there."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-n", "0", *tests]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(words, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    return result.returncode, result.stdout[-4000:] + result.stderr[-2000:]
