"""Everything that is kept of a person, to be handed over: customer, addresses, purchases, payments, ledger."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import orjson
from django.db.models import Q

from core.api.renderer import dump_json
from core.models import Site
from customers.api.answers import customers_answered
from customers.entries import Stretch, account_ids_of, each_entry
from customers.models import Customer
from customers.sheets import ledger_csv
from purchasing.models import Purchase, PurchaseRevision, PurchaseTransaction
from purchasing.rendering import transaction_form
from purchasing.revisions import document_of

BATCH = 100


def personal_data(*, site: Site, customer: Customer) -> bytes:
    """A ZIP of JSON and CSV: `customer.json`, `purchases.json` with every revision, `transactions.json`, `ledger.csv`.

    The ledger is that of the customer's own account; a child owes nothing.
    """
    file = io.BytesIO()
    row = Customer.objects.for_site(site).for_answer().get(pk=customer.pk)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customer.json", dump_json(customers_answered(site, [row])[0]))
        with archive.open("purchases.json", "w") as member:
            member.writelines(_listed(_purchases(site, customer)))
        with archive.open("transactions.json", "w") as member:
            member.writelines(_listed(_transactions(site, customer)))
        with archive.open("ledger.csv", "w") as member:
            entries = each_entry(Stretch(site.pk, account_ids_of(account=customer)))
            member.writelines(ledger_csv(entries, site_id=site.pk))
    return file.getvalue()


def _purchases(site: Site, customer: Customer) -> Iterator[bytes]:
    """Each with all of its revisions, oldest first; read as they are written, however many there are."""
    versions = PurchaseRevision.objects.filter(site=site, purchase__in=_numbers(site, customer))
    for version in versions.order_by("purchase_id", "number").iterator(chunk_size=BATCH):
        about = {"id": f"o_{version.purchase_id}", "revision": version.number, "at": version.at.isoformat()}
        yield orjson.dumps(about | document_of(version))


def _transactions(site: Site, customer: Customer) -> Iterator[bytes]:
    rows = PurchaseTransaction.objects.filter(site=site, purchase__in=_numbers(site, customer))
    for row in rows.select_related("purchase").order_by("created_at", "pk").iterator(chunk_size=BATCH):
        yield orjson.dumps(transaction_form(row, row.purchase.spark_id))


def _numbers(site: Site, customer: Customer) -> list[int]:
    mine = Purchase.objects.filter(Q(customer=customer) | Q(child=customer), site=site)
    return list(mine.order_by("pk").values_list("pk", flat=True))


def _listed(items: Iterator[bytes]) -> Iterator[bytes]:
    """As one JSON array."""
    yield b"["
    for place, item in enumerate(items):
        yield b",\n" + item if place else item
    yield b"]"
