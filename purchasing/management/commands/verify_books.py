"""`manage.py verify_books`: recompute every derived value from rows, and report what differs."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from tqdm import tqdm

from core.models import Site
from purchasing import books
from purchasing.books import AccountDifference, Difference
from purchasing.books.repair import repair


class Command(BaseCommand):
    help = (
        "Works out every derived value of purchases and ledger again, by its own SQL, and reports each difference. "
        "Exits with 1 when there is one (with --fix: when one is left)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", help="only this site, by its Site-Id")
        parser.add_argument("--fix", action="store_true", help="repair: recompute columns, post to the ledger")
        parser.add_argument("--json", action="store_true", help="one JSON object per difference and line")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Site.objects.filter(slug=options["site"]) if options["site"] else Site.objects.all()
        sites = {site.pk: site.slug for site in found}
        if options["site"] and not sites:
            raise CommandError(f"There is no site {options['site']}.")
        differences = self._look(sites, options)
        if differences and options["fix"]:
            repair(differences)
            left = self._look(sites, options)
            self._say(f"{len(differences)} differences repaired, {len(left)} left.", options)
            differences = left
        elif differences:
            self._say(f"{len(differences)} differences. Repair them with --fix.", options)
        else:
            self._say("The books are right.", options)
        if differences:
            sys.exit(1)

    def _look(self, sites: dict[int, str], options: dict[str, Any]) -> list[Difference | AccountDifference]:
        """All differences, reported as they are found."""
        batches = books.batches(sites=list(sites))
        found = []
        with tqdm(total=sum(batch.size for batch in batches), unit=" rows", disable=None, file=self.stderr) as progress:
            for batch in batches:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout = 0")  # one account may have millions of entries
                    differences = books.check(batch, sites=list(sites))
                for difference in differences:
                    found.append(difference)
                    self._report(difference, sites[difference.site_id], as_json=options["json"])
                progress.update(batch.size)
        return found

    def _report(self, difference: Difference | AccountDifference, site: str, *, as_json: bool) -> None:
        about = {"site": site, "part": difference.part, "key": difference.key}
        if isinstance(difference, Difference):
            about["purchase"] = f"o_{difference.purchase_id}"
        else:
            about["account"] = f"cu_{difference.customer_id} {difference.currency_code}"
        fields = {name: {"stored": stored, "should": should} for name, (stored, should) in difference.fields.items()}
        if as_json:
            self.stdout.write(json.dumps({**about, "fields": fields}, default=str))
            return
        where = about.get("purchase") or about["account"]
        for name, values in fields.items():
            self.stdout.write(
                f"{site} {where}: {difference.part} {difference.key}: {name} is {_short(values['stored'])}, "
                f"should be {_short(values['should'])}"
            )

    def _say(self, text: str, options: dict[str, Any]) -> None:
        (self.stderr if options["json"] else self.stdout).write(text)


def _short(value: Any) -> str:
    text = "absent" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
