"""Work out anew what searches find purchases by."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core.models import Site
from purchasing.store.words import BATCH, rebuild_words


class Command(BaseCommand):
    help = "Work out anew what searches find purchases by: after a change of its rules, or of customers' names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="ID", help="only the purchases of this site; otherwise of all")
        parser.add_argument("--missing", action="store_true", help="only purchases that no search finds yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        sites = Site.objects.all() if options["site"] is None else Site.objects.filter(slug=options["site"])
        site_ids = list(sites.values_list("pk", flat=True))
        if options["site"] is not None and not site_ids:
            raise CommandError(f"There is no site {options['site']}.")
        changed = 0
        with tqdm(unit="purchase", file=self.stderr) as progress:
            for written in rebuild_words(site_ids=site_ids, missing_only=options["missing"]):
                progress.update(BATCH)
                changed += written
        self.stdout.write(f"Purchases that are found by other words now: {changed}.")
