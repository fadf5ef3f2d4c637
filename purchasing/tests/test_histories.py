"""Histories of purchases, step by step beside a simple model; the books are verified after every step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import DomainError
from core.models import Site
from core.money import ZERO
from core.site_settings import Settings, set_setting
from customers.models import Account, AccountEntry
from purchasing import books, effects, store
from purchasing.models import Purchase, PurchaseHistory, PurchaseTransaction
from purchasing.operations import delete_transaction
from purchasing.putting import Outcome
from purchasing.store import StoredPurchase
from purchasing.tests.bakers import ERP, delete, get, line, make_customer, order, package, pay, put
from purchasing.tests.model import Body, Model, Money, Refused
from tests.seeds import IS_SETTLED

NAMES = st.sampled_from(["A-1", "A-2", "A-3"])
IDS = st.sampled_from(["t1", "t2", "t3"])
CURRENCIES = st.sampled_from(["GBP", "GBP", "GBP", "EUR"])
BODIES = st.builds(
    Body,
    type=st.sampled_from(["order", "order", "order", "order_unconfirmed", "quote", "awaiting_approval"]),
    method=st.sampled_from(["on_account", "on_account", "Invoice", "card", ""]),
    customer=st.sampled_from(["company", "child", "summit", None]),
    as_child=st.booleans(),
    currency=CURRENCIES,
    packages=st.lists(
        st.tuples(st.sampled_from(["processing", "shipment", "refund", "cancelled"]), st.sampled_from([0, 20, 80])),
        max_size=3,
    ).map(tuple),
)


class Histories(RuleBasedStateMachine):
    """One site of its own, rolled back when the history ends."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = ExitStack()
        self.stage.enter_context(transaction.atomic())
        self.site = Site.objects.create(slug=f"site-{uuid4().hex}")
        self.model = Model()
        company = make_customer(self.site)
        self.customers = {
            "company": company,
            "child": make_customer(self.site, "Wales", parent=company),
            "summit": make_customer(self.site, "Summit Supplies"),
        }

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stage.close()

    @initialize(policy=st.sampled_from(["on_account", "on_account", "all_orders", "off"]))
    def begin(self, policy: str) -> None:
        self.change_policy(policy)

    # --- steps --------------------------------------------------------------------------------------------------------

    def step(self, expected: Callable[[], None], act: Callable[[], Any]) -> None:
        """Do it in the model and for real: both succeed, or both refuse for the same reason."""
        code = None
        try:
            expected()
        except Refused as refused:
            code = str(refused)
        if code is None:
            act()
            return
        with pytest.raises(DomainError) as refusal:
            act()
        assert [fault.code for fault in refusal.value.faults] == [code]

    @rule(name=NAMES, body=BODIES)
    def put(self, name: str, body: Body) -> None:
        self.step(lambda: self.model.put(name, body), lambda: put(self.site, self.document(body), name))

    @precondition(lambda self: self.model.purchases)
    @rule(data=st.data(), packages=BODIES.map(lambda body: body.packages))
    def change_packages(self, data: st.DataObject, packages: tuple[tuple[str, int], ...]) -> None:
        """Ship, cancel, return: the same purchase in other states."""
        name = data.draw(st.sampled_from(sorted(self.model.purchases)))
        before = self.model.purchases[name].body
        self.put_body(name, Body(**{**vars(before), "packages": packages}))

    @precondition(lambda self: self.model.purchases)
    @rule(data=st.data(), customer=st.sampled_from(["company", "child", "summit", None]))
    def change_customer(self, data: st.DataObject, customer: str | None) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.purchases)))
        before = self.model.purchases[name].body
        self.put_body(name, Body(**{**vars(before), "customer": customer}))

    def put_body(self, name: str, body: Body) -> None:
        self.step(lambda: self.model.put(name, body), lambda: put(self.site, self.document(body), name))

    @precondition(lambda self: self.model.purchases)
    @rule(data=st.data())
    def send_the_answer_back(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.purchases)))
        assert put(self.site, get(self.site, name), name).outcome is Outcome.UNCHANGED

    @precondition(lambda self: self.model.purchases)
    @rule(
        data=st.data(),
        key=IDS,
        total=st.sampled_from([20, 80, 100, 120, -20, -80]),
        currency=CURRENCIES,
        applied=st.sampled_from([True, True, False]),
    )
    def record(self, data: st.DataObject, key: str, total: int, currency: str, applied: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.purchases)))
        self.record_money(name, key, Money(total, currency, applied))

    @precondition(lambda self: any(purchase.money for purchase in self.model.purchases.values()))
    @rule(data=st.data())
    def toggle(self, data: st.DataObject) -> None:
        name, key = self.draw_transaction(data)
        money = self.model.purchases[name].money[key]
        self.record_money(name, key, Money(money.total, money.currency, not money.applied))

    def record_money(self, name: str, key: str, money: Money) -> None:
        self.step(
            lambda: self.model.record(name, key, money),
            lambda: pay(self.site, money.total, name, id=key, applied=money.applied, currency=money.currency),
        )

    @precondition(lambda self: any(purchase.money for purchase in self.model.purchases.values()))
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        name, key = self.draw_transaction(data)
        self.model.forget(name, key)
        row = PurchaseTransaction.objects.get(site=self.site, purchase=self.row(name), platform_id=key)
        delete_transaction(site=self.site, transaction_id=row.pk, actor=ERP)

    def draw_transaction(self, data: st.DataObject) -> tuple[str, str]:
        there = [(name, key) for name, purchase in self.model.purchases.items() for key in purchase.money]
        return data.draw(st.sampled_from(sorted(there)))

    @precondition(lambda self: self.model.purchases)
    @rule(data=st.data(), unapply=st.booleans())
    def delete(self, data: st.DataObject, unapply: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.purchases)))
        self.step(lambda: self.model.delete(name, unapply=unapply), lambda: delete(self.site, name, unapply=unapply))

    @rule(parent=st.sampled_from(["company", "summit", None]))
    def change_parent(self, parent: str | None) -> None:
        self.model.parents["child"] = parent
        child = self.customers["child"]
        child.parent = self.customers[parent] if parent else None
        child.save()

    @rule(policy=st.sampled_from(["on_account", "all_orders", "off"]))
    def change_policy(self, policy: str) -> None:
        self.model.policy = policy
        set_setting(site=self.site, key="charge_posting", value=policy)

    # --- what holds after every step ----------------------------------------------------------------------------------

    @invariant()
    def purchases_are_as_in_the_model(self) -> None:
        rows = Purchase.objects.for_site(self.site).present()
        assert {
            row.internal_id: (
                row.type,
                row.calculated_fulfilment_status,
                (row.calculated_payment_status, int(row.outstanding), int(row.credit)),
                row.revision,
                int(row.posted_charge),
                row.account_id,
            )
            for row in rows.defer("header", "contents")
        } == {
            name: (
                purchase.body.type,
                purchase.body.fulfilment,
                purchase.payment,
                purchase.revision,
                purchase.stands.get(None, 0),
                self.customers[purchase.account].pk if purchase.stands and purchase.account else None,
            )
            for name, purchase in self.model.purchases.items()
        }

    @invariant()
    def the_ledger_is_as_in_the_model(self) -> None:
        names = {customer.pk: name for name, customer in self.customers.items()}
        entries: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for entry in AccountEntry.objects.for_site(self.site).select_related("account").order_by("id"):
            account = names[entry.account.customer_id], entry.account.currency_code
            entries.setdefault(account, []).append((entry.kind, int(entry.amount)))
        assert entries == {account: lines for account, lines in self.model.ledger.items() if lines}
        for row in Account.objects.for_site(self.site):
            lines = self.model.ledger[names[row.customer_id], row.currency_code]
            assert row.balance == sum(amount for _, amount in lines)

    @invariant()
    def history_tells_what_is_applied(self) -> None:
        told = PurchaseHistory.objects.for_site(self.site).filter(purchase__deleted_at=None)
        assert {
            (name, key, int(total))
            for name, key, total in told.values_list("purchase__internal_id", "transaction__platform_id", "total")
        } == {
            (name, key, money.total)
            for name, purchase in self.model.purchases.items()
            for key, money in purchase.money.items()
            if money.applied
        }

    @invariant()
    def the_books_are_right(self) -> None:
        connection.check_constraints()
        assert books.verify(sites=[self.site.pk]) == []

    # --- translation --------------------------------------------------------------------------------------------------

    def document(self, body: Body) -> dict[str, Any]:
        parcels = [package(line(net, currency=body.currency), type=state) for state, net in body.packages]
        role = "sparklayer_child" if body.as_child else "sparklayer"
        named = {role: self.customers[body.customer].public_id} if body.customer else {}
        return order(type=body.type, payment_method=body.method, currency_code=body.currency) | {
            "customer_identifiers": named,
            "packages": parcels,
        }

    def row(self, name: str) -> Purchase:
        return Purchase.objects.for_site(self.site).present().get(internal_id=name)


def run(histories: int, *, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=histories,
            stateful_step_count=40,
            deadline=None,
            derandomize=IS_SETTLED,
            phases=phases,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_histories() -> None:
    run(40 if IS_SETTLED else 100)


def _own_account(context: store.Context, purchase: StoredPurchase) -> tuple[int | None, Settings]:
    account_id, site_settings = ACCOUNT_IN(context, purchase)
    return purchase.customer_id or account_id, site_settings


ACCOUNT_IN = effects.account_in
FAULTS: dict[str, tuple[str, Any]] = {
    "a charge by the payment method of the day": (
        "charge_of",
        lambda purchase: purchase.amount_due if purchase.payment_method else ZERO,
    ),
    "a history that forgets to forget": ("_told_wrongly", lambda item: item.told_total is None),
    "a child that owes itself": ("account_in", _own_account),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_does_not_go_unnoticed(monkeypatch: pytest.MonkeyPatch, name: str, fault: Any) -> None:
    monkeypatch.setattr(effects, name, fault)
    with pytest.raises((AssertionError, ExceptionGroup)):
        run(100, phases=(Phase.generate,))
