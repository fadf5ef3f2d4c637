"""What an account owes besides its purchases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from core.actors import SYSTEM
from core.models import Site
from customers import ledger
from customers.balances import entries_outside_purchases
from customers.ledger import Kind, Posting
from customers.models import Customer
from customers.tests.cast import make_customer, post_manual

pytestmark = pytest.mark.django_db


def post(customer: Customer, kind: Kind, amount: str) -> None:
    posting = Posting(customer.pk, "GBP", kind, Decimal(amount), date(2026, 1, 31))
    ledger.post(site_id=customer.site_id, postings=[posting], author=SYSTEM, net_terms_days=30)


def test_opening_and_manual_entries_of_one_account_and_currency(site: Site) -> None:
    tom, ann = make_customer(site, "Tom"), make_customer(site, "Ann")
    post(tom, Kind.OPENING, "100")
    post(tom, Kind.CHARGE, "7")
    post(tom, Kind.TRANSACTION, "-3")
    post_manual(tom, "-20.5")
    post_manual(tom, "9", currency_code="EUR")
    post_manual(ann, "8")

    entries = entries_outside_purchases(site_id=site.pk, account_id=tom.pk, currency_code="GBP")

    assert [(entry.kind, entry.amount) for entry in entries] == [("opening", 100), ("manual", Decimal("-20.5"))]
    assert entries.aggregate(sum=Sum("amount", default=0)) == {"sum": Decimal("79.5")}


def test_nothing_was_posted(site: Site, other_site: Site) -> None:
    theirs = make_customer(other_site, "Tom")
    post_manual(theirs, "5")
    entries = entries_outside_purchases(site_id=site.pk, account_id=theirs.pk, currency_code="GBP")
    assert entries.aggregate(sum=Sum("amount", default=0)) == {"sum": 0}
