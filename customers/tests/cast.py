"""Customers for tests, by the state they are in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.actors import SYSTEM, Actor
from core.models import Site
from customers import ledger
from customers.models import DEFAULT_GROUP, AccountEntry, Address, Customer, CustomerGroup, OrderMinimum

SAMPLES = Path(__file__).parent / "samples"


def make_customer(site: Site, name: str = "Tom", **fields: Any) -> Customer:
    """A customer of the group `default`."""
    group = CustomerGroup.objects.for_site(site).get(slug=DEFAULT_GROUP)
    fields = {"email": f"{name.lower()}@example.com", "last_name": "Jones", "group": group, **fields}
    return Customer.objects.create(site=site, first_name=name, **fields)


def make_address(customer: Customer, **fields: Any) -> Address:
    """An address of this customer."""
    fields = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB", **fields}
    return Address.objects.create(site=customer.site, customer=customer, **fields)


def post_manual(
    customer: Customer,
    amount: str,
    *,
    currency_code: str = "GBP",
    reference: str = "",
    value_date: date = date(2026, 3, 1),
    author: Actor = SYSTEM,
) -> None:
    """One manual entry on the account of this customer."""
    posting = ledger.Posting(
        customer_id=customer.pk,
        currency_code=currency_code,
        kind=AccountEntry.Kind.MANUAL,
        amount=Decimal(amount),
        value_date=value_date,
        reference=reference,
    )
    ledger.post(site_id=customer.site_id, postings=[posting], author=author, net_terms_days=30)


def make_group(
    site: Site, slug: str, *, parent: CustomerGroup | None = None, price_lists: Sequence[str] = (), **minimums: str
) -> CustomerGroup:
    """A group; `minimums`: what it asks of an order, gross, by currency: `GBP="150"`."""
    group = CustomerGroup.objects.create(
        site=site, slug=slug, name=slug.title(), parent=parent, price_lists=list(price_lists)
    )
    for currency_code, value in minimums.items():
        OrderMinimum.objects.create(site=site, group=group, currency_code=currency_code, minimum_value=Decimal(value))
    return group


def default_group(site: Site) -> CustomerGroup:
    return CustomerGroup.objects.for_site(site).get(slug=DEFAULT_GROUP)


def sample(name: str) -> Any:
    """A body or answer as the reference prints it."""
    return json.loads((SAMPLES / f"{name}.json").read_text())
