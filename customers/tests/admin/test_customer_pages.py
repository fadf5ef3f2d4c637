"""Customers in the back office: saved by the operations of the API; balances and ledger are only looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site, StaffMembership, User
from customers.models import AccountEntry, Address, Customer
from customers.tests.cast import make_address, make_customer, post_manual
from tests.html_forms import fields_of, unnamed_inputs

LIST = "/admin/customers/customer/"
FORM = "customer_form"


@pytest.fixture
def customer(site: Site) -> Customer:
    """With everything a program may set."""
    return make_customer(
        site,
        company_name="Tom Jones Climbing",
        external_id="erp-7",
        payment_on_account=True,
        credit_limit="5000",
        credit_currency_code="GBP",
        net_terms=30,
        metadata={"till": 3},
        vatin_numbers=["GB980780684"],
        price_lists=["trade", "club"],
        discount_percentage="2.5",
    )


def page_of(customer: Customer) -> str:
    return f"{LIST}{customer.pk}/change/"


def facts_of(customer: Customer) -> dict[str, object]:
    row = Customer.objects.filter(pk=customer.pk).values().get()
    return {name: value for name, value in row.items() if name != "updated_at"}


def test_saving_what_nobody_touched_changes_nothing(back_office: Client, customer: Customer) -> None:
    address = make_address(customer)
    before = facts_of(customer), Address.objects.values().get(pk=address.pk)
    sent = fields_of(back_office.get(page_of(customer)), FORM)
    assert back_office.post(page_of(customer), sent).status_code == 302
    assert (facts_of(customer), Address.objects.values().get(pk=address.pk)) == before


def test_a_customer_is_changed(back_office: Client, site: Site, customer: Customer) -> None:
    company = make_customer(site, "Sam", company_name="Summit Supplies")
    before = facts_of(customer)
    sent = fields_of(back_office.get(page_of(customer)), FORM)
    changes = {"company_name": "TJC", "parent": str(company.pk), "credit_limit": "0", "role": "limited-customer"}
    assert back_office.post(page_of(customer), {**sent, **changes}).status_code == 302
    after = facts_of(customer)
    changed = {name: str(after[name]) for name in after if after[name] != before[name]}
    assert changed == {
        "company_name": "TJC",
        "parent_id": str(company.pk),
        "credit_limit": "0.0000",
        "role": "limited-customer",
    }


def test_a_changed_email_unties_the_login(back_office: Client, customer: Customer) -> None:
    customer.user = User.objects.create_user("tom@example.com")
    customer.save()
    sent = fields_of(back_office.get(page_of(customer)), FORM)
    back_office.post(page_of(customer), {**sent, "email": "new@example.com"})
    assert Customer.objects.get(pk=customer.pk).user is None


def test_addresses_are_added_changed_and_removed(back_office: Client, customer: Customer) -> None:
    kept, gone = make_address(customer), make_address(customer, nickname="Old shop")
    sent = fields_of(back_office.get(page_of(customer)), FORM)
    changes = {
        "addresses-TOTAL_FORMS": "3",
        "addresses-0-city": "Bath",
        "addresses-1-DELETE": "on",
        "addresses-2-address_line1": "2 Hill",
        "addresses-2-city": "Leeds",
        "addresses-2-country_code": "GB",
    }
    assert back_office.post(page_of(customer), {**sent, **changes}).status_code == 302
    rows = customer.addresses.order_by("pk")
    assert [(row.pk == kept.pk, row.city) for row in rows] == [(True, "Bath"), (False, "Leeds")]
    assert gone.pk not in {row.pk for row in rows}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"email": "sam@example.com"}, {"email": ["Another customer has this e-mail."]}),
        ({"external_id": "cu_5"}, {"external_id": ["must not start with cu_."]}),
        ({"currency_code": "XXX"}, {"currency_code": ["not an ISO 4217 currency code with a minor unit."]}),
        ({"vatin_numbers": "GB1"}, {"vatin_numbers": ["Entry 1: is not a valid VAT number of its country."]}),
        ({"parent": "self"}, {"parent": ["A customer cannot come under itself or one below it."]}),
        ({"net_terms": "4000"}, {"net_terms": ["Input should be less than or equal to 3650."]}),
    ],
)
def test_what_is_refused_stands_beside_its_field(
    back_office: Client, site: Site, customer: Customer, changes: dict[str, str], faults: dict[str, list[str]]
) -> None:
    """Nothing is written, and nothing that was typed is lost."""
    make_customer(site, "Sam")
    if changes.get("parent") == "self":
        changes = {"parent": str(customer.pk)}
    before = facts_of(customer)
    sent = {**fields_of(back_office.get(page_of(customer)), FORM), **changes, "company_name": "typed"}
    response = back_office.post(page_of(customer), sent)
    assert (response.status_code, response.context["adminform"].form.errors) == (200, faults)
    assert fields_of(response, FORM) == sent
    assert facts_of(customer) == before


def test_a_customer_is_made(back_office: Client, site: Site) -> None:
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM)
    assert sent["site"] == str(site.pk)
    group = site.customergroup_set.get()
    values = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com", "group": str(group.pk)}
    assert back_office.post(f"{LIST}add/", {**sent, **values}).status_code == 302
    made = Customer.objects.get()
    assert (made.site, made.email, made.status, made.group) == (site, "ann@example.com", "active", group)


def test_staff_of_two_sites_choose_within_one(back_office: Client, staff: User, site: Site, other_site: Site) -> None:
    """A parent or group of the other of their sites is refused beside its field."""
    StaffMembership.objects.create(site=other_site, user=staff)
    parent = make_customer(other_site, "Sam")
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM)
    values = {"site": str(site.pk), "first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
    response = back_office.post(
        f"{LIST}add/", {**sent, **values, "group": str(parent.group_id), "parent": str(parent.pk)}
    )
    assert response.context["adminform"].form.errors == {
        "group": ["This belongs to another site."],
        "parent": ["This belongs to another site."],
    }


def test_deleting_hides(back_office: Client, customer: Customer) -> None:
    post_manual(customer, "10.00")
    back_office.post(f"{LIST}{customer.pk}/delete/", {"post": "yes"})
    assert Customer.objects.get(pk=customer.pk).deleted_at is not None
    assert AccountEntry.objects.count() == 1
    assert back_office.get(LIST).context["cl"].result_count == 0
    assert back_office.get(LIST, {"deleted": "yes"}).context["cl"].result_count == 1
    assert back_office.get(page_of(customer)).status_code == 200
    assert back_office.post(page_of(customer), {"company_name": "TJC"}).status_code == 403


def test_a_company_with_people_stays(back_office: Client, site: Site, customer: Customer) -> None:
    make_customer(site, "Sam", parent=customer)
    response = back_office.post(f"{LIST}{customer.pk}/delete/", {"post": "yes"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Other customers buy for this one."]
    assert Customer.objects.get(pk=customer.pk).deleted_at is None


def test_balances_and_the_ledger_behind_them_are_shown(back_office: Client, customer: Customer) -> None:
    post_manual(customer, "10.00")
    post_manual(customer, "-2.50")
    post_manual(customer, "99", currency_code="USD")
    account = customer.accounts.get(currency_code="GBP")
    assert '7.50 <span class="currency">GBP</span>' in back_office.get(page_of(customer)).content.decode()
    entries = back_office.get("/admin/customers/accountentry/", {"account__id__exact": account.pk}).context["cl"]
    assert [str(entry.amount) for entry in entries.result_list] == ["-2.5000", "10.0000"]


@pytest.mark.parametrize("model", ["account", "accountentry"])
def test_what_operations_do_not_write_is_only_looked_at(back_office: Client, customer: Customer, model: str) -> None:
    post_manual(customer, "10.00")
    rows: dict[str, Callable[[], Any]] = {
        "account": customer.accounts.get,
        "accountentry": AccountEntry.objects.get,
    }
    base = f"/admin/customers/{model}/"
    row = rows[model]()
    answers = [
        back_office.get(f"{base}add/"),
        back_office.post(f"{base}{row.pk}/change/", {}),
        back_office.post(f"{base}{row.pk}/delete/", {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert back_office.get(f"{base}{row.pk}/change/").status_code == 200


def test_a_choice_never_offers_deleted_customers(back_office: Client, site: Site, customer: Customer) -> None:
    make_customer(site, "Sam")
    back_office.post(f"{LIST}{customer.pk}/delete/", {"post": "yes"})
    query = {"app_label": "customers", "model_name": "customer", "field_name": "parent", "term": ""}
    offered = back_office.get("/admin/autocomplete/", query).json()["results"]
    assert [item["id"] for item in offered] == [str(Customer.objects.present().get().pk)]


def test_the_list_costs_the_same_for_one_as_for_twenty(back_office: Client, site: Site) -> None:
    counts = []
    for number in (1, 19):
        for _ in range(number):
            parent = make_customer(site, f"Tom{Customer.objects.count()}")
            post_manual(make_customer(site, f"Sam{parent.pk}", parent=parent), "1.00")
        back_office.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            back_office.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_input_says_its_name(back_office: Client, customer: Customer) -> None:
    make_address(customer)
    for page in (page_of(customer), f"{LIST}add/"):
        assert unnamed_inputs(back_office.get(page), FORM) == []
