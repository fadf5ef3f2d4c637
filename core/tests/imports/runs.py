"""Runs of the import commands, and what they told."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command

from core.models import Site

EXAMPLES = Path(__file__).parents[3] / "docs" / "imports"
"""One for each kind and format, as they are published."""


@dataclass(frozen=True)
class Told:
    """What a run wrote on standard output, and whether it ended well."""

    lines: list[str]
    is_well: bool

    @property
    def last(self) -> str:
        return self.lines[-1]


def run_command(command: str, site: Site, path: Path, *words: str, **options: Any) -> Told:
    """Run it in this process. A refusal of the file as a whole is raised."""
    out = StringIO()
    is_well = True
    try:
        call_command(command, str(path), "--site", site.slug, *words, stdout=out, stderr=StringIO(), **options)
    except CommandError as error:
        if not out.getvalue():
            raise
        is_well = "were rejected" not in str(error)
    return Told(out.getvalue().splitlines(), is_well)


def counts(rows: int, name: str, *, created: int = 0, updated: int = 0, unchanged: int = 0, rejected: int = 0) -> str:
    """The last line of a run."""
    figures = f"{created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected"
    return f"{rows} rows. {name}: {figures}."
