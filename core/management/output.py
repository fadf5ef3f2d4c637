"""How commands that set something up speak: sentences for people, one JSON object with `--json` for scripts."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models

from core.models import Site


class SetUpCommand(BaseCommand):
    """`--json`; a site named by its id; refusals as one line on standard error and exit code 1."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer one JSON object")

    def answer(self, options: dict[str, Any], values: dict[str, Any], *sentences: str) -> None:
        self.stdout.write(json.dumps(values) if options["json"] else "\n".join(sentences))

    def site(self, slug: str) -> Site:
        site = Site.objects.filter(slug=slug).first()
        if site is None:
            raise CommandError(f"There is no site {slug}. Make it with: manage.py create_site {slug}")
        return site

    def checked(self, row: models.Model) -> None:
        """Raises `CommandError` with everything that is wrong with a row that is about to be stored."""
        try:
            row.full_clean()
        except ValidationError as error:
            faults = [f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items()]
            raise CommandError("\n".join(faults)) from None
