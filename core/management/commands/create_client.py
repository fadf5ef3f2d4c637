"""Make an API client of a site and show its secret, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.management.output import SetUpCommand
from core.models import ApiClient
from core.scopes import SCOPES, WRITE_SCOPES


class Command(SetUpCommand):
    help = "Make an API client of a site. Its secret is shown now and never again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("site", help="the site's id")
        parser.add_argument("--name", default="API", help="which program this is (default: API)")
        parser.add_argument(
            "--scopes",
            nargs="+",
            metavar="SCOPE",
            help=f"what it may do, of: {', '.join(SCOPES)} (default: all that write)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        scopes = [scope for word in options["scopes"] or WRITE_SCOPES for scope in word.replace(",", " ").split()]
        if unknown := sorted(set(scopes) - set(SCOPES)):
            raise CommandError(f"There is no scope {', '.join(unknown)}. There are: {', '.join(SCOPES)}")
        client = ApiClient(site=self.site(options["site"]), name=options["name"], scopes=list(dict.fromkeys(scopes)))
        secret = client.set_new_secret()
        self.checked(client)
        client.save()
        values = {
            "site_id": client.site.slug,
            "name": client.name,
            "client_id": client.client_id,
            "client_secret": secret,
            "scopes": client.scopes,
        }
        self.answer(
            options,
            values,
            f"API client {client.name} of site {client.site.slug}:",
            f"  client_id      {client.client_id}",
            f"  client_secret  {secret}",
            f"  scopes         {' '.join(client.scopes)}",
            "Keep the secret now: it is not stored and cannot be shown again.",
        )
