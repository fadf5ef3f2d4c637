"""GET /api/v1/customers/{id}."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import Customer
from customers.tests.cast import make_address, make_customer, post_manual
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


@pytest.mark.parametrize("external_id", ["HEAD", "a/b", "50% off?", "Größe 3", "CU_1", "cu-1", "12"])
def test_is_found_by_id_and_by_external_id(api: ApiCaller, site: Site, external_id: str) -> None:
    customer = make_customer(site, external_id=external_id)
    escaped = "".join(f"%{byte:02X}" for byte in external_id.encode())

    by_id = api.get(f"{CUSTOMERS}/{customer.public_id}")
    by_external_id = api.get(f"{CUSTOMERS}/{escaped}")

    assert (by_id.status_code, by_external_id.status_code) == (200, 200)
    assert by_id.json() == by_external_id.json()
    assert by_id.json()["external_id"] == external_id


@pytest.mark.parametrize(
    "identifier", ["cu_999999999", "cu_", "cu_0", "cu_1x", "cu_99999999999999999999", "nobody", "%20"]
)
def test_an_unknown_one_is_404(api: ApiCaller, site: Site, identifier: str) -> None:
    make_customer(site)
    answer = api.get(f"{CUSTOMERS}/{identifier}")
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


def test_a_foreign_one_reads_as_an_unknown_one(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="HEAD")
    answers = {api.get(f"{CUSTOMERS}/{name}").content for name in (theirs.public_id, "HEAD", "unknown", "cu_999999999")}
    assert len(answers) == 1


def test_needs_the_scope_to_read(read_only_api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    assert read_only_api.get(f"{CUSTOMERS}/{customer.public_id}").status_code == 200


def test_carries_its_addresses_oldest_first(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    addresses = [make_address(customer, nickname=name) for name in ("Quay", "Hall")]

    answered = api.get(f"{CUSTOMERS}/{customer.public_id}").json()["addresses"]

    assert [(address["id"], address["nickname"]) for address in answered] == [
        (addresses[0].public_id, "Quay"),
        (addresses[1].public_id, "Hall"),
    ]


def test_balances_are_those_of_the_account_that_owes(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    branch = make_customer(site, "branch", parent=head)
    buyer = make_customer(
        site, "buyer", parent=branch, currency_code="GBP", payment_on_account=True, credit_currency_code="JPY"
    )
    post_manual(head, "31.98")
    post_manual(head, "-10.00")
    post_manual(head, "1500", currency_code="JPY")
    post_manual(branch, "5.00", currency_code="EUR")

    answer = api.get(f"{CUSTOMERS}/{buyer.public_id}")

    assert answer.json()["balances"] == [
        {"account_id": head.public_id, "currency_code": "GBP", "amount": "21.98"},
        {"account_id": head.public_id, "currency_code": "JPY", "amount": "1500"},
    ]
    assert answer.json()["payment_on_account"] == {
        "credit_limit": None,
        "balance": 1500,
        "currency_code": "jpy",
        "net_terms": None,
    }


@pytest.mark.parametrize(
    ("currencies", "owed", "balance"),
    [
        ({"currency_code": "GBP"}, ["31.98"], 31.98),
        ({"currency_code": "EUR"}, ["31.98"], 0),
        ({"currency_code": "EUR", "credit_currency_code": "GBP"}, ["31.98", "-40"], -8.02),
        ({}, [], 0),
        ({}, ["31.98"], None),
    ],
)
def test_the_balance_on_account_is_in_the_limit_s_currency(
    api: ApiCaller, site: Site, currencies: dict[str, str], owed: list[str], balance: float | None
) -> None:
    customer = make_customer(site, payment_on_account=True, **currencies)
    for amount in owed:
        post_manual(customer, amount)

    assert api.get(f"{CUSTOMERS}/{customer.public_id}").json()["payment_on_account"]["balance"] == balance


@pytest.mark.parametrize(
    ("role", "has_parent", "answered"),
    [
        ("", False, "main"),
        ("", True, None),
        ("sales-agent", False, "sales-agent"),
        ("limited-customer", True, "limited-customer"),
    ],
)
def test_a_customer_without_parent_is_the_main_user(
    api: ApiCaller, site: Site, role: str, has_parent: bool, answered: str | None
) -> None:
    parent = make_customer(site, "head") if has_parent else None
    customer = make_customer(site, role=role, parent=parent)
    assert api.get(f"{CUSTOMERS}/{customer.public_id}").json()["role"] == answered


def test_costs_the_same_whatever_it_carries(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    plain = make_customer(site, "plain")
    rich = make_customer(site, "rich", parent=head)
    for number in range(20):
        make_address(rich, nickname=str(number))
    post_manual(head, "1.00")

    counts = []
    for customer in (plain, rich):
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{CUSTOMERS}/{customer.public_id}").status_code == 200
        counts.append(len(queries))

    assert counts == [3, 3]


def test_no_member_is_missing_for_one_that_only_has_a_name(api: ApiCaller, site: Site) -> None:
    customer = Customer.objects.get(pk=make_customer(site).pk)
    body = api.get(f"{CUSTOMERS}/{customer.public_id}").json()
    nullable = {name for name, value in body.items() if value is None}
    assert nullable == {
        "default_billing_address_id",
        "default_shipping_address_id",
        "currency_code",
        "discount_percentage",
        "payment_by_invoice",
        "payment_on_account",
        "metadata",
        "parent_customer",
    }
