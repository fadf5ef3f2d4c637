"""What all accounts of a site owe, by age: for each account what its statement says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Site
from customers.ageing import Ageing
from customers.receivables import receivables_of
from customers.tests.cast import make_customer
from customers.tests.past import Past, write_past
from customers.tests.test_statement import histories, statement

pytestmark = pytest.mark.django_db


@given(lives=st.lists(histories(), min_size=1, max_size=3), later=st.integers(0, 120))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_account_ages_as_its_statement_says(site: Site, lives: list[list[Past]], later: int) -> None:
    accounts = {}
    for number, life in enumerate(lives):
        # A purchase has one account; so each life has purchases of its own.
        own = [Past(e.posted_at, e.amount, e.purchase_id and e.purchase_id + 10 * number, e.value_date) for e in life]
        customer = make_customer(site, email=f"{uuid4()}@example.com")
        accounts[write_past(customer, *own).pk] = customer
    now = max(life[-1].posted_at for life in lives) + timedelta(days=later)
    expected = {}
    for number, customer in accounts.items():
        ageing = statement(customer, now=now).ageing
        if ageing != Ageing(credit=ageing.credit):
            expected[number] = ageing
    found = receivables_of(site_id=site.pk, day=now.date())
    assert {each.account_id: each.ageing for each in found if each.account_id in accounts} == expected


def test_another_site_owes_nothing_here(site: Site, other_site: Site) -> None:
    write_past(make_customer(other_site), Past(datetime(2026, 1, 1, tzinfo=UTC), "10.00"))
    assert receivables_of(site_id=site.pk, day=date(2026, 3, 1)) == []


@pytest.mark.parametrize("customers", [1, 20])
def test_one_query_for_any_number_of_accounts(site: Site, customers: int) -> None:
    for _ in range(customers):
        write_past(make_customer(site, email=f"{uuid4()}@example.com"), Past(datetime(2026, 1, 1, tzinfo=UTC), "10.00"))
    with CaptureQueriesContext(connection) as queries:
        found = receivables_of(site_id=site.pk, day=date(2026, 3, 1))
    assert (len(queries), len(found)) == (1, customers)
