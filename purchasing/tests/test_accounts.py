"""Whose account a purchase stands on, and what moves it; deletion."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import Conflict
from core.models import Site
from customers.models import AccountEntry, Customer
from purchasing.models import Purchase
from purchasing.tests.bakers import (
    ERP,
    delete,
    line,
    make_customer,
    on_account,
    order,
    package,
    pay,
    put,
    stored,
)
from purchasing.tests.ledger import balance, entries, told

pytestmark = pytest.mark.usefixtures("db")


def test_the_top_most_parent_owes(site: Site, company: Customer, child: Customer) -> None:
    grandchild = make_customer(site, "Tom Jones Climbing, Cardiff", parent=child)
    put(site, on_account(customer=grandchild))
    assert entries(company) == [("charge", 100)]


def test_a_child_without_customer_counts_as_its_top_most_parent(site: Site, company: Customer, child: Customer) -> None:
    put(site, {**on_account(), "customer_identifiers": {"sparklayer_child": child.public_id}})
    assert entries(company) == [("charge", 100)]


def test_the_agent_never_owes(site: Site, company: Customer, summit: Customer) -> None:
    named = {"sparklayer": company.public_id, "sparklayer_impersonator": summit.public_id}
    put(site, {**on_account(), "customer_identifiers": named})
    put(site, {**on_account(), "customer_identifiers": {"sparklayer_impersonator": summit.public_id}}, "A-2")
    pay(site, "10", "A-2")
    assert entries() == entries(company) == [("charge", 100)]


def moved(customer: Customer, parent: Customer | None) -> None:
    customer.parent = parent
    customer.save()


def test_changing_a_parent_moves_nothing(site: Site, company: Customer, child: Customer, summit: Customer) -> None:
    put(site, on_account(customer=child))
    moved(child, summit)

    put(site, on_account(package(line("150")), customer=child))
    pay(site, "30")

    assert entries(summit) == []
    assert entries(company) == [("charge", 100), ("charge", 50), ("transaction", -30)]


def test_the_account_is_resolved_anew_after_everything_was_taken_back(
    site: Site, company: Customer, child: Customer, summit: Customer
) -> None:
    put(site, on_account(customer=child))
    moved(child, summit)
    put(site, order(customer=child))
    assert stored(site).account is None

    pay(site, "30")

    assert entries(company) == [("charge", 100), ("reversal", -100)]
    assert entries(summit) == [("transaction", -30)]


def test_a_payment_keeps_the_account_of_the_charge_that_went(
    site: Site, company: Customer, child: Customer, summit: Customer
) -> None:
    put(site, on_account(customer=child))
    pay(site, "30")
    moved(child, summit)
    put(site, order(customer=child))
    put(site, on_account(customer=child))
    assert entries(summit) == []
    assert entries(company) == [("charge", 100), ("transaction", -30), ("reversal", -100), ("charge", 100)]


def test_without_customer_nothing_is_posted_until_the_first_comes(site: Site, company: Customer) -> None:
    put(site, on_account())
    pay(site, "30")
    pay(site, "5", id="t2", applied=False)
    assert entries() == []
    assert stored(site).paid == 30
    assert told() == [("payment", Decimal(30))]

    put(site, on_account(customer=company))

    assert entries(company) == [("charge", 100), ("transaction", -30)]
    assert told() == [("payment", Decimal(30))]


# --- moves ------------------------------------------------------------------------------------------------------------


def test_a_charge_moves_with_the_customer(site: Site, company: Customer, summit: Customer) -> None:
    put(site, on_account(customer=company))
    put(site, on_account(customer=summit))
    assert entries(company) == [("charge", 100), ("reversal", -100)]
    assert entries(summit) == [("charge", 100)]


def test_a_charge_is_reversed_when_the_customer_goes(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    put(site, on_account())
    assert entries(company) == [("charge", 100), ("reversal", -100)]


def test_a_charge_moves_with_the_currency(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    put(site, on_account(package(line("90", currency="EUR")), customer=company))
    assert entries(company, "GBP") == [("charge", 100), ("reversal", -100)]
    assert entries(company, "EUR") == [("charge", 90)]


def test_between_two_children_of_one_company_nothing_moves(site: Site, company: Customer, child: Customer) -> None:
    other = make_customer(site, "Tom Jones Climbing, Leeds", parent=company)
    put(site, on_account(customer=child))
    pay(site, "30")
    for customer in (other, company):
        put(site, on_account(customer=customer))
    assert entries() == entries(company) == [("charge", 100), ("transaction", -30)]


def refused(site: Site, body: dict[str, Any]) -> str | None:
    before = stored(site)
    with pytest.raises(Conflict) as refusal:
        put(site, body)
    (fault,) = refusal.value.faults
    assert fault.code == "has-applied-transactions"
    assert stored(site).revision == before.revision
    return fault.property


def test_with_applied_transactions_nothing_moves(site: Site, company: Customer, summit: Customer) -> None:
    put(site, on_account(customer=company))
    pay(site, "30")
    in_eur = on_account(package(line("90", currency="EUR")), customer=company)

    assert refused(site, on_account(customer=summit)) == "customer_identifiers.sparklayer"
    assert refused(site, on_account()) == "customer_identifiers.sparklayer"
    assert refused(site, in_eur) == "currency_code"

    pay(site, "30", applied=False)
    put(site, on_account(customer=summit))
    assert balance(company) == 0
    assert balance(summit) == 100


def test_a_child_whose_account_today_is_another_is_a_move(
    site: Site, company: Customer, child: Customer, summit: Customer
) -> None:
    other = make_customer(site, "Tom Jones Climbing, Leeds", parent=company)
    put(site, on_account(customer=child))
    pay(site, "30")
    moved(other, summit)
    assert refused(site, on_account(customer=other)) == "customer_identifiers.sparklayer"


# --- deletion ---------------------------------------------------------------------------------------------------------


def test_a_deleted_purchase_has_no_charge_and_stays_as_a_tombstone(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    pay(site, "30", applied=False)
    delete(site, actor=ERP)
    assert entries(company) == [("charge", 100), ("reversal", -100)]
    tomb = Purchase.objects.get()
    assert tomb.deleted_at is not None
    assert (tomb.revisions.count(), tomb.transactions.count()) == (1, 1)


def test_with_applied_transactions_it_is_refused(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    pay(site, "30")
    with pytest.raises(Conflict) as refusal:
        delete(site)
    assert refusal.value.faults[0].code == "has-applied-transactions"
    assert stored(site).deleted_at is None


def test_unless_they_are_un_applied_in_the_same_step(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    pay(site, "30")
    pay(site, "-10", id="t2")
    delete(site, unapply=True, actor=ERP)
    assert balance(company) == 0
    assert told() == []
    assert set(AccountEntry.objects.filter(kind="reversal").values_list("author", flat=True)) == {"client:erp"}


def test_a_re_birth_is_charged_anew(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    delete(site)
    put(site, on_account(customer=company))
    assert entries(company) == [("charge", 100), ("reversal", -100), ("charge", 100)]
