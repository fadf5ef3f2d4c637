"""The ledger: only ever appended to, and the balance is the sum of its entries."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from core.actors import SYSTEM, Actor, ActorKind
from core.models import Site
from customers import ledger
from customers.ledger import Posting
from customers.models import Account, AccountEntry, Customer
from customers.tests.cast import make_customer, post_manual
from tests.together import MeetingPoint, together

THREADS = 16
AMOUNTS = ["10.00", "-3.30", "0.01"]


def charge(customer: Customer, amount: str, *, currency_code: str = "GBP", **fields: Any) -> Posting:
    return Posting(
        customer_id=customer.pk,
        currency_code=currency_code,
        kind=AccountEntry.Kind.CHARGE,
        amount=Decimal(amount),
        value_date=date(2026, 1, 31),
        **fields,
    )


def entries() -> list[tuple[str, Decimal, Decimal]]:
    rows = AccountEntry.objects.order_by("posted_at", "id")
    return list(rows.values_list("account__currency_code", "amount", "balance_after"))


def differences() -> list[Account]:
    """Accounts whose balance is not the sum of their entries, or whose entries do not run up to it one by one."""
    wrong = []
    for account in Account.objects.all():
        rows = list(account.entries.order_by("posted_at", "id"))
        running = [sum((row.amount for row in rows[: index + 1]), Decimal(0)) for index in range(len(rows))]
        if running != [row.balance_after for row in rows] or account.balance != (running or [Decimal(0)])[-1]:
            wrong.append(account)
    return wrong


def test_each_posting_says_the_balance_after_it(site: Site) -> None:
    tom, ann = make_customer(site, "Tom"), make_customer(site, "Ann")
    postings = [
        charge(tom, "100"),
        charge(ann, "7"),
        charge(tom, "-20.5"),
        charge(tom, "1500", currency_code="JPY"),
        charge(tom, "0"),
    ]

    ledger.post(site_id=site.pk, postings=postings, author=SYSTEM, net_terms_days=30)

    assert sorted(entries()) == sorted(
        [
            ("GBP", Decimal(100), Decimal(100)),
            ("GBP", Decimal("-20.5"), Decimal("79.5")),
            ("GBP", Decimal(7), Decimal(7)),
            ("JPY", Decimal(1500), Decimal(1500)),
        ]
    )
    balances = Account.objects.values_list("customer__first_name", "currency_code", "balance")
    assert set(balances) == {("Tom", "GBP", Decimal("79.5")), ("Tom", "JPY", Decimal(1500)), ("Ann", "GBP", Decimal(7))}


@pytest.mark.parametrize(
    ("terms", "amount", "due"),
    [(None, "5", date(2026, 3, 2)), (14, "5", date(2026, 2, 14)), (0, "5", date(2026, 1, 31)), (14, "-5", None)],
)
def test_what_is_owed_is_due_by_the_account_s_terms_else_the_site_s(
    site: Site, terms: int | None, amount: str, due: date | None
) -> None:
    customer = make_customer(site, net_terms=terms)
    ledger.post(site_id=site.pk, postings=[charge(customer, amount)], author=SYSTEM, net_terms_days=30)
    assert AccountEntry.objects.get().due_date == due


def test_the_author_is_kept(site: Site) -> None:
    author = Actor(ActorKind.STAFF, "ann@example.com")
    ledger.post(site_id=site.pk, postings=[charge(make_customer(site), "1")], author=author, net_terms_days=30)
    assert AccountEntry.objects.get().author == "staff:ann@example.com"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_accountentry SET amount = 1",
        "UPDATE customers_accountentry SET reason = 'x'",
        "UPDATE customers_accountentry SET account_id = account_id",
        "DELETE FROM customers_accountentry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(site: Site, statement: str) -> None:
    post_manual(make_customer(site), "5.00")
    before = AccountEntry.objects.values().get()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AccountEntry.objects.values().get() == before


@pytest.mark.parametrize("spoilt", ['{"id": -1, "amount": 0}', '{"id": -1, "due_date": null}'])
def test_the_database_refuses_an_entry_of_nothing_and_a_debt_never_due(site: Site, spoilt: str) -> None:
    post_manual(make_customer(site), "5.00")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_accountentry SELECT (json_populate_record(e, %s)).* FROM customers_accountentry e",
            [spoilt],
        )


@pytest.mark.parametrize("model", [Account, AccountEntry])
@pytest.mark.parametrize(
    "write",
    [
        lambda rows: rows.update(site=None),
        lambda rows: rows.delete(),
        lambda rows: rows.bulk_create([rows.get()]),
        lambda rows: rows.bulk_update([rows.get()], ["site"]),
        lambda rows: rows.get().save(),
        lambda rows: rows.get().delete(),
        lambda rows: rows.create(site=rows.get().site),
    ],
)
def test_nothing_is_written_past_the_ledger(site: Site, model: Any, write: Callable[[Any], object]) -> None:
    post_manual(make_customer(site), "5.00")
    before = model.objects.values().get()

    with pytest.raises(TypeError, match=r"customers\.ledger"):
        write(model.objects.all())

    assert model.objects.values().get() == before


def test_nothing_is_posted_for_another_site_s_customer(site: Site, other_site: Site) -> None:
    theirs = make_customer(other_site)

    @transaction.atomic
    def post() -> None:
        ledger.post(site_id=site.pk, postings=[charge(theirs, "1")], author=SYSTEM, net_terms_days=30)
        connection.check_constraints()  # as a commit does

    with pytest.raises(IntegrityError, match="an_account_belongs_to_a_customer_of_its_site"):
        post()
    assert not Account.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_posting_to_one_account_lose_nothing(site: Site) -> None:
    customer = make_customer(site)

    def post() -> None:
        for amount in AMOUNTS:
            post_manual(customer, amount)
            post_manual(customer, amount, currency_code="EUR")

    assert together(*[post] * THREADS) == [None] * THREADS

    assert AccountEntry.objects.count() == THREADS * len(AMOUNTS) * 2
    expected = THREADS * sum(map(Decimal, AMOUNTS))
    assert dict(Account.objects.values_list("currency_code", "balance")) == {"EUR": expected, "GBP": expected}
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_without_the_account_s_lock_postings_are_lost(site: Site) -> None:
    """The negative twin: who reads the balance first and writes it later loses what others posted in between."""
    customer = make_customer(site)
    post_manual(customer, "1.00")
    account = Account.objects.get()
    all_have_read = MeetingPoint(2)

    def post_unlocked() -> None:
        balance = Account.objects.get().balance
        all_have_read.wait()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE customers_account SET balance = %s WHERE id = %s", [balance + 10, account.pk])
            cursor.execute(
                "INSERT INTO customers_accountentry (site_id, account_id, kind, amount, balance_after, value_date, "
                "due_date, posted_at, reference, reason, author) VALUES "
                "(%s, %s, 'manual', 10, %s, now(), now(), clock_timestamp(), '', '', '')",
                [site.pk, account.pk, balance + 10],
            )

    assert together(post_unlocked, post_unlocked) == [None, None]

    assert Account.objects.get().balance == Decimal(11)
    assert AccountEntry.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal(21)
    assert differences() == [account]


@pytest.mark.django_db(transaction=True)
def test_accounts_are_taken_in_one_order_whoever_comes_first(site: Site) -> None:
    """Two callers that name the same accounts the other way round do not wait for each other."""
    tom, ann = make_customer(site, "Tom"), make_customer(site, "Ann")
    forth = [charge(tom, "1"), charge(ann, "1"), charge(tom, "1", currency_code="EUR")]

    def post(postings: list[Posting]) -> None:
        for _ in range(20):
            with transaction.atomic():
                ledger.post(site_id=site.pk, postings=postings, author=SYSTEM, net_terms_days=30)

    calls = [functools.partial(post, forth), functools.partial(post, forth[::-1])] * 2
    assert together(*calls) == [None] * 4
    assert differences() == []
