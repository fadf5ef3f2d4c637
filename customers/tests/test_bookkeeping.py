"""What an outside system says of a balance, under every posting mode; and several who post at the same moment."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from core.actors import SYSTEM, Actor, ActorKind
from core.models import Site
from core.money import plain
from core.site_settings import set_setting
from customers import bookkeeping, ledger
from customers.bookkeeping import post_entry
from customers.documents import CustomerChange, NewEntry
from customers.models import Account, AccountEntry, Customer
from customers.operations import patch_customer
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_customer, post_manual
from customers.tests.test_races import codes, meet_after, once
from tests.callers import ApiCaller, make_caller
from tests.together import together

CUSTOMERS = "/api/v1/customers"
TOM = {"first_name": "Tom", "last_name": "Jones", "email": "tom@example.com", "external_id": "X1"}
ENTRY = {"kind": "opening", "amount": "100", "currency_code": "GBP", "reference": "R-1"}


def outside_books(site: Site) -> None:
    set_setting(site=site, key="charge_posting", value="off")


def entries() -> list[tuple[str, str, str, str]]:
    rows = AccountEntry.objects.select_related("account").order_by("id")
    return [(row.kind, row.currency_code, f"{plain(row.amount)}", str(row.value_date)) for row in rows]


def patch(api: ApiCaller, **on_account: Any) -> Any:
    return api.patch(f"{CUSTOMERS}/X1", json={"payment_on_account": on_account})


@pytest.mark.django_db
def test_a_balance_that_differs_posts_the_difference_once(api: ApiCaller, site: Site) -> None:
    outside_books(site)
    customer = make_customer(site, external_id="X1", currency_code="GBP")
    post_manual(customer, "10.00")

    for sent, amounts in [
        (31.98, ["10", "21.98"]),
        (31.98, ["10", "21.98"]),
        ("31.98", ["10", "21.98"]),
        (-5, ["10", "21.98", "-36.98"]),
        (0, ["10", "21.98", "-36.98", "5"]),
        (None, ["10", "21.98", "-36.98", "5"]),
    ]:
        answer = patch(api, balance=sent, balance_date="2026-01-31")
        assert (answer.status_code, answer.json()["warnings"]) == (200, [])
        assert [amount for _, _, amount, _ in entries()] == amounts
        assert answer.json()["payment_on_account"]["balance"] == float(sum(map(Decimal, amounts)))

    last = AccountEntry.objects.latest("id")
    assert (last.kind, last.reason, last.reference, str(last.value_date)) == (
        "manual",
        "Balance set to 0.00",
        "",
        "2026-01-31",
    )
    assert last.author.startswith("client:")
    assert last.due_date is not None


@pytest.mark.django_db
def test_a_new_customer_brings_his_balance(api: ApiCaller, site: Site) -> None:
    outside_books(site)
    body = TOM | {"payment_on_account": {"credit_limit": 100, "balance": 12.5, "currency_code": "gbp"}}

    answer = api.post(CUSTOMERS, json=body).json()

    assert answer["balances"] == [{"account_id": answer["id"], "currency_code": "GBP", "amount": "12.50"}]
    assert (answer["payment_on_account"]["balance"], answer["warnings"]) == (12.5, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("object_in", "customer_in", "posted_in"), [("EUR", "GBP", "EUR"), (None, "GBP", "GBP"), ("JPY", None, "JPY")]
)
def test_is_in_the_currency_of_the_object_else_the_customer_s(
    api: ApiCaller, site: Site, object_in: str | None, customer_in: str | None, posted_in: str
) -> None:
    outside_books(site)
    head = make_customer(site, "head", currency_code="USD")
    make_customer(site, external_id="X1", parent=head)
    body = {"currency_code": customer_in, "payment_on_account": {"balance": 12, "currency_code": object_in}}

    assert api.patch(f"{CUSTOMERS}/X1", json=body).status_code == 200

    assert [(code, amount) for _, code, amount, _ in entries()] == [(posted_in, "12")]
    assert Account.objects.get().customer == head


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on_account", "found"),
    [
        ({"balance": 1}, [("required", "payment_on_account.currency_code")]),
        ({"balance": 1.005, "currency_code": "GBP"}, [("invalid-api-request-contents", "payment_on_account.balance")]),
        ({"balance": "a", "currency_code": "GBP"}, [("invalid", "payment_on_account.balance")]),
        ({"balance": 1, "balance_date": "soon"}, [("invalid", "payment_on_account.balance_date")]),
    ],
)
def test_a_balance_that_cannot_be_posted_is_refused_whole(
    api: ApiCaller, site: Site, on_account: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    outside_books(site)
    customer = make_customer(site, external_id="X1", title="Mr")

    answer = api.patch(f"{CUSTOMERS}/X1", json={"title": "Dr", "payment_on_account": on_account})

    assert answer.status_code == 400
    assert faults(answer)[0][1] == found[0][1]
    assert faults(answer) == found
    customer.refresh_from_db()
    assert (customer.title, entries()) == ("Mr", [])


@pytest.mark.django_db
def test_nothing_owed_in_no_currency_is_what_stands(api: ApiCaller, site: Site) -> None:
    """The answer of a GET, sent back, is no change, whatever is known of the customer."""
    outside_books(site)
    make_customer(site, external_id="X1", payment_on_account=True)
    before = api.get(f"{CUSTOMERS}/X1").json()
    assert before["payment_on_account"]["balance"] == 0
    answer = api.patch(f"{CUSTOMERS}/X1", json=before)
    assert (answer.status_code, answer.json()["warnings"], entries()) == (200, [], [])
    assert Account.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "balance_date", "value_date"),
    [
        ("UTC", "2026-01-31", "2026-01-31"),
        ("Asia/Tokyo", "2026-01-31T20:00:00Z", "2026-02-01"),
        ("Asia/Tokyo", "2026-01-31T20:00:00", "2026-01-31"),
        ("America/New_York", "2026-01-31T20:00:00+09:00", "2026-01-31"),
        ("America/New_York", "2026-02-01T00:00:00Z", "2026-01-31"),
    ],
)
def test_is_valued_on_the_day_it_was_true(
    api: ApiCaller, site: Site, zone: str, balance_date: str, value_date: str
) -> None:
    outside_books(site)
    set_setting(site=site, key="time_zone", value=zone)
    make_customer(site, external_id="X1")
    assert patch(api, balance=7, currency_code="GBP", balance_date=balance_date).status_code == 200
    assert entries() == [("manual", "GBP", "7", value_date)]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["on_account", "all_orders"])
def test_elsewhere_the_ledger_knows_better(api: ApiCaller, site: Site, mode: str) -> None:
    set_setting(site=site, key="charge_posting", value=mode)
    customer = make_customer(site, external_id="X1", currency_code="GBP")
    post_manual(customer, "10.00")

    same, other, none = patch(api, balance=10), patch(api, balance=99.999), patch(api, credit_limit=5)

    assert [answer.json()["warnings"] for answer in (same, none)] == [[], []]
    [warning] = other.json()["warnings"]
    assert (warning["code"], warning["property"]) == ("balance-is-derived", "payment_on_account.balance")
    assert "is 10.00;" in warning["message"]
    assert other.json()["payment_on_account"]["balance"] == 10
    assert [amount for _, _, amount, _ in entries()] == ["10"]
    assert "warnings" not in api.get(f"{CUSTOMERS}/X1").json()


@pytest.mark.django_db
def test_nobody_elses_customer(api: ApiCaller, site: Site, other_site: Site) -> None:
    outside_books(site)
    outside_books(other_site)
    make_customer(other_site, external_id="X1", currency_code="GBP")
    assert patch(api, balance=7).status_code == 404
    assert entries() == []


# --- at the same moment ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_entries_with_one_reference_are_one(site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    headers = make_caller(site).headers

    def post(number: int) -> tuple[int, bytes]:
        answer = ApiCaller(headers).post(f"{CUSTOMERS}/X1/ledger", json=ENTRY | {"amount": 100 + number % 2})
        return int(answer.status_code), b"" if answer.status_code == 409 else answer.content

    results = together(*[functools.partial(post, number) for number in range(20)])

    assert sorted({result for result in results if isinstance(result, tuple)})[1:] == [(409, b"")]
    assert [status for status, _ in results].count(200) == 10  # type: ignore[misc]  # an exception here fails the test
    [entry] = AccountEntry.objects.all()
    assert Account.objects.get(customer=customer).balance == entry.amount


def post_one(site: Site, customer: Customer) -> AccountEntry:
    return post_entry(
        site=site,
        customer_id=customer.public_id,
        document=NewEntry.model_validate(ENTRY),
        actor=SYSTEM,
        now=datetime(2026, 3, 1, tzinfo=UTC),
    )


@pytest.mark.django_db(transaction=True)
def test_without_a_second_try_the_database_refuses_the_second_entry(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative twin: what keeps the second one out is the constraint, not the look before."""
    customer = make_customer(site)
    meet_after(monkeypatch, bookkeeping, "entry_by_reference")
    monkeypatch.setattr(bookkeeping, "in_transaction", once)

    results = together(*[functools.partial(post_one, site, customer)] * 2)

    [lost] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(lost, IntegrityError)
    assert "an_entry_s_reference_is_taken_once_per_customer" in str(lost)
    assert AccountEntry.objects.count() == 1


def set_balance(customer: Customer) -> Customer:
    document = CustomerChange.model_validate({"payment_on_account": {"balance": 50, "currency_code": "GBP"}})
    actor, now = Actor(ActorKind.CLIENT, "erp"), datetime(2026, 3, 1, tzinfo=UTC)
    return patch_customer(site=customer.site, customer_id=customer.public_id, document=document, actor=actor, now=now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("opened", [False, True])
def test_equal_balances_sent_for_two_branches_are_posted_once(
    site: Site, monkeypatch: pytest.MonkeyPatch, opened: bool
) -> None:
    outside_books(site)
    head = make_customer(site, "head")
    branches = [make_customer(site, name, parent=head) for name in ("north", "south")]
    if opened:
        post_manual(head, "-8.00")
    meet_after(monkeypatch, bookkeeping, "_balance")

    results = together(*[functools.partial(set_balance, branch) for branch in branches])

    assert codes(results) == ["done", "done"]
    assert Account.objects.get().balance == 50
    assert AccountEntry.objects.filter(reason__startswith="Balance").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_account_s_lock_the_difference_is_posted_twice(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative twin: who works the difference out from a balance that nobody holds posts it once more."""
    outside_books(site)
    head = make_customer(site, "head")
    branches = [make_customer(site, name, parent=head) for name in ("north", "south")]

    def unlocked(*, site_id: int, customer_id: int, currency_code: str) -> Decimal:
        account = Account.objects.filter(customer_id=customer_id, currency_code=currency_code).first()
        return account.balance if account else Decimal(0)

    monkeypatch.setattr(ledger, "locked_balance", unlocked)
    meet_after(monkeypatch, ledger, "locked_balance")

    assert codes(together(*[functools.partial(set_balance, branch) for branch in branches])) == ["done", "done"]

    assert Account.objects.get().balance == 100
