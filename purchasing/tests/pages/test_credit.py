"""GET /account/credit/: what may still be bought on account, and what it is the sum of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer
from customers.tests.cast import post_manual
from purchasing.pages import credit as pages
from purchasing.tests.pages.conftest import sign_in, words_of
from tests.callers import ApiCaller
from tests.cast import line, make_buyer, make_order, package, pay

CREDIT, STATEMENT = "/account/credit/", "/account/statement/"


@pytest.fixture
def company(site: Site) -> Customer:
    """With a limit of 1,000 and something in every part: 200 + (100 − 30) used, 400 committed."""
    company = make_buyer(site, payment_on_account=True, credit_limit=Decimal(1000), currency_code="GBP")
    post_manual(company, "200", reference="M-1")
    charged = make_order(
        site,
        company,
        payment_method="on_account",
        identifiers={"visible": "SO-1"},
        packages=[package(line(net="100"))],
    )
    pay(charged, "30.00")
    make_order(
        site,
        company,
        type="order_unconfirmed",
        payment_method="on_account",
        identifiers={"visible": "SO-2"},
        packages=[package(line(net="400"))],
    )
    return company


def test_each_part_with_its_rows(site: Site, company: Customer) -> None:
    browser = sign_in(company)

    answer = browser.get(CREDIT)

    assert [
        (part.name, part.total, [(row.taken.reference, row.taken.amount) for row in part.rows])
        for part in answer.context["parts"]
    ] == [
        ("entries", 200, [("M-1", 200)]),
        ("charges", 70, [("SO-1", 70)]),
        ("committed", 400, [("SO-2", 400)]),
    ]
    text = words_of(answer)
    for words in (
        "Credit limit £1,000.00 Used £270.00 Committed £400.00 Available £330.00",
        "Order SO-1 £100.00 £30.00 £70.00",
        "To be confirmed SO-2 £400.00 £0.00 £400.00",
        "Manual entry M-1",
    ):
        assert words in text
    assert "Available £330.00" in words_of(browser.get(STATEMENT))


def test_the_figures_are_the_api_s(company: Customer, api: ApiCaller) -> None:
    answered = api.get(f"/api/v1/customers/{company.public_id}/credit").json()

    credit = sign_in(company).get(CREDIT).context["credit"]

    assert (answered["used"], answered["committed"], answered["available"]) == ("270.00", "400.00", "330.00")
    assert (credit.used, credit.committed, credit.available) == (270, 400, 330)


def test_rows_that_are_not_shown_are_summed(company: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    post_manual(company, "3", reference="M-2")
    post_manual(company, "4", reference="M-3")
    monkeypatch.setattr(pages, "MOST_ROWS", 1)

    answer = sign_in(company).get(CREDIT)

    entries = answer.context["parts"][0]
    assert (len(entries.rows), entries.more, entries.more_amount, entries.total) == (1, 2, 7, 207)
    assert "2 more £7.00" in words_of(answer)


def test_a_colleague_s_limit_does_not_count(site: Site, company: Customer) -> None:
    child = make_buyer(site, parent=company, role="main", payment_on_account=True, credit_limit=Decimal(5))

    assert sign_in(child).get(CREDIT).context["credit"].limit == 1000


def test_where_another_system_keeps_the_books(site: Site, company: Customer) -> None:
    set_setting(site=site, key="charge_posting", value="off")

    parts = [part.name for part in sign_in(company).get(CREDIT).context["parts"]]

    assert parts == ["balance", "committed"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "You do not buy on account."),
        ({"payment_on_account": True}, "In which currency your credit line is counted is not set."),
        ({"payment_on_account": True, "currency_code": "GBP"}, "Credit limit no limit"),
    ],
)
def test_without_limit_currency_or_account(site: Site, fields: dict[str, Any], words: str) -> None:
    browser: Client = sign_in(make_buyer(site, **fields))

    assert words in words_of(browser.get(CREDIT))
    assert words in words_of(browser.get(STATEMENT))
    assert "Nothing takes from your credit" in words_of(browser.get(CREDIT))
