"""Purchases for load tests: that their books are right, how they are spread, and that no index is lost over it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from catalog.models import ProductVariant
from core.models import Site
from customers.models import Account, AccountEntry, Customer
from pricing.tests.rates import publish
from purchasing.demo import load
from purchasing.demo.load.indexes import indexes_aside
from purchasing.models import (
    LineItem,
    Package,
    Purchase,
    PurchaseHistory,
    PurchaseRevision,
    PurchaseTransaction,
)
from purchasing.tests.test_demo import differences_in_the_books

pytestmark = pytest.mark.django_db


def fill(count: int) -> None:
    call_command("demo", scale=count, stdout=StringIO(), stderr=StringIO())


def test_the_books_and_the_words_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    fill(600)
    assert Purchase.objects.count() == 600
    assert differences_in_the_books() == []
    capsys.readouterr()
    call_command("rebuild_search")
    assert capsys.readouterr().out == "Purchases that are found by other words now: 0.\n"


def test_there_is_some_of_everything() -> None:
    fill(1_500)
    purchases = Purchase.objects.all()
    assert set(purchases.values_list("type", flat=True)) == set(Purchase.Type.values)
    assert set(purchases.values_list("calculated_fulfilment_status", flat=True)) == {
        *(None, "processing", "partially_shipped", "shipped", "partially_returned", "returned", "cancelled"),
    }
    assert set(purchases.values_list("calculated_payment_status", flat=True)) == {
        *(None, "paid", "unpaid", "partially_paid", "overpaid"),
    }
    assert 9 < LineItem.objects.count() / 1_500 < 11
    assert set(Counter(Package.objects.values_list("purchase", flat=True)).values()) == {1, 2, 3}
    assert set(PurchaseRevision.objects.values_list("number", flat=True)) == {1, 2}
    assert set(PurchaseTransaction.objects.values_list("apply_to_balance", flat=True)) == {True, False}
    assert PurchaseHistory.objects.count() == PurchaseTransaction.objects.filter(apply_to_balance=True).count()
    assert set(AccountEntry.objects.values_list("kind", flat=True)) == {"charge", "transaction"}
    assert purchases.filter(child__parent__isnull=False).exists()
    skus = set(LineItem.objects.values_list("sku", flat=True))
    assert skus <= set(ProductVariant.objects.filter(status="live").values_list("sku", flat=True))


def test_some_buy_much_more_than_others() -> None:
    fill(1_500)
    sizes = [size for _company, size in Counter(Purchase.objects.values_list("customer", flat=True)).most_common()]
    assert sizes[0] > 1_500 / 10
    assert sizes[0] > 5 * sizes[len(sizes) // 2]
    skus = [size for _sku, size in Counter(LineItem.objects.values_list("sku", flat=True)).most_common()]
    assert skus[0] > 3 * skus[len(skus) // 2]


def test_more_come_behind_those_that_are_there() -> None:
    fill(300)
    customers, newest = Customer.objects.count(), Purchase.objects.latest("ordered_at").ordered_at
    fill(7)
    assert Purchase.objects.count() == 307
    assert Customer.objects.count() == customers
    assert {item.ordered_at >= newest for item in Purchase.objects.order_by("-id")[:7]} == {True}
    for account in Account.objects.all():
        times = list(AccountEntry.objects.filter(account=account).order_by("id").values_list("posted_at", flat=True))
        assert all(earlier <= later for earlier, later in pairwise(times))
    assert differences_in_the_books() == []


def test_each_purchase_is_converted_by_the_rate_of_its_day() -> None:
    today = timezone.now().date()
    publish("1.25", day=today - timedelta(days=365))
    publish("1.30", day=today - timedelta(days=100))
    fill(200)
    assert set(Purchase.objects.values_list("usd_rate", flat=True)) == {None, Decimal("1.25"), Decimal("1.30")}
    assert differences_in_the_books() == []


def test_all_are_added_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CHUNK", 50)

    def broken_off(size: int) -> int:
        if Purchase.objects.count() > 100:
            raise InterruptedError
        return size

    sizes = (broken_off(size) for size in load.add_purchases(200))
    with pytest.raises(InterruptedError), transaction.atomic():
        sum(sizes)
    assert (Site.objects.count(), Purchase.objects.count(), Customer.objects.count()) == (0, 0, 0)


def test_what_is_laid_aside_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = _schema()
    monkeypatch.setattr(load, "MANY", 1)
    fill(300)
    assert _schema() == before
    assert differences_in_the_books() == []


def test_a_reference_to_nothing_is_found_afterwards() -> None:
    fill(20)
    orphan = "UPDATE purchasing_lineitem SET package_id = -1 WHERE id = (SELECT min(id) FROM purchasing_lineitem)"
    with (
        pytest.raises(IntegrityError, match="a_line_belongs_to_a_package_of_its_purchase"),
        transaction.atomic(),
        indexes_aside(["purchasing_lineitem"], tell=lambda _text: None),
        connection.cursor() as cursor,
    ):
        cursor.execute(orphan)


def _schema() -> list[tuple[Any, ...]]:
    """Every index and constraint with what it is on; of the texts PostgreSQL writes some in another way each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, indrelid::regclass::text, indkey::text, indisunique, indisvalid, "
            "reloptions, indpred IS NULL FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid ORDER BY 1"
        )
        found = cursor.fetchall()
        cursor.execute(
            "SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), convalidated, condeferred "
            "FROM pg_constraint ORDER BY 1, 2"
        )
        return found + cursor.fetchall()
