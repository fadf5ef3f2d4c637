"""`make lint`: every check that needs no running system; says which failed and ends with code 1 if any did."""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django_migration_linter import MigrationLinter

from core.devdb import PROJECT, EmbeddedServer, database_at_hand

APPS = ("core", "customers", "catalog", "pricing", "purchasing", "cortex")
"""Whose migrations are judged; those of libraries are not ours."""
PYTHON = [sys.executable]
MANAGE = [sys.executable, "manage.py"]

PRODUCTION = {
    "ENV_FILE": "none",
    "HTTPS": "1",
    "DEBUG": "0",
    "ALLOWED_HOSTS": "orders.example.com",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "STATIC_MANIFEST": "1",
    "LOG_LEVEL": "WARNING",
}
"""A server as it should be; a check that warns about it would warn every operator."""


def checks(schema: Path) -> list[tuple[str, list[str]]]:
    """What is checked, in order, and the command that does it."""
    spectacular = [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", str(schema)]
    return [
        ("format", [*PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
        ("lint", [*PYTHON, "-m", "ruff", "check", "--quiet", "."]),
        ("templates", [*PYTHON, "-m", "djlint", "--lint", "--quiet", "templates"]),
        ("types", [*PYTHON, "-m", "mypy"]),
        ("imports", [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]),
        ("migrations are complete", [*MANAGE, "makemigrations", "--check", "--dry-run", "--verbosity", "0"]),
        ("migrations run beside the old code", [*PYTHON, "-m", "sparkproject.lint", "--migrations"]),
        ("system checks", [*MANAGE, "check", "--fail-level", "WARNING"]),
        ("system checks for production", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
        ("schema", spectacular),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="lint", description=__doc__)
    parser.add_argument("--write-schema", type=Path, metavar="FILE", help="only write the OpenAPI description")
    parser.add_argument("--migrations", action="store_true", help="only judge the migrations")
    words = parser.parse_args()
    if words.migrations:
        sys.exit(_lint_migrations())
    schema: Path | None = words.write_schema
    os.chdir(PROJECT)
    os.environ.update(PRODUCTION)
    server = EmbeddedServer(PROJECT / ".data" / "test-postgres", hasty=True)
    with database_at_hand(server), tempfile.TemporaryDirectory() as scratch:
        todo = checks(schema or Path(scratch) / "openapi.yaml")
        failed = [name for name, words in (todo[-1:] if schema else todo) if not _passes(name, words)]
    if failed:
        sys.exit(f"make lint: {', '.join(failed)} failed.")


def _lint_migrations() -> int:
    """Whether a migration would break the code that still runs while it is applied; the exit code."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "sparkproject.settings"
    django.setup()
    linter = MigrationLinter(str(PROJECT), include_apps=APPS, no_cache=True, quiet=["ok", "ignore", "warning"])
    linter.lint_all_migrations()
    return int(linter.has_errors)


def _passes(name: str, words: list[str]) -> bool:
    print(f"· {name}", flush=True)
    return subprocess.run(words, check=False).returncode == 0


if __name__ == "__main__":
    main()
