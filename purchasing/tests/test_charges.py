"""What a purchase is charged, when the charge follows, on which date and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from core.errors import NotFound
from core.models import Site
from core.site_settings import set_setting
from customers.models import AccountEntry, Customer
from purchasing.tests.bakers import (
    delete,
    internal,
    line,
    on_account,
    order,
    package,
    pay,
    put,
    stored,
)
from purchasing.tests.ledger import balance, entries

pytestmark = pytest.mark.usefixtures("db")


ALL = on_account(package(line("100", quantity=5)))
RETURNED_20 = on_account(package(line("80", quantity=4), type="shipment"), package(line("20"), type="refund"))
CANCELLED_20 = on_account(package(line("80", quantity=4)), package(line("20"), type="cancelled"))


def bought_by(customer: Customer | None, body: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {**body, "customer_identifiers": {"sparklayer": customer.public_id} if customer else {}, **members}


@pytest.mark.parametrize("method", ["on_account", "paymentOnAccount", "invoice", "PaymentByInvoice"])
def test_an_order_on_account_is_charged(site: Site, company: Customer, method: str) -> None:
    put(site, order(customer=company, payment_method=method))
    assert entries(company) == [("charge", 100)]


@pytest.mark.parametrize("method", ["", "card", "platform_upfront"])
def test_another_order_is_not(site: Site, company: Customer, method: str) -> None:
    put(site, order(customer=company, payment_method=method))
    assert entries() == []


@pytest.mark.parametrize("type", ["order_unconfirmed", "cart", "quote", "awaiting_approval"])
def test_what_is_no_order_yet_is_charged_when_it_becomes_one(site: Site, company: Customer, type: str) -> None:
    put(site, on_account(customer=company, type=type))
    assert entries() == []
    put(site, on_account(customer=company))
    assert entries(company) == [("charge", 100)]


def test_a_return_posts_the_difference(site: Site, company: Customer) -> None:
    put(site, bought_by(company, ALL))
    put(site, bought_by(company, RETURNED_20))
    assert entries(company) == [("charge", 100), ("charge", -20)]


def test_a_cancel_posts_the_difference(site: Site, company: Customer) -> None:
    put(site, bought_by(company, ALL))
    put(site, bought_by(company, CANCELLED_20))
    assert entries(company) == [("charge", 100), ("charge", -20)]


def test_when_everything_is_cancelled_the_charge_is_reversed(site: Site, company: Customer) -> None:
    put(site, bought_by(company, ALL))
    put(site, on_account(package(line("100", quantity=5), type="cancelled"), customer=company))
    assert entries(company) == [("charge", 100), ("reversal", -100)]
    assert stored(site).account is None


def test_a_refund_paid_out_raises_the_balance_again(site: Site, company: Customer) -> None:
    put(site, bought_by(company, ALL))
    pay(site, "100")
    put(site, bought_by(company, RETURNED_20))
    pay(site, "-20", id="t2")
    assert entries(company) == [("charge", 100), ("transaction", -100), ("charge", -20), ("transaction", 20)]
    assert balance(company) == 0


def test_the_charge_follows_the_payment_method(site: Site, company: Customer) -> None:
    for method in ("on_account", "card", "invoice"):
        put(site, order(customer=company, payment_method=method))
    assert entries(company) == [("charge", 100), ("reversal", -100), ("charge", 100)]


def test_no_entry_of_0_is_made(site: Site, company: Customer) -> None:
    put(site, on_account(package(line("0")), customer=company))
    put(site, on_account(package(line("0")), customer=company, customer_reference="PO 8"))
    assert entries() == []


@pytest.mark.parametrize(
    ("policy", "on_account_charge", "card_charge"), [("on_account", 100, 0), ("all_orders", 100, 100), ("off", 0, 0)]
)
def test_what_creates_the_debt_is_a_setting(
    site: Site, company: Customer, policy: str, on_account_charge: int, card_charge: int
) -> None:
    set_setting(site=site, key="charge_posting", value=policy)
    put(site, on_account(customer=company), "A-1")
    put(site, order(customer=company, payment_method="card"), "A-2")
    pay(site, "10", "A-2")
    assert stored(site, "A-1").posted_charge == on_account_charge
    assert stored(site, "A-2").posted_charge == card_charge
    assert balance(company) == on_account_charge + card_charge - 10


@pytest.mark.parametrize(("before", "after", "charge"), [("off", "all_orders", 0), ("all_orders", "off", 120)])
def test_a_purchase_keeps_the_policy_of_when_it_became_an_order(
    site: Site, company: Customer, before: str, after: str, charge: int
) -> None:
    set_setting(site=site, key="charge_posting", value=after)
    put(site, order(customer=company, type="quote"))
    set_setting(site=site, key="charge_posting", value=before)
    put(site, order(customer=company))
    set_setting(site=site, key="charge_posting", value=after)
    put(site, order(package(line("120")), customer=company))
    assert stored(site).posted_charge == charge


# --- dates ------------------------------------------------------------------------------------------------------------


def test_a_charge_has_the_day_it_was_placed_in_the_sites_zone(site: Site, company: Customer) -> None:
    set_setting(site=site, key="time_zone", value="Australia/Sydney")
    put(site, on_account(customer=company, dates={"placed_at": "2026-03-02T20:00:00Z"}))
    assert AccountEntry.objects.get().value_date == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("dates", "value_date"),
    [
        ({"placed_at": "2026-01-05T00:00:00Z", "created_at": "2026-01-03T00:00:00Z"}, date(2026, 1, 5)),
        ({"created_at": "2026-01-03T00:00:00Z"}, date(2026, 2, 4)),
        ({}, date(2026, 2, 4)),
    ],
    ids=["placed", "else submitted", "else submitted, without any date"],
)
def test_the_day_of_a_charge(site: Site, company: Customer, dates: dict[str, str], value_date: date) -> None:
    put(site, on_account(customer=company, dates=dates), now=datetime(2026, 2, 4, tzinfo=UTC))
    assert AccountEntry.objects.get().value_date == value_date


def test_later_differences_and_reversals_keep_the_first_day(site: Site, company: Customer) -> None:
    put(site, bought_by(company, ALL))
    put(site, bought_by(company, RETURNED_20, dates={"placed_at": "2026-09-09T00:00:00Z"}))
    delete(site)
    assert set(AccountEntry.objects.values_list("value_date", flat=True)) == {date(2026, 3, 2)}


def test_a_transaction_has_the_day_it_was_first_recorded(site: Site, company: Customer) -> None:
    set_setting(site=site, key="time_zone", value="Australia/Sydney")
    put(site, order(customer=company))
    with time_machine.travel(datetime(2026, 5, 1, 20, tzinfo=UTC), tick=False) as clock:
        pay(site, "10", applied=False)
        clock.shift(timedelta(days=3))
        pay(site, "10")
        pay(site, "15")
        pay(site, "15", applied=False)
    assert set(AccountEntry.objects.values_list("value_date", flat=True)) == {date(2026, 5, 2)}


@pytest.mark.parametrize(
    ("of_account", "of_site", "days"), [(14, 60, 14), (0, 60, 0), (None, 60, 60), (None, None, 30)]
)
def test_what_is_owed_is_due_after_the_terms_of_the_account(
    site: Site, company: Customer, child: Customer, of_account: int | None, of_site: int | None, days: int
) -> None:
    if of_site is not None:
        set_setting(site=site, key="net_terms_days", value=of_site)
    company.net_terms, child.net_terms = of_account, 99
    company.save()
    child.save()

    put(site, on_account(customer=child))
    pay(site, "10")
    pay(site, "-5", id="t2")

    charge, payment, refund = AccountEntry.objects.order_by("id")
    assert charge.due_date == date(2026, 3, 2) + timedelta(days=days)
    assert payment.due_date is None
    assert refund.due_date == refund.value_date + timedelta(days=days)


def test_a_due_date_stays_on_its_entry(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    company.net_terms = 7
    company.save()
    put(site, on_account(package(line("150")), customer=company))
    assert [entry.due_date for entry in AccountEntry.objects.order_by("id")] == [date(2026, 4, 1), date(2026, 3, 9)]


# --- the ledger itself ------------------------------------------------------------------------------------------------


def test_currencies_are_never_summed(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company), "A-1")
    put(site, on_account(package(line("100", currency="JPY")), customer=company), "A-2")
    assert balance(company, "GBP") == balance(company, "JPY") == 100


def test_entries_are_in_the_order_of_their_posting(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company))
    for number in range(5):
        pay(site, "1", id=f"t{number}")
    rows = list(AccountEntry.objects.order_by("id"))
    assert [row.balance_after for row in rows] == [100, 99, 98, 97, 96, 95]
    assert sorted(row.posted_at for row in rows) == [row.posted_at for row in rows]


@pytest.mark.parametrize("lookup", ["A-1"])
def test_the_lookup_of_a_payment_is_exact(site: Site, lookup: str) -> None:
    put(site, order())
    with pytest.raises(NotFound):
        pay(site, "1", lookup=internal(lookup.lower()))
