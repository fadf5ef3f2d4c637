"""What every drive plays on: the served product, two sites, their programs and customers."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.core.management import call_command
from django.db import connection

from core.models import ApiClient, Site
from core.scopes import WRITE_SCOPES
from core.site_settings import set_setting
from purchasing import books
from torture.calling import Caller
from torture.database import Database
from torture.web import Web

OURS, THEIRS, ASIDE = "torture", "torture-beside", "torture-settings"


@dataclass(frozen=True, slots=True)
class Stage:
    """`judges_times`: whether times and memory count, which they do not on a machine that does other things too."""

    database: Database
    web: Web
    random: random.Random
    judges_times: bool

    def caller(self, slug: str = OURS) -> Caller:
        """A program of this site, its token just got."""
        return Caller(self.web.port, self.sign_in(slug))

    def sign_in(self, slug: str = OURS) -> dict[str, str]:
        """Headers with a token that is good for an hour."""
        client = ApiClient(site=Site.objects.get(slug=slug), name=f"Torture {uuid4()}", scopes=list(WRITE_SCOPES))
        secret = client.set_new_secret()
        client.save()
        connection.close()
        return headers_of(self.web.port, slug, client.client_id, secret)

    def make_customers(self, name: str, count: int, slug: str = OURS) -> list[str]:
        """The ids of new customers."""
        return make_customers(self.caller(slug), name, count)


def headers_of(port: int, slug: str, client_id: str, secret: str) -> dict[str, str]:
    """Those of a program of the site, its token just got."""
    asked = Caller(port, {"Site-Id": slug})
    body = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    token = asked.call("POST", "/api/auth/token", body).document["access_token"]
    asked.close()
    return {"Site-Id": slug, "Authorization": f"Bearer {token}"}


def make_customers(caller: Caller, name: str, count: int) -> list[str]:
    """The ids of new customers of the caller's site. Closes the caller."""
    made = []
    for number in range(count):
        email = f"{name}-{number}@{caller.headers['Site-Id']}.example"
        person = {"first_name": name, "last_name": str(number), "email": email, "external_id": f"{name}-{number}"}
        made.append(str(caller.call("POST", "/api/v1/customers", person).document["id"]))
    caller.close()
    return made


def wrong_books() -> list[str]:
    """Every difference that the books find, over all sites; without the limit of time that requests have."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
        return [str(difference) for difference in books.verify(sites=list(Site.objects.values_list("pk", flat=True)))]
    finally:
        connection.close()


@contextlib.contextmanager
def staged(database: Database, *, seed: int, judges_times: bool) -> Iterator[Stage]:
    """Migrate, make the sites, serve."""
    call_command("migrate", verbosity=0)
    for slug in (OURS, THEIRS, ASIDE):
        site = Site.objects.create(slug=slug, name=slug)
        set_setting(site=site, key="default_currency", value="GBP")
    connection.close()
    web = Web()
    web.start()
    try:
        web.wait()
        yield Stage(database, web, random.Random(seed), judges_times)
    finally:
        web.stop()
        connection.close()
