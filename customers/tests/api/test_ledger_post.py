"""POST /api/v1/customers/{id}/ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.models import Site
from core.site_settings import set_setting
from customers.models import Account, AccountEntry
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_customer
from tests.callers import ApiCaller

LEDGER = "/api/v1/customers/X1/ledger"
OPENING = {
    "kind": "opening",
    "amount": "100.50",
    "currency_code": "gbp",
    "reference": "2026/opening",
    "reason": "taken over",
    "value_date": "2026-01-31",
}


def posted() -> list[tuple[str, str]]:
    return [(entry.kind, str(entry.amount)) for entry in AccountEntry.objects.order_by("id")]


def test_posts_one_entry_and_answers_it(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1", net_terms=14)

    answer = api.post(LEDGER, json=OPENING)

    assert answer.status_code == 200, answer.content
    entry = AccountEntry.objects.get()
    assert entry.author.startswith("client:")
    body = dict(answer.json())
    assert datetime.fromisoformat(body.pop("posted_at")) == entry.posted_at
    assert body == {
        "id": entry.pk,
        "kind": "opening",
        "amount": "100.50",
        "currency_code": "GBP",
        "balance_after": "100.50",
        "value_date": "2026-01-31",
        "due_date": "2026-02-14",
        "reference": "2026/opening",
        "purchase_spark_id": None,
        "transaction_id": None,
        "reason": "taken over",
        "author": entry.author,
    }
    assert api.get(LEDGER).json() == [answer.json()]


def test_what_lowers_the_debt_has_no_due_date(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1")
    body = api.post(LEDGER, json=OPENING | {"kind": "manual", "amount": -3}).json()
    assert (body["amount"], body["due_date"], body["balance_after"]) == ("-3.00", None, "-3.00")


def test_the_account_that_owes_gets_it(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    make_customer(site, "buyer", external_id="X1", parent=head)
    assert api.post(LEDGER, json=OPENING).status_code == 200
    assert Account.objects.get().customer == head


def test_is_valued_today_where_the_site_is(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1")
    days = set()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        set_setting(site=site, key="time_zone", value=zone)
        days.add(api.post(LEDGER, json=OPENING | {"value_date": None, "reference": zone}).json()["value_date"])
    now = timezone.now()
    assert days == {(now + timedelta(hours=14)).date().isoformat(), (now - timedelta(hours=11)).date().isoformat()}


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"amount": 100.5, "currency_code": "GBP"},
        {"amount": "+100.500"},
        {"value_date": None},
        {"reason": "written differently"},
    ],
)
def test_the_same_reference_with_the_same_figures_posts_nothing(
    api: ApiCaller, site: Site, again: dict[str, Any]
) -> None:
    make_customer(site, external_id="X1")
    first = api.post(LEDGER, json=OPENING)

    answer = api.post(LEDGER, json=OPENING | again)

    assert (answer.status_code, answer.content) == (200, first.content)
    assert posted() == [("opening", "100.5000")]


@pytest.mark.parametrize(
    "other",
    [
        {"amount": "100.51"},
        {"amount": "-100.50"},
        {"kind": "manual"},
        {"currency_code": "EUR"},
        {"value_date": "2026-02-01"},
    ],
)
def test_the_same_reference_with_other_figures_is_refused(api: ApiCaller, site: Site, other: dict[str, Any]) -> None:
    make_customer(site, external_id="X1")
    api.post(LEDGER, json=OPENING)

    answer = api.post(LEDGER, json=OPENING | other)

    assert answer.status_code == 409
    assert faults(answer) == [("resource-already-exists", "reference")]
    assert posted() == [("opening", "100.5000")]


def test_a_reference_is_known_once_per_customer(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1")
    make_customer(site, "Ann", external_id="X2")
    for path in (LEDGER, "/api/v1/customers/X2/ledger"):
        assert api.post(path, json=OPENING).status_code == 200
    assert api.post(LEDGER, json=OPENING | {"reference": "2026/Opening"}).status_code == 200
    assert len(posted()) == 3


def test_a_company_shares_its_references(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head", external_id="HEAD")
    make_customer(site, "buyer", external_id="X1", parent=head)
    first = api.post(LEDGER, json=OPENING)
    assert api.post("/api/v1/customers/HEAD/ledger", json=OPENING).content == first.content
    assert len(posted()) == 1


def test_what_stood_before_it_got_a_parent_is_not_posted_again(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    first = api.post(LEDGER, json=OPENING)
    customer.parent = make_customer(site, "head")
    customer.save()

    assert api.post(LEDGER, json=OPENING).content == first.content
    assert api.post(LEDGER, json=OPENING | {"amount": 7}).status_code == 409
    assert len(posted()) == 1


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"amount": 0}, [("invalid", "amount")]),
        ({"amount": "10.005"}, [("invalid", "amount")]),
        ({"amount": "1.5", "currency_code": "JPY"}, [("invalid", "amount")]),
        ({"amount": "1e3"}, [("invalid", "amount")]),
        ({"amount": "1234567890123"}, [("invalid", "amount")]),
        ({"amount": None}, [("required", "amount")]),
        ({"amount": {"number": "1", "currency": "GBP"}}, [("invalid", "amount")]),
        ({"kind": "charge"}, [("invalid", "kind")]),
        ({"currency_code": "XXX"}, [("invalid", "currency_code")]),
        ({"currency_code": None, "amount": "0.005"}, [("required", "currency_code")]),
        ({"reference": ""}, [("too-short", "reference")]),
        ({"reference": None}, [("required", "reference")]),
        ({"reference": "x" * 256}, [("too-long", "reference")]),
        ({"reason": "x" * 10_001}, [("too-long", "reason")]),
        ({"kind": "manual", "reason": None}, [("required", "reason")]),
        ({"kind": "manual", "reason": " "}, [("required", "reason")]),
        ({"value_date": "2026-02-30"}, [("invalid", "value_date")]),
        ({"value_date": "2026-01-31T00:00:00Z"}, [("invalid", "value_date")]),
        ({"value_date": "1899-12-31"}, [("invalid", "value_date")]),
        ({"value_date": "9999-12-31"}, [("invalid", "value_date")]),
        ({"kind": "manual", "reason": "x", "value_date": "9999-12-31"}, [("invalid", "value_date")]),
        (
            {"kind": 1, "amount": [], "value_date": 20260131},
            [("invalid", name) for name in ("kind", "amount", "value_date")],
        ),
    ],
)
def test_what_is_no_entry_is_refused(
    api: ApiCaller, site: Site, sent: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    make_customer(site, external_id="X1")
    answer = api.post(LEDGER, json=OPENING | sent)
    assert (answer.status_code, faults(answer)) == (400, found)
    assert posted() == []


def test_an_opening_entry_needs_no_reason_and_a_reference_may_be_a_number(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1")
    body = api.post(LEDGER, json=OPENING | {"reason": None, "reference": 7}).json()
    assert (body["reason"], body["reference"]) == ("", "7")


def test_a_key_brings_the_first_answer(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1")
    headers = {"Idempotency-Key": "k"}
    first = api.post(LEDGER, json=OPENING, headers=headers)
    assert api.post(LEDGER, json=OPENING, headers=headers).content == first.content
    other = api.post(LEDGER, json=OPENING | {"reference": "another"}, headers=headers)
    assert (other.status_code, other.json()["title"]) == (409, "idempotency-key-reused")
    assert len(posted()) == 1


def test_unknown_customers_are_not_found(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="X1")
    for path in (LEDGER, f"/api/v1/customers/{theirs.public_id}/ledger"):
        assert api.post(path, json=OPENING).status_code == 404
    assert posted() == []


def test_a_value_date_is_at_most_a_year_ahead(api: ApiCaller, site: Site) -> None:
    """Counted in the site's days; the last one that is taken, and the next."""
    make_customer(site, external_id="X1")
    last = timezone.localdate() + timedelta(days=366)
    far = last + timedelta(days=1)
    refused = api.post(LEDGER, json=OPENING | {"value_date": far.isoformat()})
    assert (refused.status_code, faults(refused)) == (400, [("invalid", "value_date")])
    assert api.post(LEDGER, json=OPENING | {"value_date": last.isoformat()}).json()["value_date"] == last.isoformat()
