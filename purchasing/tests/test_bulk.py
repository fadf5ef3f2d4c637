"""Many at once are what they would be one after the other, and a rehearsal is what then happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, Phase, given, settings

from core.errors import DomainError, InvalidDocument
from core.models import Site
from customers.models import AccountEntry
from purchasing import books
from purchasing.bulk import Item, put_purchases, read_purchases, read_transactions, record_transactions
from purchasing.identity import Lookup
from purchasing.models import LineItem, Package, Purchase, PurchaseHistory, PurchaseRevision, PurchaseTransaction
from purchasing.operations import put_purchase, record_transaction
from purchasing.tests.bakers import ERP, delete, make_customer, on_account, order, put
from purchasing.tests.bulk_cases import SPARK_IDS, purchase_calls, transaction_calls
from tests.seeds import IS_SETTLED

DRAWN = settings(
    max_examples=50,
    deadline=None,
    derandomize=IS_SETTLED,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MODELS: tuple[type[Model], ...] = (
    Purchase,
    Package,
    LineItem,
    PurchaseRevision,
    PurchaseTransaction,
    PurchaseHistory,
    AccountEntry,
)
Bulk = Callable[..., list[Item]]


def put_all(site: Site, bodies: list[Any], **options: Any) -> list[Item]:
    return put_purchases(site=site, sent=read_purchases(bodies), actor=ERP, **options)


def record_all(site: Site, bodies: list[Any], **options: Any) -> list[Item]:
    return record_transactions(site=site, sent=read_transactions(bodies), actor=ERP, **options)


@contextmanager
def a_site() -> Iterator[Site]:
    """A site with customers and two purchases on account, undone afterwards; its books are verified."""
    with transaction.atomic():
        site = Site.objects.create(slug=f"site-{uuid4().hex}")
        head = make_customer(site, external_id="head")
        make_customer(site, "Wales", external_id="CHILD", parent=head)
        make_customer(site, "Summit Supplies", external_id="summit")
        for spark_id, name in zip(SPARK_IDS, ("1", "2"), strict=True):
            named = {"platform": f"P-{name}", "internal": f"I-{name}"}
            put(
                site,
                on_account(customer="head", purchase_identifiers=named),
                lookup=Lookup("sparklayer", Purchase._meta.get_field("spark_id").to_python(spark_id)),
            )
        yield site
        assert books.verify(sites=[site.pk]) == []
        transaction.set_rollback(True)


def rows(site: Site) -> list[list[dict[str, Any]]]:
    """Everything the site holds that a bulk call may write."""
    return [list(model._default_manager.filter(site_id=site.pk).order_by("pk").values()) for model in MODELS]


def told(item: Item) -> tuple[str, int | None, list[tuple[str, str | None]]]:
    return item.outcome, item.revision, [(error["code"], error["property"]) for error in item.errors]


def put_alone(site: Site, body: Any) -> tuple[str, int | None, list[tuple[str, str | None]]]:
    """What a PUT of this document alone comes to."""
    [sent] = read_purchases([body])
    try:
        if sent.refusal:
            raise sent.refusal
        assert sent.document is not None
        assert sent.sought is not None
        kind, value = next(iter(sent.sought.items()))
        done = put_purchase(site=site, lookup=Lookup(kind, value), document=sent.document, actor=ERP)
    except DomainError as refusal:
        return "rejected", None, [(fault.code, fault.property) for fault in refusal.faults]
    return done.outcome, done.purchase.revision, []


def record_alone(site: Site, body: Any) -> str:
    """Whether a PUT of this transaction alone is taken."""
    [sent] = read_transactions([body])
    try:
        if sent.refusal:
            raise sent.refusal
        assert sent.document is not None
        assert sent.lookup is not None
        values = {name: value for name, value in sent.document if name != "purchase_spark_id"}
        record_transaction(site=site, lookup=sent.lookup, actor=ERP, unknown=InvalidDocument(), **values)
    except DomainError:
        return "rejected"
    return "accepted"


def figures(site: Site) -> list[dict[str, Any]]:
    """What stands of purchases and their money, whenever it was written and under whichever ids."""
    return [
        {
            "identifiers": (purchase.platform_id, purchase.internal_id, purchase.visible_id),
            "type": purchase.type,
            "revision": purchase.revision,
            "total": purchase.calculated_total,
            "status": purchase.calculated_payment_status,
            "outstanding": purchase.outstanding,
            "owes": purchase.account and purchase.account.external_id,
            "posted": purchase.posted_charge,
            "transactions": [
                (item.platform_id, item.total, item.apply_to_balance, item.posted_amount, item.full_transaction)
                for item in purchase.transactions.order_by("platform_id")
            ],
        }
        for purchase in Purchase.objects.filter(site_id=site.pk).select_related("account").order_by("id")
    ]


@pytest.mark.django_db
@DRAWN
@given(call=purchase_calls())
def test_purchases_are_as_rehearsed(call: list[Any]) -> None:
    with a_site() as site:
        before = rows(site)
        rehearsed = put_all(site, call, dry_run=True)
        assert rows(site) == before
        assert put_all(site, call) == rehearsed


@pytest.mark.django_db
@DRAWN
@given(call=transaction_calls())
def test_transactions_are_as_rehearsed(call: list[Any]) -> None:
    with a_site() as site:
        before = rows(site)
        rehearsed = record_all(site, call, dry_run=True)
        assert rows(site) == before
        assert record_all(site, call) == rehearsed


@pytest.mark.django_db
@DRAWN
@given(call=purchase_calls())
def test_purchases_are_as_one_after_the_other(call: list[Any]) -> None:
    with a_site() as one, a_site() as other:
        assert [told(item) for item in put_all(one, call)] == [put_alone(other, body) for body in call]
        assert figures(one) == figures(other)


@pytest.mark.django_db
@DRAWN
@given(call=transaction_calls())
def test_transactions_are_as_one_after_the_other(call: list[Any]) -> None:
    with a_site() as one, a_site() as other:
        taken = ["rejected" if item.outcome == "rejected" else "accepted" for item in record_all(one, call)]
        assert taken == [record_alone(other, body) for body in call]
        assert figures(one) == figures(other)


@pytest.mark.django_db
@pytest.mark.parametrize("bulk", [put_all, record_all])
def test_the_same_again_changes_nothing(site: Site, bulk: Bulk) -> None:
    bodies = [order(purchase_identifiers={"internal": name, "sparklayer": SPARK_IDS[0]}) for name in ("A",)]
    put_all(site, bodies)
    call = bodies
    if bulk is record_all:
        call = [
            {
                "purchase_spark_id": SPARK_IDS[0],
                "platform_id": name,
                "total": "1",
                "currency_code": "GBP",
                "apply_to_balance": True,
            }
            for name in ("t1", "t2")
        ]
        record_all(site, call)
    before = rows(site)
    assert {item.outcome for item in bulk(site, call)} == {"unchanged"}
    assert rows(site) == before


@pytest.mark.django_db
def test_a_created_purchase_has_the_sparklayer_id_that_was_rehearsed(site: Site) -> None:
    body = order(purchase_identifiers={"internal": "A-1"})
    [rehearsed] = put_all(site, [body], dry_run=True)
    [item] = put_all(site, [body])
    assert item.identifiers == rehearsed.identifiers
    assert str(Purchase.objects.get().spark_id) == item.identifiers["sparklayer"]


@pytest.mark.django_db
def test_no_sparklayer_id_is_given_twice(site: Site, other_site: Site) -> None:
    """Not even one that a deleted purchase had, or one that goes by another name now."""
    first = order(purchase_identifiers={"internal": "A-1"})
    renamed = order(purchase_identifiers={"internal": None, "visible": "V-1"})
    [there] = put_all(other_site, [first])
    [deleted] = put_all(site, [first])
    delete(site, "A-1")
    call = [
        first,
        order(purchase_identifiers={"internal": "A-1", "visible": "V-1"}),
        renamed,
        first,
    ]
    rehearsed = put_all(site, call, dry_run=True)
    items = put_all(site, call)
    assert items == rehearsed
    assert [item.outcome for item in items] == ["created", "updated", "updated", "created"]
    ids = [there, deleted, items[0], items[3]]
    assert len({item.identifiers["sparklayer"] for item in ids}) == 4


@pytest.mark.django_db
def test_transactions_of_one_purchase_are_settled_once(site: Site) -> None:
    """Each has its history item and its posting; the purchase counts one change."""
    head = make_customer(site)
    put(
        site,
        on_account(customer=head),
        lookup=Lookup("sparklayer", Purchase._meta.get_field("spark_id").to_python(SPARK_IDS[0])),
    )
    sent = [
        {
            "purchase_spark_id": SPARK_IDS[0],
            "platform_id": f"t{number}",
            "total": str(number),
            "currency_code": "GBP",
            "apply_to_balance": True,
        }
        for number in range(1, 6)
    ]
    record_all(site, sent)
    purchase = Purchase.objects.get()
    assert (purchase.paid, purchase.changes) == (Decimal(15), 1)
    assert PurchaseHistory.objects.count() == 5
    assert list(AccountEntry.objects.exclude(transaction_id=None).order_by("id").values_list("amount", flat=True)) == [
        Decimal(-number) for number in range(1, 6)
    ]


@pytest.mark.django_db
def test_a_call_of_nothing(site: Site) -> None:
    for dry_run in (False, True):
        assert put_all(site, [], dry_run=dry_run) == []
        assert record_all(site, [], dry_run=dry_run) == []


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [False, True])
def test_the_index_is_the_place_in_the_call(site: Site, dry_run: bool) -> None:
    sent = read_purchases([None, order(purchase_identifiers={"internal": "A"}), None])
    items = put_purchases(site=site, sent=sent, actor=ERP, dry_run=dry_run)
    assert [(item.index, item.outcome) for item in items] == [(0, "rejected"), (1, "created"), (2, "rejected")]
    assert replace(items[0], index=2) == items[2]
