"""Every door that writes documents or money locks purchases first, then accounts, each in the order of their ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest
from django.db import transaction
from django.test import Client

from core.models import Site
from core.postgres.base import DatabaseWrapper
from core.postgres.exchange import Call, Rows
from customers.models import Customer
from purchasing.approvals import accept_quote
from purchasing.bulk import put_purchases, read_purchases, read_transactions, record_transactions
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.tests.bakers import ERP
from purchasing.tests.bakers import internal as internal_id
from purchasing.tests.bodies import FLAT, PURCHASES, order, payment
from purchasing.tests.locking import watched_locks
from tests.callers import ApiCaller, make_caller, make_staff
from tests.cast import make_customer
from tests.fixtures import Keep, make_site
from tests.html_forms import fields_of

pytestmark = pytest.mark.django_db

TRANSACTIONS = "/admin/purchasing/purchasetransaction/"


@dataclass(frozen=True)
class World:
    """A site with purchases of two companies, and who writes to them."""

    site: Site
    api: ApiCaller
    back_office: Client


Door = Callable[[World], Any]


@pytest.fixture(scope="module")
def world(keep: Keep) -> World:
    def make() -> World:
        site = make_site()
        made = World(site, make_caller(site), Client())
        made.back_office.force_login(make_staff(site))
        for name in ("FIRST", "SECOND"):
            make_customer(
                site, external_id=name, payment_on_account=True, credit_limit=1000, credit_currency_code="GBP"
            )
        bodies = {
            "A": owed_by("FIRST"),
            "B": owed_by("SECOND"),
            "C": owed_by("SECOND"),
            "QUOTE": owed_by("FIRST", type="quote", quote_status="sent"),
            "WAITS": owed_by("FIRST", type="awaiting_approval"),
        }
        for name, body in bodies.items():
            assert made.api.put(internal(name), json=body).status_code == 200
        assert made.api.put(FLAT, json=payment_of("B", "5.00")).status_code == 200
        return made

    return cast("World", keep(make))


def owed_by(name: str, **members: Any) -> dict[str, Any]:
    return order(payment_method="on_account", customer_identifiers={"sparklayer": name}, **members)


def internal(name: str) -> str:
    return f"{PURCHASES}/internal/{name}"


def payment_of(name: str, total: str = "10.00") -> dict[str, Any]:
    spark_id = str(Purchase.objects.get(internal_id=name).spark_id)
    return payment(total, platform_id=f"pay-{name}", purchase_spark_id=spark_id)


def put_new(world: World) -> Any:
    return world.api.put(internal("NEW"), json=owed_by("FIRST"))


def put_on_another_account(world: World) -> Any:
    return world.api.put(internal("C"), json=owed_by("FIRST"))


def several_purchases() -> list[dict[str, Any]]:
    """The higher before the lower, each on to the other's account, and new ones."""
    return [
        owed_by("FIRST", purchase_identifiers={"internal": "C"}),
        owed_by("SECOND", purchase_identifiers={"internal": "NEW-2"}),
        owed_by("SECOND", purchase_identifiers={"internal": "A"}),
        owed_by("FIRST", purchase_identifiers={"internal": "NEW-1"}),
    ]


def put_several(world: World) -> Any:
    return world.api.post(f"{PURCHASES}/bulk", json=several_purchases())


def rehearse_several(world: World) -> Any:
    return world.api.post(f"{PURCHASES}/bulk?dry_run=true", json=several_purchases())


def post_payment(world: World) -> Any:
    return world.api.post(f"{internal('A')}/transactions", json=payment())


def put_payment(world: World) -> Any:
    return world.api.put(FLAT, json=payment_of("B", "6.00"))


def delete_payment(world: World) -> Any:
    page = f"{TRANSACTIONS}{PurchaseTransaction.objects.get().pk}/delete/"
    return world.back_office.post(page, {"post": "yes"})


def save_payment(world: World) -> Any:
    page = f"{TRANSACTIONS}{PurchaseTransaction.objects.get().pk}/change/"
    sent = fields_of(world.back_office.get(page), "purchasetransaction_form")
    del sent["apply_to_balance"]
    return world.back_office.post(page, sent)


def record_several(world: World) -> Any:
    return world.api.post(f"{FLAT}/bulk", json=[payment_of(name) for name in "CA"])


def delete_purchase(world: World) -> Any:
    return world.api.delete(internal("A"))


def enter_by_hand(world: World) -> Any:
    entry = {"kind": "manual", "amount": "5.00", "currency_code": "GBP", "reference": "R-1", "reason": "agreed"}
    customer = Customer.objects.get(external_id="FIRST").public_id
    return world.api.post(f"/api/v1/customers/{customer}/ledger", json=entry | {"value_date": "2026-01-31"})


def accept(world: World) -> Any:
    return world.api.post(f"{internal('QUOTE')}/accept", json={"revision": 1})


def approve(world: World) -> Any:
    return world.api.post(f"{internal('WAITS')}/approve", json={"revision": 1, "total": "10.00"})


DOORS: list[Door] = [
    put_new,
    put_on_another_account,
    put_several,
    rehearse_several,
    post_payment,
    put_payment,
    delete_payment,
    save_payment,
    record_several,
    delete_purchase,
    enter_by_hand,
    accept,
    approve,
]


@pytest.mark.parametrize("door", DOORS)
def test_purchases_come_first_and_each_in_the_order_of_ids(world: World, door: Door) -> None:
    with watched_locks() as locks:
        answer = door(world)
    assert answer.status_code in (200, 204, 302)
    assert set(locks.kinds) == {"account"} | ({"purchase"} if door is not enter_by_hand else set())
    assert locks.faults == []


def test_credit_is_asked_for_in_that_order(world: World) -> None:
    """What a customer orders waits for others who buy on the same account."""
    buyer = Customer.objects.get(external_id="FIRST")
    with watched_locks() as locks:
        accept_quote(site=world.site, lookup=internal_id("QUOTE"), revision=1, actor=ERP, reader=buyer)
    assert locks.kinds[:2] == ["purchase", "account"]
    assert locks.faults == []


def put_together(world: World) -> None:
    put_purchases(site=world.site, sent=read_purchases(several_purchases()[::2]), actor=ERP, together=True)


def record_together(world: World) -> None:
    sent = read_transactions([payment_of(name) for name in "CA"])
    record_transactions(site=world.site, sent=sent, actor=ERP, together=True)


@pytest.mark.parametrize("door", [put_together, record_together])
def test_those_of_one_transaction_are_all_locked_before_the_first_is_written(world: World, door: Door) -> None:
    with watched_locks() as locks, transaction.atomic():
        door(world)
    [held, *_rest] = locks.transactions
    assert [(lock.kind, len(lock.rows)) for lock in held[:2]] == [("purchase", 2), ("account", 2)]
    assert len(held) >= 6
    assert locks.faults == []


def test_a_purchase_after_an_account_is_seen(world: World) -> None:
    with watched_locks() as locks, transaction.atomic():
        enter_by_hand(world)
        delete_purchase(world)
    assert locks.faults == ["a purchase after an account"]


def test_ids_in_another_order_are_seen(world: World) -> None:
    """Two items that are transactions of their own, in one."""
    with watched_locks() as locks, transaction.atomic():
        record_several(world)
    assert locks.faults == [
        "a purchase after an account",
        "a lower purchase after a higher one",
        "a lower account after a higher one",
    ]


def test_a_statement_that_says_no_order_is_seen(world: World) -> None:
    with watched_locks() as locks, pytest.MonkeyPatch.context() as patch:
        send = DatabaseWrapper.send

        def in_no_order(database: DatabaseWrapper, calls: Sequence[Call]) -> list[Rows]:
            return send(
                database, [(text.replace("ORDER BY id FOR", "FOR"), values, may) for text, values, may in calls]
            )

        patch.setattr(DatabaseWrapper, "send", in_no_order)
        put_several(world)
    assert "several of purchase in no order" in locks.faults
