"""Transactions saved and deleted by the ORM: the signal brings status, history and ledger along, whoever saves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core.models import Site
from customers.models import Account, AccountEntry, Customer
from purchasing.models import Purchase, PurchaseHistory, PurchaseTransaction
from purchasing.tests.bakers import order, pay, put, stored


@pytest.fixture
def purchase(site: Site, company: Customer) -> Purchase:
    put(site, order(customer=company))
    return stored(site)


def amounts() -> list[Decimal]:
    return list(AccountEntry.objects.order_by("id").values_list("amount", flat=True))


def new_transaction(purchase: Purchase, total: str = "10", **values: object) -> PurchaseTransaction:
    return PurchaseTransaction(
        **{
            "site": purchase.site,
            "purchase": purchase,
            "platform_id": "t1",
            "total": Decimal(total),
            "currency_code": "GBP",
            "apply_to_balance": True,
            **values,
        }
    )


def test_saving_applies_and_un_applies(site: Site, purchase: Purchase) -> None:
    item = new_transaction(purchase)
    item.save()
    assert amounts() == [Decimal(-10)]
    assert PurchaseHistory.objects.count() == 1
    assert stored(site).calculated_payment_status == "partially_paid"

    item.apply_to_balance = False  # the same instance, which does not know what was posted for it
    item.save()
    assert amounts() == [Decimal(-10), Decimal(10)]
    assert PurchaseHistory.objects.count() == 0
    assert stored(site).calculated_payment_status == "unpaid"


def test_an_instance_read_earlier_does_not_post_twice(site: Site, purchase: Purchase) -> None:
    pay(site, "10", applied=False)
    old = PurchaseTransaction.objects.get()
    pay(site, "10")

    old.full_transaction = "a note"
    old.apply_to_balance = True
    old.save()

    assert amounts() == [Decimal(-10)]


def test_saving_moves_no_transaction_to_another_purchase(site: Site, purchase: Purchase, company: Customer) -> None:
    put(site, order(customer=company), "A-2")
    pay(site, "10")
    item = PurchaseTransaction.objects.get()

    item.purchase = stored(site, "A-2")
    with pytest.raises(ValueError, match="stays with its purchase"), transaction.atomic():
        item.save()
    assert PurchaseTransaction.objects.get().purchase == purchase


def test_saved_together_with_what_follows_or_not_at_all(purchase: Purchase, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("the ledger is away")

    monkeypatch.setattr("customers.ledger.post", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        new_transaction(purchase).save()
    assert not PurchaseTransaction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_too(purchase: Purchase, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("the ledger is away")

    assert not connection.in_atomic_block
    with monkeypatch.context() as patch:
        patch.setattr("customers.ledger.post", fail)
        with pytest.raises(RuntimeError):
            new_transaction(purchase).save()
    assert not PurchaseTransaction.objects.exists()
    assert stored(purchase.site).paid == 0


@pytest.mark.parametrize("bulk", [False, True])
def test_deleting_un_applies_first(site: Site, purchase: Purchase, bulk: bool) -> None:
    pay(site, "10", id="t1")
    pay(site, "5", id="t2")

    if bulk:
        PurchaseTransaction.objects.for_site(site).delete()
    else:
        for item in PurchaseTransaction.objects.for_site(site):
            item.delete()

    assert Account.objects.get().balance == 0
    assert not PurchaseHistory.objects.exists()
    assert stored(site).paid == 0
    assert stored(site).calculated_payment_status == "unpaid"


def test_bulk_writes_that_pass_the_signals_by_are_refused(site: Site, purchase: Purchase) -> None:
    pay(site, "10")
    rows = PurchaseTransaction.objects.for_site(site)
    for write in (
        lambda: rows.update(total=1),
        lambda: rows.bulk_create([new_transaction(purchase, platform_id="t2")]),
        lambda: rows.bulk_update(list(rows), ["total"]),
    ):
        with pytest.raises(TypeError, match="operations"):
            write()


def test_a_total_of_0_is_impossible(purchase: Purchase) -> None:
    with pytest.raises(IntegrityError, match="a_transaction_moves_money"), transaction.atomic():
        new_transaction(purchase, "0").save()
