"""PATCH /api/v1/customers/{id}."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site, User
from customers.models import Customer
from customers.tests.api.test_customers_post import SAMPLE, faults
from customers.tests.cast import make_address, make_customer, post_manual
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


def test_the_reference_s_request_is_accepted(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    head = make_customer(site, "head", external_id="string")
    address = make_address(customer)
    named = {
        "default_billing_address_id": address.public_id,
        "default_shipping_address_id": address.public_id,
    }

    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}", json=SAMPLE | named)

    assert answer.status_code == 200
    assert (
        answer.json().items()
        >= {
            **{name: value for name, value in SAMPLE.items() if name not in named and name != "parent_customer_id"},
            **named,
            "parent_customer": {"id": head.public_id, "external_id": "string"},
        }.items()
    )


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({}, {}),
        ({"title": "Dr"}, {"title": "Dr"}),
        ({"email": "tom@example.COM"}, {"email": "tom@example.COM"}),
        ({"external_id": "X1"}, {}),
        ({"external_id": ""}, {"external_id": ""}),
        ({"status": "rejected"}, {"status": "rejected"}),
        ({"vatin_numbers": []}, {"vatin_numbers": []}),
        ({"metadata": {"b": 2}}, {"metadata": {"b": 2}}),
        ({"role": None}, {"role": "main"}),
        # Null clears what may be null …
        ({"currency_code": None}, {"currency_code": None}),
        ({"discount_percentage": None}, {"discount_percentage": None}),
        ({"payment_by_invoice": None}, {"payment_by_invoice": None}),
        ({"payment_on_account": None}, {"payment_on_account": None}),
        ({"metadata": None}, {"metadata": None}),
        # … and leaves the rest as it was.
        ({"title": None, "status": None, "group": None, "price_lists": None, "tax_exempt": None}, {}),
        ({"external_id": None, "company_name": None, "accounting_id": None}, {}),
        # The object on account is replaced as a whole; its balance comes from the ledger.
        (
            {"payment_on_account": {"credit_limit": 7, "balance": 99}},
            {"payment_on_account": {"credit_limit": 7, "balance": 0, "currency_code": "gbp", "net_terms": None}},
        ),
    ],
)
def test_changes_what_is_sent_and_nothing_else(
    api: ApiCaller, site: Site, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    customer = make_customer(
        site,
        title="Mr",
        external_id="X1",
        role="sales-agent",
        currency_code="GBP",
        price_lists=["one"],
        vatin_numbers=["GB999999973"],
        discount_percentage="12.5",
        tax_exempt=True,
        payment_by_invoice=True,
        payment_on_account=True,
        credit_limit="100",
        credit_currency_code="EUR",
        net_terms=14,
        metadata={"a": 1},
    )
    address = f"{CUSTOMERS}/{customer.public_id}"
    before = api.get(address).json()

    answer = api.patch(address, json=sent)

    assert answer.status_code == 200, answer.content
    written = answer.json()
    assert [warning["code"] for warning in written.pop("warnings")] == ["balance-is-derived"] * (
        "balance" in (sent.get("payment_on_account") or {})
    )
    assert written | {"updated_at": 0} == before | changed | {"updated_at": 0}
    assert api.get(address).json() == written


def test_the_answer_of_a_get_sent_back_changes_nothing(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    customer = make_customer(
        site, parent=head, currency_code="GBP", payment_on_account=True, credit_limit="100", discount_percentage="12.5"
    )
    make_address(customer)
    post_manual(head, "12.00")
    address = f"{CUSTOMERS}/{customer.public_id}"
    before = api.get(address).json()

    answer = api.patch(address, json=before)

    assert answer.json() | {"updated_at": 0} == before | {"updated_at": 0, "warnings": []}


def test_references_are_cleared_by_null(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    address = make_address(head)
    customer = make_customer(site, parent=head, default_billing_address=address, default_shipping_address=address)
    body = {"parent_customer_id": None, "default_billing_address_id": None, "default_shipping_address_id": None}

    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}", json=body).json()

    names = ("parent_customer", "default_billing_address_id", "default_shipping_address_id")
    assert [answer[name] for name in names] == [None, None, None]


@pytest.mark.parametrize("member", ["first_name", "last_name", "email"])
def test_what_creating_needs_may_not_become_null(api: ApiCaller, site: Site, member: str) -> None:
    customer = make_customer(site)
    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}", json={member: None})
    assert (answer.status_code, faults(answer)) == (400, [("invalid", member)])


@pytest.mark.parametrize(
    ("sent", "code", "member"),
    [
        ({"group": ""}, "too-short", "group"),
        ({"group": "nobody"}, "resource-not-found", "group"),
        ({"payment_on_account": {"credit_limit": 9.25e307}}, "invalid", "payment_on_account.credit_limit"),
    ],
)
def test_what_cannot_be(api: ApiCaller, site: Site, sent: dict[str, Any], code: str, member: str) -> None:
    answer = api.patch(f"{CUSTOMERS}/{make_customer(site).public_id}", json=sent)
    assert (answer.status_code, faults(answer)) == (400, [(code, member)])


@pytest.mark.parametrize(("moved", "under"), [("head", "head"), ("head", "buyer"), ("branch", "buyer")])
def test_nobody_comes_under_himself(api: ApiCaller, site: Site, moved: str, under: str) -> None:
    head = make_customer(site, "head")
    branch = make_customer(site, "branch", parent=head)
    cast = {"head": head, "branch": branch, "buyer": make_customer(site, "buyer", parent=branch)}

    answer = api.patch(f"{CUSTOMERS}/{cast[moved].public_id}", json={"parent_customer_id": cast[under].public_id})

    assert (answer.status_code, faults(answer)) == (400, [("parent-cycle", "parent_customer_id")])


@pytest.mark.parametrize(("above", "below", "status"), [(1, 4, 200), (3, 2, 200), (2, 4, 400), (5, 1, 400)])
def test_levels_are_counted_above_and_below(api: ApiCaller, site: Site, above: int, below: int, status: int) -> None:
    def chain(name: str, levels: int) -> list[Customer]:
        customers: list[Customer] = []
        for level in range(levels):
            parent = customers[-1] if customers else None
            customers.append(make_customer(site, f"{name}{level}", parent=parent))
        return customers

    upper, lower = chain("upper", above), chain("lower", below)

    answer = api.patch(f"{CUSTOMERS}/{lower[0].public_id}", json={"parent_customer_id": upper[-1].public_id})

    assert answer.status_code == status
    if status == 400:
        assert faults(answer) == [("too-many-levels", "parent_customer_id")]


def test_what_another_customer_has_is_taken(api: ApiCaller, site: Site) -> None:
    make_customer(site, "Ann", external_id="A1")
    customer = make_customer(site, "Tom", external_id="T1")

    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}", json={"email": "ANN@example.com", "external_id": "A1"})

    assert answer.status_code == 409
    assert faults(answer) == [("resource-already-exists", "email"), ("resource-already-exists", "external_id")]


@pytest.mark.parametrize(
    ("email", "tied"), [("new@example.com", False), ("TOM@example.com", True), ("tom@example.com", True)]
)
def test_a_changed_e_mail_unties_the_login(api: ApiCaller, site: Site, email: str, tied: bool) -> None:
    customer = make_customer(site, "Tom", user=User.objects.create(email="tom@example.com"))

    assert api.patch(f"{CUSTOMERS}/{customer.public_id}", json={"email": email}).status_code == 200

    customer.refresh_from_db()
    assert (customer.user is not None) is tied


def test_a_changed_parent_moves_no_money(api: ApiCaller, site: Site) -> None:
    head, customer = make_customer(site, "head"), make_customer(site)
    post_manual(customer, "5.00")

    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}", json={"parent_customer_id": head.public_id})

    assert answer.json()["balances"] == []
    assert str(customer.accounts.get().balance) == "5.0000"


def test_is_addressed_by_external_id_and_only_on_its_site(api: ApiCaller, other_api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="a/b")

    assert api.patch(f"{CUSTOMERS}/a%2Fb", json={"title": "Dr"}).json()["title"] == "Dr"
    for identifier in ("a%2Fb", customer.public_id):
        assert other_api.patch(f"{CUSTOMERS}/{identifier}", json={"title": "No"}).status_code == 404
    customer.refresh_from_db()
    assert customer.title == "Dr"


def test_needs_the_scope(read_only_api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    assert read_only_api.patch(f"{CUSTOMERS}/{customer.public_id}", json={}).status_code == 403


def test_the_role_that_is_only_worked_out_is_not_kept(api: ApiCaller, site: Site) -> None:
    """What was read is sent back; a branch that gets a parent later does not see the head office's books by that."""
    head, branch = make_customer(site, "head"), make_customer(site, "branch")
    path = f"{CUSTOMERS}/{branch.public_id}"
    read = api.get(path).json()
    assert api.patch(path, json=read).json() == read | {"warnings": []}
    assert api.patch(path, json={"parent_customer_id": head.public_id}).json()["role"] is None
    assert api.patch(path, json={"role": "main"}).json()["role"] == "main"


def test_a_role_given_with_the_parent_is_kept(api: ApiCaller, site: Site) -> None:
    head, branch = make_customer(site, "head"), make_customer(site, "branch")
    sent = {"parent_customer_id": head.public_id, "role": "main"}
    assert api.patch(f"{CUSTOMERS}/{branch.public_id}", json=sent).json()["role"] == "main"
