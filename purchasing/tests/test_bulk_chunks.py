"""Purchases of one call that share a transaction: nobody can tell, except by what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest.mock import Mock

import psycopg.errors
import pytest
from django.db import DataError

from core.models import Site
from purchasing import books, store
from purchasing.bulk import Item, put_purchases, read_purchases
from purchasing.bulk import purchases as bulk_purchases
from purchasing.models import Purchase
from purchasing.store import WholePurchase
from purchasing.tests.bakers import ERP, line, make_customer, on_account, order, package, put, stored
from purchasing.tests.test_bulk import figures, told

pytestmark = pytest.mark.django_db


def put_all(site: Site, bodies: list[Any]) -> list[Item]:
    return put_purchases(site=site, sent=read_purchases(bodies), actor=ERP)


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Called once for each transaction that is begun."""
    spy = Mock(side_effect=store.lock_named)
    monkeypatch.setattr(store, "lock_named", spy)
    return spy


def named(name: str, **members: Any) -> dict[str, Any]:
    return on_account(purchase_identifiers={"internal": name}, **{"customer": "head", **members})


def call_of_the_refused() -> list[Any]:
    """Between those that are taken one that cannot be read, one whose customer is not known, one that may not go back,
    and one that names two purchases.
    """
    return [
        named("NEW-1"),
        None,
        named("STANDS", customer_reference="PO"),
        named("NEW-2", customer="nobody"),
        named("ORDER", type="quote"),
        order(purchase_identifiers={"internal": "FOURTH", "visible": "V-OTHER"}),
        named("NEW-3"),
    ]


def furnish(site: Site) -> None:
    make_customer(site, external_id="head")
    put(site, on_account(customer="head"), "STANDS")
    put(site, on_account(customer="head"), "ORDER")
    put(site, on_account(customer="head"), "FOURTH")
    put(site, on_account(customer="head", purchase_identifiers={"visible": "V-OTHER"}), "OTHER")


def test_one_that_is_refused_in_the_middle_leaves_the_others_alone(
    site: Site, other_site: Site, chunks: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when each has a transaction of its own."""
    for one in (site, other_site):
        furnish(one)
    at_once = put_all(site, call_of_the_refused())
    assert chunks.call_count == 1
    monkeypatch.setattr(bulk_purchases, "CHUNK", 1)
    alone = put_all(other_site, call_of_the_refused())
    assert chunks.call_count == 1 + 6

    assert [told(item) for item in at_once] == [told(item) for item in alone]
    assert [item.outcome for item in at_once] == ["created", "rejected", "updated", *["rejected"] * 3, "created"]
    assert figures(site) == figures(other_site)
    assert books.verify(sites=[site.pk, other_site.pk]) == []


def test_what_the_database_refuses_is_done_again_one_by_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is known which of them it was."""
    furnish(site)
    write = store.write_purchases

    def refusing(wholes: Sequence[WholePurchase], **options: Any) -> None:
        if any(whole.purchase.customer_reference == "BAD" for whole in wholes):
            raise DataError from psycopg.errors.NumericValueOutOfRange()
        write(wholes, **options)

    monkeypatch.setattr(store, "write_purchases", refusing)
    items = put_all(site, [named("A"), named("STANDS", customer_reference="BAD"), named("B")])
    assert [item.outcome for item in items] == ["created", "rejected", "created"]
    assert [error["code"] for error in items[1].errors] == ["invalid-api-request-contents"]
    assert (stored(site, "STANDS").revision, Purchase.objects.count()) == (1, 6)
    assert books.verify(sites=[site.pk]) == []


@pytest.mark.parametrize(
    ("second", "outcomes"),
    [
        ({"internal": "STANDS"}, ["updated", "unchanged"]),
        ({"visible": "V-1"}, ["updated", "updated"]),
        ({"internal": "STANDS", "visible": "V-1"}, ["updated", "unchanged"]),
    ],
)
def test_one_that_depends_on_another_sees_what_that_has_done(
    site: Site, chunks: Mock, second: dict[str, str], outcomes: list[str]
) -> None:
    """By a name that was sent, and by one that the other stood under."""
    furnish(site)
    put(site, on_account(customer="head", purchase_identifiers={"visible": "V-1"}), "STANDS")
    first = named("STANDS", customer_reference="PO")
    again = on_account(customer="head", purchase_identifiers=second, customer_reference="PO")
    if outcomes[1] == "updated":
        again["customer_reference"] = "PO 2"
    items = put_all(site, [first, named("A"), again, named("B")])
    assert [item.outcome for item in items] == [outcomes[0], "created", outcomes[1], "created"]
    assert chunks.call_count == 2


def test_the_id_that_a_new_purchase_will_have_is_a_name_of_it(site: Site) -> None:
    """Who knows it from a rehearsal may send it, before or behind; the ids of two are never the same."""
    make_customer(site, external_id="head")
    sent = read_purchases([named("A")])
    [rehearsed] = put_purchases(site=site, sent=sent, actor=ERP, dry_run=True)
    spark_id = rehearsed.identifiers["sparklayer"]
    other = order(purchase_identifiers={"sparklayer": spark_id, "internal": "A"})
    items = put_all(site, [named("A"), other])
    assert [(item.outcome, item.revision) for item in items] == [("created", 1), ("updated", 2)]

    [rehearsed] = put_purchases(site=site, sent=read_purchases([named("B")]), actor=ERP, dry_run=True)
    spark_id = rehearsed.identifiers["sparklayer"]
    before = order(purchase_identifiers={"sparklayer": spark_id, "internal": "C"})
    items = put_all(site, [before, named("B")])
    assert [item.outcome for item in items] == ["created"] * 2
    assert items[0].identifiers["sparklayer"] == spark_id != items[1].identifiers["sparklayer"]


def test_large_purchases_have_a_transaction_of_their_own(
    site: Site, chunks: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_purchases, "LINES", 5)
    make_customer(site, external_id="head")

    def large(name: str, lines: int) -> dict[str, Any]:
        return on_account(package(*[line()] * lines), customer="head", purchase_identifiers={"internal": name})

    put_all(site, [large("A", 2), large("B", 3), large("C", 6), large("D", 1)])
    assert [len(call.kwargs["names"]) for call in chunks.call_args_list] == [2, 1, 1]


def test_entries_of_an_account_are_in_the_order_sent(site: Site) -> None:
    """And each says the balance behind it."""
    head = make_customer(site, external_id="head")
    bodies = [
        on_account(package(line(str(number))), customer="head", purchase_identifiers={"internal": f"A-{number}"})
        for number in (7, 1, 3)
    ]
    put_all(site, bodies)
    [account] = head.accounts.all()
    entries = account.entries.order_by("id").values_list("amount", "balance_after", "reference")
    told = [(int(amount), int(balance), reference) for amount, balance, reference in entries]
    assert told == [(7, 7, "A-7"), (1, 8, "A-1"), (3, 11, "A-3")]
