"""`manage.py import_rates`: exchange rates to US dollars, and the purchases that waited for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from pricing.models import ECB, SOURCE_LENGTH
from pricing.publishing import announce, publish
from pricing.rate_files import ECB_HISTORY, OWN_COLUMNS, BadRow, UnreadableFile, read_rate_file

_NAMED = 50
"""Bad rows that are named; the number of the others is told."""


class Command(BaseCommand):
    help = (
        "Stores exchange rates to US dollars, then works out calculated_total_usd of the purchases that had none. "
        "Without a file: those of the European Central Bank that ship with the program. A repeat changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=ECB_HISTORY,
            help=f"a CSV with the columns {', '.join(OWN_COLUMNS)}; or the bank's own eurofxref file, ZIP or CSV",
        )
        parser.add_argument("--source", default="", help="who published your own rates; kept with each of them")
        parser.add_argument("--dry-run", action="store_true", help="read, check and count; write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            file = read_rate_file(options["file"])
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        source = _source(options["source"], of_ecb=file.of_ecb)
        if file.bad_rows:
            self._name(file.bad_rows)
            raise CommandError(f"{len(file.bad_rows)} rows cannot be read. Nothing was written.")
        dry_run = options["dry_run"]
        with tqdm(total=len(file.rates), unit=" rates", disable=None, file=self.stderr) as bar:
            done = publish(file.rates, source=source, dry_run=dry_run, progress=bar.update)
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{done.added} rates {would}added, {done.changed} {would}changed, {done.unchanged} unchanged."
        )
        if not dry_run:
            with tqdm(unit=" purchases", disable=None, file=self.stderr) as bar:
                filled = announce(now=timezone.now(), progress=bar.update)
            self.stdout.write(f"{filled} purchases got their total in US dollars.")

    def _name(self, bad_rows: list[BadRow]) -> None:
        for row in bad_rows[:_NAMED]:
            self.stderr.write(f"line {row.line}: {row.reason}")
        if len(bad_rows) > _NAMED:
            self.stderr.write(f"… and {len(bad_rows) - _NAMED} more")


def _source(named: str, *, of_ecb: bool) -> str:
    """Raises CommandError when own rates do not say who published them, or say that the bank did."""
    if of_ecb:
        return ECB
    if not named or len(named) > SOURCE_LENGTH:
        raise CommandError(f"Say with --source who published these rates, in at most {SOURCE_LENGTH} characters.")
    if named.upper() == ECB:
        raise CommandError(f"{ECB} is the source of the European Central Bank's own table.")
    return named
