"""Saving a transaction by the ORM, from a reading that is older than what has been posted since."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.models import Site
from customers.models import Account, AccountEntry
from purchasing.models import PurchaseTransaction
from purchasing.tests.bakers import make_customer, order, pay, put


@pytest.mark.parametrize(("total", "entries"), [("10", [-10]), ("25", [-10, -15])])
def test_an_older_reading_posts_nothing_twice(site: Site, total: str, entries: list[int]) -> None:
    customer = make_customer(site)
    put(site, order(customer=customer))
    pay(site, "10", applied=False)
    older = PurchaseTransaction.objects.for_site(site).get()
    pay(site, "10", applied=True)

    older.apply_to_balance, older.total = True, Decimal(total)
    older.save()

    assert [entry.amount for entry in AccountEntry.objects.for_site(site).order_by("id")] == entries
    assert Account.objects.for_site(site).get().balance == sum(entries)
