"""What an outside system's payments and refunds do: status, history, ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from core.errors import InvalidDocument, NotFound
from core.models import Site
from customers.models import AccountEntry, Customer
from purchasing.models import PurchaseTransaction
from purchasing.operations import delete_transaction
from purchasing.tests.bakers import (
    ERP,
    order,
    pay,
    put,
    stored,
)
from purchasing.tests.ledger import balance, entries, told

pytestmark = pytest.mark.usefixtures("db")


def test_an_applied_payment_lowers_the_balance_and_is_told(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "10")
    assert entries(company) == [("transaction", -10)]
    assert told() == [("payment", Decimal(10))]
    assert stored(site).calculated_payment_status == "partially_paid"


def test_an_applied_refund_raises_it(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "-10")
    assert entries(company) == [("transaction", 10)]
    assert told() == [("refund", Decimal(-10))]


def test_an_informational_one_has_no_effect(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "10", applied=False)
    assert (entries(), told()) == ([], [])
    assert stored(site).calculated_payment_status == "unpaid"
    assert PurchaseTransaction.objects.count() == 1


def test_true_to_false_takes_everything_back(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "10")
    pay(site, "10", applied=False)
    assert entries(company) == [("transaction", -10), ("reversal", 10)]
    assert told() == []
    assert balance(company) == stored(site).paid == 0
    assert stored(site).calculated_payment_status == "unpaid"


def test_false_to_true_applies(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    for applied in (False, True, False, True):
        pay(site, "10", applied=applied)
    assert entries(company) == [("transaction", -10), ("reversal", 10), ("transaction", -10)]
    assert told() == [("payment", Decimal(10))]


def test_a_correction_posts_the_difference_and_a_reversal_the_rest(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "10")
    pay(site, "25")
    assert entries(company) == [("transaction", -10), ("transaction", -15)]
    assert told() == [("payment", Decimal(25))]
    pay(site, "25", applied=False)
    assert entries(company) == [("transaction", -10), ("transaction", -15), ("reversal", 25)]


def test_a_payment_corrected_into_a_refund(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "10")
    pay(site, "-5")
    assert entries(company) == [("transaction", -10), ("transaction", 15)]
    assert told() == [("refund", Decimal(-5))]


def test_an_identical_repeat_changes_nothing(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    first = pay(site, "10")
    before = stored(site)
    again = pay(site, "10.00")
    after = stored(site)
    assert (again.pk, again.updated_at) == (first.pk, first.updated_at)
    assert (after.changes, after.changed_at) == (before.changes, before.changed_at)
    assert entries(company) == [("transaction", -10)]


def test_identity_is_purchase_and_platform_id(site: Site, company: Customer) -> None:
    put(site, order(customer=company), "A-1")
    put(site, order(customer=company), "A-2")
    ids = {pay(site, "10", name, id=sent).pk for name in ("A-1", "A-2") for sent in ("t", "T", "t ")}
    assert len(ids) == 6


def test_a_change_that_is_no_revision_counts_in_the_version(site: Site) -> None:
    put(site, order())
    versions = [(stored(site).revision, stored(site).changes)]
    for applied in (True, False):
        pay(site, "10", applied=applied)
        versions.append((stored(site).revision, stored(site).changes))
    assert versions == [(1, 0), (1, 1), (1, 2)]


def test_an_applied_one_has_to_be_in_the_purchases_currency(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    with pytest.raises(InvalidDocument) as refusal:
        pay(site, "10", currency="EUR")
    assert [(fault.code, fault.property) for fault in refusal.value.faults] == [("currency-mismatch", "currency_code")]

    pay(site, "10", currency="EUR", applied=False)
    with pytest.raises(InvalidDocument):
        pay(site, "10", currency="EUR")
    pay(site, "10", currency="GBP")
    assert entries(company) == [("transaction", -10)]


def test_an_unknown_purchase(site: Site, other_site: Site) -> None:
    put(other_site, order())
    with pytest.raises(NotFound):
        pay(site, "10")


def test_deleting_a_transaction_un_applies_it_first(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    transaction = pay(site, "10")
    delete_transaction(site=site, transaction_id=transaction.pk, actor=ERP)
    assert entries(company) == [("transaction", -10), ("reversal", 10)]
    assert told() == []
    assert not PurchaseTransaction.objects.exists()
    assert AccountEntry.objects.order_by("id").values_list("author", flat=True)[1] == "client:erp"


def test_a_transaction_of_another_site_cannot_be_deleted(site: Site, other_site: Site) -> None:
    put(other_site, order())
    transaction = pay(other_site, "10")
    with pytest.raises(NotFound):
        delete_transaction(site=site, transaction_id=transaction.pk, actor=ERP)


@pytest.mark.parametrize(
    ("total", "hours", "applied", "suspected"),
    [("10", 72, True, True), ("10", 73, True, False), ("10.01", 1, True, False), ("10", 1, False, False)],
)
def test_a_suspected_duplicate(site: Site, total: str, hours: int, applied: bool, suspected: bool) -> None:
    put(site, order())
    with time_machine.travel(datetime(2026, 3, 2, tzinfo=UTC), tick=False) as clock:
        pay(site, "10")
        clock.shift(timedelta(hours=hours))
        warnings = [warning["code"] for warning in pay(site, total, id="t2", applied=applied).warnings]
    assert ("suspected-duplicate-transaction" in warnings) is suspected


def test_an_entry_says_what_it_is_for(site: Site, company: Customer) -> None:
    put(site, order(customer=company, purchase_identifiers={"visible": "#1042"}))
    transaction = pay(site, "10", actor=ERP)
    entry = AccountEntry.objects.get()
    purchase = stored(site)
    assert (entry.purchase_id, entry.purchase_spark_id) == (purchase.pk, purchase.spark_id)
    assert (entry.transaction_id, entry.reference, entry.author) == (transaction.pk, "t1", "client:erp")
    assert (int(entry.balance_after), entry.currency_code) == (-10, "GBP")
