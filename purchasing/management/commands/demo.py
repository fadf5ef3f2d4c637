"""Fill an empty database with the demo, or add many purchases for load tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from core.devdb import PROJECT
from core.mail_settings import MailKind
from core.models import Site
from core.site_settings import set_setting
from purchasing.demo import people
from purchasing.demo.cast import JONES, SUMMIT
from purchasing.demo.load import SLUG, add_purchases
from purchasing.demo.price_lists import fill_price_lists
from purchasing.demo.rates import publish_missing_rates
from purchasing.demo.shelves import fill_shelves
from purchasing.demo.telling import Teller
from purchasing.demo.terms import set_terms

NAMES = (
    *("BASE_URL", "SITE_ID", "CLIENT_ID", "CLIENT_SECRET"),
    *("SITE2_ID", "SITE2_CLIENT_ID", "SITE2_CLIENT_SECRET", "RO_CLIENT_ID", "RO_CLIENT_SECRET"),
    *("CUSTOMER1_USER", "CUSTOMER1_PASSWORD", "CUSTOMER1_ID"),
    *("CUSTOMER2_USER", "CUSTOMER2_PASSWORD", "CUSTOMER2_ID"),
    *("ADMIN1_USER", "ADMIN1_PASSWORD", "ADMIN2_USER", "ADMIN2_PASSWORD"),
)
"""What the file of credentials holds, as shell variables, in this order."""
DEMO_LOCK = 7_231_450_002
"""Two starts at a time make one demo."""


class Command(BaseCommand):
    help = "Fill an empty database with two merchants, their customers and orders; or, with --scale, make a load."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--credentials",
            type=Path,
            default=PROJECT / ".data" / "demo.env",
            help="where clients, logins and passwords are written, readable by the owner alone",
        )

        parser.add_argument(
            "--scale",
            type=int,
            metavar="N",
            help=f"instead: add N purchases for load tests to the site {SLUG}, which is made when it is not there",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["scale"] is not None:
            self._scale(options["scale"])
            return
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DEMO_LOCK])
            if Site.objects.exists():
                self.stdout.write("There is a site already: the demo is for an empty database. Nothing was changed.")
                return
            credentials, superuser_password = make_demo()
            _write_credentials(options["credentials"], credentials)
        self.stdout.write(f"A superuser who sees both sites: {people.SUPERUSER} with password {superuser_password}")
        self.stdout.write(f"The demo is there; its clients and logins are in {options['credentials']}")

    def _scale(self, count: int) -> None:
        if count < 1:
            raise CommandError("--scale needs a number of purchases, 1 or more.")
        with tqdm(total=count, unit="purchase", file=self.stderr) as progress:
            for size in add_purchases(count, tell=progress.set_postfix_str):
                progress.update(size)
        self.stdout.write(f"{count} purchases were added to the site {SLUG}.")


def make_demo() -> tuple[dict[str, str], str]:
    """Both merchants with everything; answers the credentials and the superuser's password."""
    values = {"BASE_URL": os.environ.get("BASE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"}
    today = timezone.now()
    publish_missing_rates(today.date())
    for merchant, prefix, admin in ((JONES, "", "ADMIN1"), (SUMMIT, "SITE2_", "ADMIN2")):
        site = people.make_site(merchant)
        values["SITE2_ID" if prefix else "SITE_ID"] = site.slug
        values[f"{prefix}CLIENT_ID"], values[f"{prefix}CLIENT_SECRET"] = people.make_client(site, name="ERP")
        fill_shelves(site=site, merchant=merchant, today=today)
        fill_price_lists(site=site, merchant=merchant)
        set_terms(site=site, merchant=merchant, today=today)
        customers = people.make_customers(site)
        ids = {key: customer.public_id for key, customer in customers.items()}
        Teller(site=site, merchant=merchant, customer_ids=ids, today=today).tell_all()
        set_setting(site=site, key="mails", value=list(MailKind))  # only now: nobody is told the past
        values[f"{admin}_USER"] = merchant.staff_email
        values[f"{admin}_PASSWORD"] = people.make_staff(site, name=merchant.staff_name, email=merchant.staff_email)
        if merchant is JONES:
            values["RO_CLIENT_ID"], values["RO_CLIENT_SECRET"] = people.make_client(
                site, name="Reports", scopes=["orders.read"]
            )
            for number, customer in enumerate(people.with_login(customers), start=1):
                values[f"CUSTOMER{number}_USER"] = customer.email
                values[f"CUSTOMER{number}_PASSWORD"] = people.make_login(customer)
                values[f"CUSTOMER{number}_ID"] = customer.public_id
    return values, people.make_superuser()


def _write_credentials(path: Path, values: dict[str, str]) -> None:
    """As shell variables. Made unreadable to others before anything is in it."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text("".join(f"{name}={values[name]}\n" for name in NAMES))
    unfinished.replace(path)
