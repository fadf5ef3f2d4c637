"""GET /api/v1/customers/{id}/statement."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.models import Site
from core.site_settings import set_setting
from customers.api.entries import LedgerEntryAnswer
from customers.models import AccountEntry, Customer
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_customer, post_manual
from customers.tests.past import Past, write_past
from tests.callers import ApiCaller

STATEMENT = "/api/v1/customers/X1/statement"
AGEING = {
    "not_due": "0.00",
    "d1_30": "0.00",
    "d31_60": "0.00",
    "d61_90": "0.00",
    "over_90": "0.00",
    "credit": "0.00",
}


@pytest.fixture
def customer(site: Site) -> Customer:
    """Owes 100 since January and 50 since March, of which 30 are paid."""
    customer = make_customer(site, external_id="X1", currency_code="GBP")
    write_past(
        customer,
        Past(datetime(2026, 1, 10, 12, tzinfo=UTC), "100", 1, reference="O-1"),
        Past(datetime(2026, 3, 5, 12, tzinfo=UTC), "50", 2, reference="O-2"),
        Past(datetime(2026, 3, 20, 23, 30, tzinfo=UTC), "-30", 1, kind="transaction", reference="pay"),
        Past(datetime(2026, 4, 2, 9, tzinfo=UTC), "8", kind="opening", reference="old"),
    )
    return customer


def answered(api: ApiCaller, query: str) -> Any:
    answer = api.get(f"{STATEMENT}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_opening_lines_closing_and_age(api: ApiCaller, customer: Customer) -> None:
    answer = api.get(f"{STATEMENT}?from=2026-03-01&to=2026-03-31&currency_code=gbp")

    body = answer.json()
    lines = body.pop("lines")
    assert body == {
        "from": "2026-03-01",
        "to": "2026-03-31",
        "currency_code": "GBP",
        "posting_mode": "on_account",
        "opening": "100.00",
        "closing": "120.00",
        "ageing": AGEING | {"not_due": "50.00", "d31_60": "70.00"},
        "overdue": "70.00",
    }
    assert [(line["amount"], line["balance_after"], line["reference"]) for line in lines] == [
        ("50.00", "150.00", "O-2"),
        ("-30.00", "120.00", "pay"),
    ]
    assert [list(line) for line in lines] == [list(LedgerEntryAnswer.model_fields)] * 2
    assert lines == api.get("/api/v1/customers/X1/ledger?offset=1&limit=2").json()


def test_days_end_where_the_site_is(api: ApiCaller, site: Site, customer: Customer) -> None:
    day = "from=2026-03-21&to=2026-03-21"
    assert [line["amount"] for line in answered(api, day)["lines"]] == []
    set_setting(site=site, key="time_zone", value="Europe/Berlin")
    assert [line["amount"] for line in answered(api, day)["lines"]] == ["-30.00"]


def test_is_by_default_of_this_month(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    post_manual(customer, "5.00")
    today = AccountEntry.objects.get().posted_at.date()

    body = answered(api, "")

    assert (body["from"], body["to"]) == (str(today.replace(day=1)), str(today))
    assert (body["opening"], body["closing"], body["currency_code"]) == ("0.00", "5.00", "GBP")
    assert [line["amount"] for line in body["lines"]] == ["5.00"]


@pytest.mark.parametrize(
    ("as_at", "closing", "to", "ageing"),
    [
        ("2026-01-31", "100.00", "2026-01-31", {"not_due": "100.00"}),
        ("2026-02-20", "100.00", "2026-02-20", {"d1_30": "100.00"}),
        ("2026-03-20", "120.00", "2026-03-20", {"not_due": "50.00", "d31_60": "70.00"}),
        ("2026-03-20T23:29:59Z", "150.00", "2026-03-20", {"not_due": "50.00", "d31_60": "100.00"}),
        ("2026-03-21T00:30:00%2B01:00", "120.00", "2026-03-20", {"not_due": "50.00", "d31_60": "70.00"}),
        ("2026-03-20T23:30:00+00:00", "120.00", "2026-03-20", {"not_due": "50.00", "d31_60": "70.00"}),
        ("2009-06-30", "0.00", "2009-06-30", {}),
        ("9999-12-31", "128.00", "9999-12-30", {"over_90": "128.00"}),
        ("9999-12-31T23:59:59Z", "128.00", "9999-12-30", {"over_90": "128.00"}),
        ("1900-01-01T00:00:00Z", "0.00", "1900-01-01", {}),
    ],
)
def test_as_at_any_moment(
    api: ApiCaller, customer: Customer, as_at: str, closing: str, to: str, ageing: dict[str, str]
) -> None:
    body = answered(api, f"as_at={as_at}")
    assert (body["closing"], body["to"], body["ageing"]) == (closing, to, AGEING | ageing)


def test_credit_that_is_left_over(api: ApiCaller, customer: Customer, site: Site) -> None:
    write_past(customer, Past(datetime(2026, 1, 1, tzinfo=UTC), "-7.5", 1), currency_code="KWD")
    body = answered(api, "currency_code=KWD")
    assert (body["closing"], body["ageing"]["credit"], body["overdue"]) == ("-7.500", "-7.500", "0.000")


@pytest.mark.parametrize("mode", ["on_account", "all_orders", "off"])
def test_says_which_posting_mode_made_it(api: ApiCaller, site: Site, customer: Customer, mode: str) -> None:
    set_setting(site=site, key="charge_posting", value=mode)
    assert answered(api, "")["posting_mode"] == mode


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-03-02&to=2026-03-01", [("invalid-api-request-contents", "from")]),
        ("from=9000-01-01", [("invalid-api-request-contents", "from")]),
        ("from=2026-03-02&as_at=2026-03-01", [("invalid-api-request-contents", "from")]),
        ("from=yesterday&to=2026-02-30", [("invalid", "from"), ("invalid", "to")]),
        ("from=20260301&to=2026-3-1", [("invalid", "from"), ("invalid", "to")]),
        ("from=2026-03-01T00:00:00Z&to=", [("invalid", "from"), ("invalid", "to")]),
        ("from=1899-12-31&to=9999-12-31", [("invalid", "from"), ("invalid", "to")]),
        ("to=٢٠٢٦-03-01&as_at=now", [("invalid", "to"), ("invalid", "as_at")]),
        ("as_at=", [("invalid", "as_at")]),
        ("currency_code=XXX", [("invalid", "currency_code")]),
        ("currency_code=", [("invalid", "currency_code")]),
        ("limit=1", [("unknown-parameter", "limit")]),
        ("to=2026-03-01&to=2026-03-02", [("invalid", "to")]),
    ],
)
def test_what_cannot_be_asked_is_refused(
    api: ApiCaller, customer: Customer, query: str, found: list[tuple[str, str]]
) -> None:
    answer = api.get(f"{STATEMENT}?{query}")
    assert (answer.status_code, faults(answer)) == (400, found)


def test_nothing_says_which_currency(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="X1")
    answer = api.get(STATEMENT)
    assert (answer.status_code, faults(answer)) == (400, [("required", "currency_code")])
    assert answered(api, "currency_code=jpy")["closing"] == "0"


def test_only_its_own_site_reads_it(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="X1")
    post_manual(theirs, "5.00")
    for identifier in (theirs.public_id, "X1"):
        assert api.get(f"/api/v1/customers/{identifier}/statement").status_code == 404


def test_a_new_parent_s_statement_does_not_hold_what_stood_before(api: ApiCaller, site: Site) -> None:
    head, buyer = make_customer(site, "head"), make_customer(site, "buyer", external_id="X1")
    write_past(buyer, Past(datetime(2026, 1, 1, tzinfo=UTC), "5", 1))
    buyer.parent = head
    buyer.save()

    assert answered(api, "currency_code=GBP")["closing"] == "0.00"

    buyer.parent = None
    buyer.save()
    assert answered(api, "currency_code=GBP")["closing"] == "5.00"


def test_no_day_is_too_far_for_a_due_date(site: Site) -> None:
    customer = make_customer(site)
    post_manual(customer, "1", value_date=date(9999, 12, 31))
    assert AccountEntry.objects.get(account__customer=customer).due_date == date(9999, 12, 31)
