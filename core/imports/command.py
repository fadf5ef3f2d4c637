"""`manage.py import_…`: a file into the operations of a room, with progress, a dry run, and every row at fault."""

from __future__ import annotations

import csv
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.utils import timezone
from tqdm import tqdm

from core.acting import act_as
from core.actors import Actor, ActorKind
from core.errors import Conflict
from core.imports.importer import OUTCOMES, REJECTED, Importer, Outcome
from core.imports.reading import ENDINGS, Format, RowFile, format_of
from core.imports.rows import Column, UnreadableFile
from core.imports.run import run_import
from core.models import Site
from core.spreadsheets import harmless

NAMED = 50
"""Faults that are told one by one; the number of the others is told."""

_BEHAVIOUR = """\
Each piece of the file is stored by itself. A run that was cut off is run again: what stands already is unchanged.
Rows that are rejected do not keep others from being stored; when there are some the exit code is 1.
"""


class _Help(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of the columns."""


class ImportCommand(BaseCommand):
    """The command of one importer, whose name is the command's own."""

    importer: ClassVar[type[Importer]]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("formatter_class", _Help)
        kwargs.setdefault("epilog", f"{_BEHAVIOUR}\n{columns_of(self.importer)}")
        self.subcommand = subcommand
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f"its name ends in {ENDINGS}, unless --format says what it is")
        parser.add_argument("--site", required=True, help="the site's id, such as jones-climbing")
        parser.add_argument("--format", type=Format, choices=list(Format), help="what the file is")
        parser.add_argument("--dry-run", action="store_true", help="tell what the run would tell; write nothing")
        parser.add_argument("--errors", type=Path, metavar="FILE", help="write every row at fault to this CSV file")
        for column in self.importer.columns:
            if column.for_file:
                option = f"--{column.name.replace('_', '-')}"
                parser.add_argument(option, dest=column.name, help=f"of every row that names none: {column.help}")

    def handle(self, *_args: Any, **options: Any) -> None:
        site = Site.objects.filter(slug=options["site"]).first()
        if site is None:
            raise CommandError(f"There is no site {options['site']}.")
        try:
            told = self._run(site, options)
        except UnreadableFile as refusal:
            raise CommandError(f"{refusal} Nothing was written.") from None
        self._summarise(told)
        if options["dry_run"]:
            self.stderr.write("A dry run: nothing was written.")
        if count := told.outcomes[REJECTED]:
            raise CommandError(f"{count} {self.importer.name} were rejected.", returncode=1)

    def _run(self, site: Site, options: dict[str, Any]) -> _Told:
        actor = Actor(ActorKind.SYSTEM, self.subcommand)
        act_as(actor)
        importer = self.importer(site=site, actor=actor, now=timezone.now())
        with ExitStack() as open_files:
            file = open_files.enter_context(_opened(options["file"]))
            columns = self.importer.columns
            given = {column.name: options[column.name] for column in columns if options.get(column.name)}
            row_file = RowFile(file, options["format"] or format_of(options["file"].name), columns, given)
            total = row_file.count()
            told = _Told(open_files.enter_context(_errors_file(options["errors"])) if options["errors"] else None)
            bar = open_files.enter_context(tqdm(total=total, unit=" rows", disable=None, file=self.stderr))

            def tell(outcomes: Sequence[Outcome]) -> None:
                told.add(outcomes)
                bar.update(sum(len(outcome.record.rows) for outcome in outcomes))

            try:
                run_import(importer=importer, rows=row_file.rows(), dry_run=options["dry_run"], told=tell)
            except Conflict as refusal:
                raise CommandError(f"After {told.rows} rows: {refusal} Run it again.") from None
        return told

    def _summarise(self, told: _Told) -> None:
        for fault in told.named:
            self.stdout.write(fault)
        if told.faults > len(told.named):
            self.stdout.write(f"… and {told.faults - len(told.named)} more")
        counts = ", ".join(f"{told.outcomes[word]} {word}" for word in OUTCOMES)
        self.stdout.write(f"{told.rows} rows. {self.importer.name.capitalize()}: {counts}.")


class _Told:
    """What a run has come to so far. Faults beyond those that are named go to the file of errors, not to memory."""

    def __init__(self, errors: TextIO | None) -> None:
        self.rows = 0
        self.outcomes: Counter[str] = Counter()
        self.faults = 0
        self.named: list[str] = []
        self._errors = csv.writer(errors) if errors else None
        if self._errors:
            self._errors.writerow(["line", "property", "message"])

    def add(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self.rows += len(outcome.record.rows)
            self.outcomes[outcome.word] += 1
            for fault in outcome.faults:
                self.faults += 1
                if len(self.named) < NAMED:
                    self.named.append(str(fault))
                if self._errors:
                    self._errors.writerow([fault.line, harmless(fault.property), harmless(fault.message)])


def columns_of(importer: type[Importer]) -> str:
    """The columns for people, one a line."""
    return "\n".join(
        [
            "Columns of CSV and XLSX (* needed); empty cells say nothing:",
            *(f"  {_shown(column):<32} {column.help}" for column in importer.columns),
            "",
            f"JSON lines: {importer.document}",
        ]
    )


def _shown(column: Column) -> str:
    return column.name + ("…" if column.is_family else "") + ("*" if column.required else "")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None


def _errors_file(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
