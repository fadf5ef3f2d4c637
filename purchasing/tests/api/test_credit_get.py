"""GET /api/v1/customers/{id}/credit."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.tests.bakers import make_customer, on_account, pay, put
from purchasing.tests.credit_cases import enter
from tests.callers import ApiCaller, make_caller

CUSTOMERS = "/api/v1/customers"


def test_answers_every_figure_with_its_rows(api: ApiCaller, site: Site, company: Customer, child: Customer) -> None:
    Customer.objects.filter(pk=company.pk).update(payment_on_account=True, credit_limit=1000, currency_code="GBP")
    enter(site, company, 200)
    put(site, on_account(customer=child))
    pay(site, "30")
    put(site, on_account(customer=company, type="awaiting_approval"), "B-1")
    ids = {number: api.get(f"/api/v1/purchases/internal/{number}").json()["id"] for number in ("A-1", "B-1")}
    ids["ledger"] = str(api.get(f"{CUSTOMERS}/{child.public_id}/ledger").json()[0]["id"])

    answer = api.get(f"{CUSTOMERS}/{child.public_id}/credit")

    assert answer.status_code == 200
    opening = {"kind": "opening", "reference": "", "figure": "200.00", "net_paid": "0.00", "amount": "200.00"}
    charge = {"kind": "order", "reference": "A-1", "figure": "100.00", "net_paid": "30.00", "amount": "70.00"}
    waits = {"kind": "awaiting_approval", "reference": "B-1", "figure": "100.00", "net_paid": "0.00"}
    assert answer.json() == {
        "account_id": company.public_id,
        "currency_code": "GBP",
        "may_buy_on_account": True,
        "limit": "1000.00",
        "used": "270.00",
        "committed": "100.00",
        "available": "630.00",
        "parts": {
            "entries": [{"id": ids["ledger"], **opening}],
            "charges": [{"id": ids["A-1"], **charge}],
            "balance": [],
            "committed": [{"id": ids["B-1"], **waits, "amount": "100.00"}],
        },
    }


@pytest.mark.parametrize(
    ("fields", "members"),
    [
        (
            {"payment_on_account": False, "currency_code": "GBP"},
            {"currency_code": "GBP", "may_buy_on_account": False, "limit": None, "available": "0.00"},
        ),
        (
            {"payment_on_account": True, "currency_code": "JPY"},
            {"currency_code": "JPY", "may_buy_on_account": True, "limit": None, "available": None, "used": "0"},
        ),
        (
            {"payment_on_account": True, "credit_limit": "12.5", "credit_currency_code": "KWD"},
            {"currency_code": "KWD", "limit": "12.500", "available": "12.500", "committed": "0.000"},
        ),
        (
            {"payment_on_account": True, "credit_limit": "12.3456", "credit_currency_code": "GBP"},
            {"limit": "12.3456", "available": "12.3456", "used": "0.00"},
        ),
        (
            {"payment_on_account": True, "credit_limit": "12.5"},
            {"currency_code": None, "limit": "12.5", "available": "0", "used": "0", "committed": "0"},
        ),
    ],
)
def test_limits_of_every_kind(api: ApiCaller, site: Site, fields: dict[str, Any], members: dict[str, Any]) -> None:
    customer = make_customer(site, **fields)
    answer = api.get(f"{CUSTOMERS}/{customer.public_id}/credit").json()
    assert {name: answer[name] for name in members} == members


def test_a_posting_outside_is_the_balance(api: ApiCaller, site: Site, company: Customer) -> None:
    set_setting(site=site, key="charge_posting", value="off")
    Customer.objects.filter(pk=company.pk).update(payment_on_account=True, credit_limit=50, currency_code="GBP")
    enter(site, company, 60)
    answer = api.get(f"{CUSTOMERS}/{company.public_id}/credit").json()
    assert (answer["used"], answer["available"]) == ("60.00", "-10.00")
    assert [row["id"] for row in answer["parts"]["balance"]] == [company.public_id]


@pytest.mark.parametrize(("scope", "status"), [("customers.read", 200), ("customers", 200), ("orders", 403)])
def test_needs_the_scope_of_customers(site: Site, company: Customer, scope: str, status: int) -> None:
    caller = make_caller(site, name=scope, scopes=[scope])
    assert caller.get(f"{CUSTOMERS}/{company.public_id}/credit").status_code == status


def test_an_unknown_parameter_is_refused(api: ApiCaller, company: Customer) -> None:
    assert api.get(f"{CUSTOMERS}/{company.public_id}/credit?currency_code=GBP").status_code == 400


def test_nobody_has_no_credit(api: ApiCaller) -> None:
    assert api.get(f"{CUSTOMERS}/cu_999999999/credit").status_code == 404
