"""`manage.py erase_customer`: hand over or erase what is kept of a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import NotFound
from core.models import Site
from customers.models import Customer
from purchasing.erasing import erase_customer
from purchasing.personal_data import personal_data


class Command(BaseCommand):
    help = (
        "Erases a person: names, addresses, e-mail, phones, attributes and full transactions become `erased` in the "
        "customer, purchases, revisions and the back office's record. It cannot be taken back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("site", help="the site's id")
        parser.add_argument("customer", help="our id of the customer, such as cu_12")
        parser.add_argument("--export", type=Path, metavar="FILE", help="first write what is kept into this ZIP file")
        parser.add_argument("--keep", action="store_true", help="only write the file, erase nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        site = Site.objects.filter(slug=options["site"]).first()
        if site is None:
            raise CommandError(f"There is no site {options['site']}.")
        customer = Customer.objects.for_site(site).identified(options["customer"]).first()
        if customer is None:
            raise CommandError(f"There is no customer {options['customer']}.")
        if options["keep"] and options["export"] is None:
            raise CommandError("Say with --export which file to write.")
        if options["export"] is not None:
            options["export"].write_bytes(personal_data(site=site, customer=customer))
            self.stdout.write(f"Written: {options['export']}")
        if options["keep"]:
            return
        try:
            erased = erase_customer(site=site, customer_id=customer.public_id, actor=SYSTEM, now=timezone.now())
        except NotFound:
            raise CommandError(f"There is no customer {options['customer']}.") from None
        self.stdout.write(f"Erased: {customer.public_id}, named in {erased.purchases} purchases.")
