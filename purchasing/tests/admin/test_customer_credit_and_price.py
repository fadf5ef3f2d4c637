"""A customer's credit with its rows, and why something costs what it costs, in the back office."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import Customer
from pricing.tests.cast import make_price_list, rule
from tests.callers import ApiCaller
from tests.cast import make_customer, make_order, pay


def page_of(customer: Customer, name: str) -> str:
    return f"/admin/customers/customer/{customer.pk}/{name}/"


@pytest.fixture
def company(site: Site) -> Customer:
    return make_customer(site, payment_on_account=True, credit_limit="100", credit_currency_code="GBP")


def test_credit_is_that_of_the_api_with_its_rows(
    back_office: Client, api: ApiCaller, site: Site, company: Customer
) -> None:
    charged = make_order(site, company, identifiers={"visible": "JC-1"}, payment_method="on_account")
    pay(charged, "4.00")
    make_order(site, company, type="order_unconfirmed", identifiers={"visible": "JC-2"}, payment_method="on_account")
    told = api.get(f"/api/v1/customers/{company.public_id}/credit").json()
    shown = back_office.get(page_of(company, "credit"))
    credit = shown.context["credit"]
    assert (f"{credit.used:.2f}", f"{credit.committed:.2f}", f"{credit.available:.2f}") == ("6.00", "10.00", "84.00")
    assert str(told["available"]) in ("84.00", "84", "{'number': '84.00', 'currency': 'GBP'}")
    rows = {part["name"]: [row["reference"] for row in part["rows"]] for part in shown.context["parts"]}
    assert rows == {"charges": ["JC-1"], "committed": ["JC-2"]}
    assert f"/admin/purchasing/purchase/{charged.pk}/change/" in shown.content.decode()


def test_who_may_not_buy_on_account_is_told_so(back_office: Client, site: Site) -> None:
    text = back_office.get(page_of(make_customer(site), "credit")).content.decode()
    assert "may not buy on account" in text
    assert "Nothing takes from the credit." in text


def test_as_many_queries_for_many_purchases_as_for_one(back_office: Client, site: Site, company: Customer) -> None:
    counts = []
    for number in (1, 20):
        for _ in range(number):
            make_order(site, company, payment_method="on_account")
        with CaptureQueriesContext(connection) as queries:
            back_office.get(page_of(company, "credit"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def asked(browser: Client, customer: Customer, **query: Any) -> Any:
    return browser.get(page_of(customer, "price"), {"sku": "ROPE", "quantity": 1, **query})


def test_why_a_price_is_what_it_is(back_office: Client, site: Site) -> None:
    make_price_list(site, "club", CHALK=["1.00"])
    make_price_list(site, "trade", ROPE=["98.50", (10, "90.00")])
    make_price_list(site, "retail", ROPE=["120.00"])
    customer = make_customer(
        site, price_lists=["gone", "club", "trade", "retail"], discount_percentage="10", email="p@example.com"
    )
    context = asked(back_office, customer).context
    assert context["price"] == "88.65 GBP"
    assert (context["won"], context["is_derived"]) == ("trade", False)
    assert [step["what"] for step in context["steps"]] == [
        "Stands on the list",
        "Less the customer's discount, per cent",
    ]
    assert [(item["slug"], item["told"]) for item in context["tried"]] == [
        ("gone", "there is no such list"),
        ("club", "has no prices for the SKU, and none of its rules leads to a list that has"),
        ("trade", "wins: it is the first with prices for the SKU"),
        ("retail", "has prices too, but comes later"),
    ]


def test_each_step_names_the_money_it_is_in(back_office: Client, site: Site) -> None:
    make_price_list(site, "euro", currency="EUR", ROPE=["1298.5"])
    make_price_list(site, "base", rules=[rule("euro", "0.125", rate="0.87")])
    make_price_list(site, "yen", currency="JPY", rules=[rule("base", rate="190.123")])
    customer = make_customer(site, price_lists=["yen"])

    context = asked(back_office, customer).context

    assert [(step["price_list"], step["by"], step["figure"]) for step in context["steps"]] == [
        ("euro", "", "1,298.50 EUR"),
        ("base", "0.87", "1,129.695 GBP"),
        ("base", "0.875", "988.483125 GBP"),
        ("yen", "190.123", "187,933.377174375 JPY"),
        ("yen", "", "187,933 JPY"),
    ]
    assert (context["price"], context["line_total"]) == ("187,933 JPY", "187,933 JPY")


def test_what_no_list_has(back_office: Client, site: Site) -> None:
    customer = make_customer(site, price_lists=["club"])
    text = asked(back_office, customer, sku="<b>").content.decode()
    assert "no list of the customer has prices" in text
    assert "<b>" not in text


@pytest.mark.parametrize("quantity", ["0", "-1", "x", "", "99999999999999999999"])
def test_a_bad_quantity_is_named(back_office: Client, site: Site, quantity: str) -> None:
    page = asked(back_office, make_customer(site), quantity=quantity)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["quantity"]
