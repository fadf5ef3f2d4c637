"""Statements over histories of every kind: they join, they age as the rule says, and what was true stays true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Site
from core.site_settings import ChargePosting, Settings
from customers import entries
from customers.ageing import Ageing
from customers.models import Customer
from customers.periods import period_of
from customers.statement import Statement, statement_currency, statement_of
from customers.tests.cast import make_customer, post_manual
from customers.tests.past import TERMS, Past, write_past
from customers.tests.test_ageing import literally

pytestmark = pytest.mark.django_db

ZONES = ["UTC", "America/New_York", "Asia/Tokyo"]
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS = count(1)


def statement(
    customer: Customer,
    *,
    first: date | None = None,
    last: date | None = None,
    until: datetime | None = None,
    now: datetime = datetime(2026, 12, 31, tzinfo=UTC),
    zone: str = "UTC",
    currency_code: str | None = "GBP",
) -> Statement:
    site_settings = Settings(time_zone=ZoneInfo(zone))
    return statement_of(
        settings=site_settings,
        customer=customer,
        account=Customer.objects.account_of(customer),
        currency_code=currency_code,
        period=period_of(first=first, last=last, until=until, zone=site_settings.time_zone, now=now),
    )


def figures(found: Statement) -> tuple[Any, ...]:
    return found.opening, [line.id for line in found.lines()], found.closing, found.ageing


@st.composite
def histories(draw: st.DrawFn) -> list[Past]:
    """Charges, payments, credit notes and manual entries over some months; several may be posted at one moment."""
    posted_at, history = BEGINNING, []
    for hours, amount, purchase_id, due in draw(
        st.lists(
            st.tuples(
                st.integers(0, 24 * 25),
                st.integers(-30, 30).filter(bool),
                st.none() | st.integers(1, 4),
                st.integers(-100, 20),
            ),
            min_size=1,
            max_size=14,
        )
    ):
        posted_at += timedelta(hours=hours)
        value_date = posted_at.date() + timedelta(days=due)
        history.append(Past(posted_at, Decimal(amount), purchase_id, value_date))
    return history


def ageing_taken_at_its_word(history: list[Past], day: date) -> Any:
    items: dict[Any, list[Past]] = {}
    for place, entry in enumerate(history):
        items.setdefault(entry.purchase_id or f"itself {place}", []).append(entry)
    open_items = []
    for of_item in items.values():
        due = [entry.value_date + TERMS for entry in of_item if entry.value_date and Decimal(entry.amount) > 0]
        days = (day - min(due)).days if due else 0
        open_items.append((int(sum(Decimal(entry.amount) for entry in of_item)), days))
    return literally(open_items)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), zone=st.sampled_from(ZONES), days=st.lists(st.integers(-5, 380), min_size=2, max_size=4))
def test_statements_over_random_histories(site: Site, history: list[Past], zone: str, days: list[int]) -> None:
    customer = make_customer(site, f"Tom{next(NUMBERS)}")
    write_past(customer, *history)
    borders = sorted({(BEGINNING + timedelta(days=number)).date() for number in days})

    periods = [
        statement(customer, first=first, last=last - timedelta(days=1), zone=zone) for first, last in pairwise(borders)
    ]

    for found in periods:
        posted = [entry for entry in history if entry.posted_at < found.period.ends]
        assert found.closing == sum(Decimal(entry.amount) for entry in posted)
        assert found.closing == found.opening + sum(line.amount for line in found.lines())
        assert found.ageing == ageing_taken_at_its_word(posted, found.period.last)
        assert sum(getattr(found.ageing, name) for name in found.ageing.__slots__) == found.closing
    assert [found.closing for found in periods[:-1]] == [found.opening for found in periods[1:]]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), zone=st.sampled_from(ZONES), cut=st.integers(1, 13), later=st.integers(0, 300))
def test_as_at_is_what_was_true_then(site: Site, history: list[Past], zone: str, cut: int, later: int) -> None:
    """The statement as at a moment, asked for later, is the one that stood when nothing more had been posted."""
    moment = history[min(cut, len(history)) - 1].posted_at
    then, since = make_customer(site, f"Then{next(NUMBERS)}"), make_customer(site, f"Since{next(NUMBERS)}")
    known = [entry for entry in history if entry.posted_at <= moment]
    write_past(then, *known)
    write_past(since, *history)

    at_the_time = statement(then, now=moment, zone=zone)
    asked_later = statement(
        since, until=moment + timedelta(microseconds=1), now=moment + timedelta(days=later), zone=zone
    )

    assert (asked_later.period.first, asked_later.period.last) == (at_the_time.period.first, at_the_time.period.last)
    assert (asked_later.opening, asked_later.closing) == (at_the_time.opening, at_the_time.closing)
    assert asked_later.ageing == at_the_time.ageing
    assert [line.amount for line in asked_later.lines()] == [line.amount for line in at_the_time.lines()]


def test_a_period_that_is_over_does_not_change(site: Site) -> None:
    customer = make_customer(site)
    write_past(
        customer,
        Past(datetime(2026, 1, 31, 23, 59, 59, 999999, UTC), "100", 1),
        Past(datetime(2026, 2, 1, tzinfo=UTC), "-30", 1),
    )
    january: dict[str, Any] = {"first": date(2026, 1, 1), "last": date(2026, 1, 31)}
    before = figures(statement(customer, **january))

    post_manual(customer, "7.00")

    assert figures(statement(customer, **january)) == before
    assert (before[0], before[2]) == (0, 100)


def test_what_is_posted_while_it_is_read_is_in_no_figure(site: Site) -> None:
    customer = make_customer(site)
    post_manual(customer, "5.00")
    found = statement(customer, first=date(2020, 1, 1), last=date(2999, 12, 31))

    post_manual(customer, "7.00")

    assert [line.amount for line in found.lines()] == [5]
    assert found.closing == 5


def test_a_credited_purchase_that_is_due_last_makes_nothing_older(site: Site) -> None:
    """Its item is below 0: it settles what is due first, and takes nothing off what is due when it is."""
    customer = make_customer(site)
    write_past(
        customer,
        Past(datetime(2026, 1, 1, tzinfo=UTC), "50", 1),
        Past(datetime(2026, 6, 1, tzinfo=UTC), "30", 2),
        Past(datetime(2026, 6, 1, tzinfo=UTC), "10", 3),
        Past(datetime(2026, 6, 2, tzinfo=UTC), "-30", 3),
    )
    ageing = statement(customer, last=date(2026, 6, 30)).ageing
    assert ageing == Ageing(not_due=Decimal(30), over_90=Decimal(30))


def test_is_that_of_the_account_that_owes_and_of_no_other(site: Site) -> None:
    head = make_customer(site, "head")
    buyer, stranger = make_customer(site, "buyer", parent=head), make_customer(site, "stranger")
    write_past(head, Past(BEGINNING, "5", 1))
    write_past(buyer, Past(BEGINNING, "9", 1))
    write_past(stranger, Past(BEGINNING, "11", 1))

    found = statement(buyer)

    assert (found.account, found.closing) == (head, Decimal(5))
    assert statement(head).closing == 5


def test_an_account_nothing_was_posted_to(site: Site) -> None:
    found = statement(make_customer(site))
    assert (found.opening, found.closing, found.ageing) == (Decimal(0), Decimal(0), Ageing())
    assert list(found.lines()) == []
    assert found.posting_mode is ChargePosting.ON_ACCOUNT


def test_lines_come_in_batches_and_in_their_order(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = make_customer(site)
    same = [Past(BEGINNING, str(number), 1) for number in range(1, 6)]
    write_past(customer, *same, *[Past(BEGINNING + timedelta(hours=number), "1", 1) for number in range(4)])
    monkeypatch.setattr(entries, "BATCH", 2)
    found = statement(customer, first=date(2026, 1, 1), last=date(2026, 1, 31))

    with CaptureQueriesContext(connection) as queries:
        lines = list(found.lines())

    assert [int(line.amount) for line in lines] == [1, 2, 3, 4, 5, 1, 1, 1, 1]
    assert [int(line.balance_after) for line in lines] == [1, 3, 6, 10, 15, 16, 17, 18, 19]
    assert len(queries) == 5


def test_asks_the_same_of_the_database_however_long_the_account(site: Site) -> None:
    short, long = make_customer(site, "short"), make_customer(site, "long")
    write_past(short, Past(BEGINNING, "5", 1))
    write_past(long, *[Past(BEGINNING + timedelta(hours=number), "5", number % 7 + 1) for number in range(300)])
    counts = []
    for customer in (short, long):
        with CaptureQueriesContext(connection) as queries:
            list(statement(customer).lines())
        counts.append(len(queries))
    assert counts == [4, 4]


@pytest.mark.parametrize(
    ("account_has", "limit_in", "customer_has", "site_has", "posted", "meant"),
    [
        ("EUR", "USD", "GBP", "JPY", ["GBP", "EUR"], "EUR"),
        ("EUR", "USD", "GBP", "JPY", ["GBP", "USD"], "USD"),
        ("", "", "GBP", "JPY", ["EUR", "GBP", "JPY"], "GBP"),
        ("", "", "", "JPY", ["EUR", "JPY"], "JPY"),
        ("GBP", "", "", "JPY", ["USD", "EUR"], "EUR"),
        ("", "", "GBP", "JPY", [], "GBP"),
        ("", "", "", None, [], None),
    ],
)
def test_the_currency_that_is_meant(
    site: Site,
    account_has: str,
    limit_in: str,
    customer_has: str,
    site_has: str | None,
    posted: list[str],
    meant: str | None,
) -> None:
    head = make_customer(site, "head", currency_code=account_has, credit_currency_code=limit_in)
    buyer = make_customer(site, "buyer", parent=head, currency_code=customer_has)
    for code in posted:
        post_manual(head, "1.00", currency_code=code)
    found = statement_currency(settings=Settings(default_currency=site_has), customer=buyer, account=head)
    assert found == meant
