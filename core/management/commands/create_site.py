"""Make a site: one merchant's tenant."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from core.management.output import SetUpCommand
from core.models import Site


class Command(SetUpCommand):
    help = "Make a site (a merchant). ID is the Site-Id of its API calls and cannot be changed later."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("id", help="lower-case letters, digits and single hyphens, for example jones-climbing")
        parser.add_argument("--name", default="", help="shown to buyers and staff (default: the id)")
        parser.add_argument("--host", default="", help="host name of its pages, for example orders.example.com")

    def handle(self, *_args: Any, **options: Any) -> None:
        site = Site(slug=options["id"], name=options["name"] or options["id"], host=options["host"])
        self.checked(site)
        site.save()
        values = {"site_id": site.slug, "name": site.name, "host": site.host}
        self.answer(options, values, f"Site {site.slug} is there.", f"Next: manage.py create_client {site.slug}")
