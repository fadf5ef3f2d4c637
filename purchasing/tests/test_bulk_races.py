"""Bulk calls beside each other. Each defence has a twin test that shows what happens without it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from psycopg.errors import DeadlockDetected

from core import retries, sql
from core.models import Site
from customers.models import Customer
from purchasing import putting, store
from purchasing.bulk import Item, put_purchases, read_purchases, read_transactions, record_transactions
from purchasing.bulk import purchases as bulk_purchases
from purchasing.bulk.items import or_rejected
from purchasing.models import Purchase, PurchaseHistory
from purchasing.putting import put_all_locked
from purchasing.store import Name, StoredPurchase, WholePurchase
from purchasing.tests.bakers import ERP, make_customer, on_account, put, stored
from purchasing.tests.racing import Meeting, together

pytestmark = pytest.mark.django_db(transaction=True)


def put_all(site: Site, bodies: list[Any], *, one_transaction: bool = False, dry_run: bool = False) -> list[Item]:
    with ExitStack() as stack:
        if one_transaction:
            stack.enter_context(transaction.atomic())
        sent = read_purchases(bodies)
        return put_purchases(site=site, sent=sent, actor=ERP, together=one_transaction, dry_run=dry_run)


def both_ways_round(site: Site, customers: list[Customer], **options: Any) -> list[Callable[..., list[Item]]]:
    """Calls that write the same purchases and post to the same accounts, each in the other's opposite order."""
    for name, customer in zip("AB", customers, strict=True):
        put(site, on_account(customer=customer), name)
    calls: list[Callable[..., list[Item]]] = []
    for reference in ("1", "2"):
        bodies = [
            on_account(customer=customer, purchase_identifiers={"internal": name}, customer_reference=reference)
            for name, customer in zip("AB", customers, strict=True)
        ]
        calls.append(partial(put_all, site, bodies if reference == "1" else bodies[::-1], **options))
    return calls


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each item locks for itself, and both calls have locked their first purchase before either goes on."""
    monkeypatch.setattr(bulk_purchases, "CHUNK", 1)
    monkeypatch.setattr(bulk_purchases, "put_all_locked", Meeting(2).before(put_all_locked))


@pytest.fixture
def one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "ATTEMPTS", 1)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What has to be done for itself, because the database refused what it was to share a transaction with."""
    noted: list[object] = []

    def noting(work: Callable[[], list[Item]], *, sent: list[Any]) -> list[Item]:
        noted.extend(sent)
        return or_rejected(work, sent=sent)

    monkeypatch.setattr(bulk_purchases, "or_rejected", noting)
    return noted


def test_two_calls_in_opposite_order(
    site: Site, company: Customer, summit: Customer, one_try: None, alone: list[object]
) -> None:
    """What shares a transaction is locked at once, in one order; so are the accounts."""
    answers = together(both_ways_round(site, [company, summit]))
    assert [[item.outcome for item in items] for items in answers] == [["updated"] * 2] * 2
    assert {stored(site, name).revision for name in "AB"} == {3}
    assert alone == []


def test_locked_in_the_order_sent_they_would_wait_in_a_ring(
    site: Site,
    company: Customer,
    summit: Customer,
    one_try: None,
    alone: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each holds what the other wants next. One of them has to begin anew, one by one; nothing is lost."""
    lock, both_hold, turned = store.lock_named, Meeting(2), iter([False, True])

    def as_sent(*, site_id: int, names: set[Name]) -> dict[Name, StoredPurchase]:
        if len(names) == 1:
            return lock(site_id=site_id, names=names)
        first, second = sorted(names, reverse=next(turned))
        found = lock(site_id=site_id, names=[first])
        return found | both_hold.before(lock)(site_id=site_id, names=[second])

    monkeypatch.setattr(store, "lock_named", as_sent)
    answers = together(both_ways_round(site, [company, summit]))
    assert [[item.outcome for item in items] for items in answers] == [["updated"] * 2] * 2
    assert {stored(site, name).revision for name in "AB"} == {3}
    assert len(alone) == 2


def births_both_ways_round(site: Site, customer: Customer) -> list[Callable[..., list[Item]]]:
    bodies = [on_account(customer=customer, purchase_identifiers={"internal": f"A-{number}"}) for number in range(2)]
    return [partial(put_all, site, bodies), partial(put_all, site, bodies[::-1])]


@pytest.fixture
def no_try_after_a_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waited in a ring does not try the same again; who lost a race does."""
    others = tuple(error for error in retries._WORTH_RETRYING if error is not DeadlockDetected)
    monkeypatch.setattr(retries, "_WORTH_RETRYING", others)


def test_two_calls_that_create_the_same_in_opposite_order(
    site: Site, company: Customer, alone: list[object], no_try_after_a_ring: None
) -> None:
    """One creates, the other finds: both write in one order."""
    answers = together(births_both_ways_round(site, company))
    assert sorted(item.outcome for items in answers for item in items) == ["created"] * 2 + ["unchanged"] * 2
    assert (Purchase.objects.count(), alone) == (2, [])


def test_written_in_the_order_sent_they_would_wait_in_a_ring(
    site: Site,
    company: Customer,
    alone: list[object],
    no_try_after_a_ring: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, both_wrote = store.write_purchases, Meeting(2)

    def as_sent(wholes: list[WholePurchase], **options: Any) -> None:
        first, *rest = wholes
        write([first], **options)
        if rest:
            sql.fetch("SELECT 1", [])  # what waits is written
            both_wrote.before(write)(rest, **options)

    monkeypatch.setattr(store, "write_purchases", as_sent)
    monkeypatch.setattr(putting, "_in_order", list)
    answers = together(births_both_ways_round(site, company))
    assert sorted(item.outcome for items in answers for item in items) == ["created"] * 2 + ["unchanged"] * 2
    assert (Purchase.objects.count(), len(alone)) == (2, 2)


def test_two_calls_in_one_transaction_each(site: Site, company: Customer, summit: Customer, one_try: None) -> None:
    """All locks are taken first, in one order."""
    answers = together(both_ways_round(site, [company, summit], one_transaction=True))
    assert [[item.outcome for item in items] for items in answers] == [["updated"] * 2] * 2


def test_without_locking_first_they_would_wait_in_a_ring(
    site: Site, company: Customer, summit: Customer, one_try: None, one_by_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_purchases, "lock_in_order", lambda **_locks: None)
    answers = together(both_ways_round(site, [company, summit], one_transaction=True))
    refused = [error["code"] for items in answers for item in items for error in item.errors]
    assert refused == ["try-again"]


def test_a_rehearsal_beside_the_call_itself(site: Site, company: Customer, summit: Customer, one_try: None) -> None:
    real, rehearsal = both_ways_round(site, [company, summit])
    answers = together([real, partial(rehearsal, dry_run=True)])
    assert [[item.outcome for item in items] for items in answers] == [["updated"] * 2] * 2
    assert {stored(site, name).revision for name in "AB"} == {2}


def test_the_same_call_many_times_at_once(site: Site, company: Customer) -> None:
    """One creates, the others find; the books are right."""
    make_customer(site, "Other")
    bodies = [on_account(customer=company, purchase_identifiers={"internal": f"A-{number}"}) for number in range(5)]
    answers = together([partial(put_all, site, bodies)] * 6)
    for index in range(5):
        assert sorted(items[index].outcome for items in answers) == ["created", *["unchanged"] * 5]
        assert len({items[index].identifiers["sparklayer"] for items in answers}) == 1
    assert Purchase.objects.count() == 5


def test_the_same_payments_many_times_at_once(site: Site, company: Customer) -> None:
    spark_id = put(site, on_account(customer=company)).purchase.spark_id
    bodies = [
        {
            "purchase_spark_id": str(spark_id),
            "platform_id": f"t{number}",
            "total": "1",
            "currency_code": "GBP",
            "apply_to_balance": True,
        }
        for number in range(5)
    ]

    def record() -> list[Item]:
        return record_transactions(site=site, sent=read_transactions(bodies), actor=ERP)

    answers = together([record] * 6)
    for index in range(5):
        assert sorted(items[index].outcome for items in answers) == ["created", *["unchanged"] * 5]
    assert PurchaseHistory.objects.count() == 5
    assert stored(site).paid == 5
