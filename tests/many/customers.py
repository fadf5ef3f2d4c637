"""Customers, addresses, postings and groups, many at once."""

from __future__ import annotations

from datetime import timedelta

from core.money import EXPONENTS
from customers.models import Address, Customer, CustomerGroup
from customers.tests.past import Past, write_past
from tests.cast import make_customer
from tests.many.stage import ADDRESS, NOW, V1, Call, Calls, Stage


def _customer_at(stage: Stage, addresses: int) -> Customer:
    """A customer with so many addresses."""
    customer = make_customer(stage.site, external_id=stage.name())
    Address.objects.bulk_create(
        Address(site=stage.site, customer=customer, external_id=name, **ADDRESS) for name in stage.names(addresses)
    )
    return customer


def list_customers(stage: Stage, size: int) -> Call:
    """Each under a parent, which each of them has to be answered with, and with an address."""
    parent = make_customer(stage.site)
    for _ in range(size):
        _customer_at(stage, 1)
    Customer.objects.filter(site=stage.site).exclude(pk=parent.pk).update(parent=parent)
    return Call("GET", f"{V1}/customers?limit=500")


def read_customer(stage: Stage, size: int) -> Call:
    return Call("GET", f"{V1}/customers/{_customer_at(stage, size).public_id}")


def list_addresses(stage: Stage, size: int) -> Call:
    return Call("GET", f"{read_customer(stage, size).path}/addresses")


def replace_customer(stage: Stage, size: int) -> Call:
    """As many addresses are replaced as are added, and as many go."""
    customer = _customer_at(stage, 2 * size)
    kept = list(customer.addresses.order_by("pk").values_list("external_id", flat=True))[:size]
    body = {
        "first_name": "Tom",
        "last_name": "Jones",
        "email": customer.email,
        "external_id": customer.external_id,
        "addresses": [{**ADDRESS, "external_id": name} for name in [*kept, *stage.names(size)]],
    }
    return Call("PUT", f"/api/v2/customers/platform/{customer.external_id}", body)


def _account(stage: Stage, size: int) -> str:
    """The path of a customer to whom so much has been posted."""
    customer = make_customer(stage.site, currency_code="GBP")
    entries = [Past(NOW + timedelta(minutes=place), "1", kind="manual") for place in range(size)]
    write_past(customer, *entries)
    return f"{V1}/customers/{customer.public_id}"


def list_entries(stage: Stage, size: int) -> Call:
    return Call("GET", f"{_account(stage, size)}/ledger?limit=500")


def read_statement(stage: Stage, size: int) -> Call:
    return Call("GET", f"{_account(stage, size)}/statement?from=2026-03-01&to=2026-03-31&currency_code=GBP")


def _groups(stage: Stage, size: int) -> list[CustomerGroup]:
    parent = CustomerGroup.objects.create(site=stage.site, slug=stage.name(), name="Parent")
    return CustomerGroup.objects.bulk_create(
        CustomerGroup(site=stage.site, slug=name, name=name, parent=parent, price_lists=["x"])
        for name in stage.names(size)
    )


def list_groups(stage: Stage, size: int) -> Call:
    _groups(stage, size)
    return Call("GET", f"{V1}/customer-groups")


def create_group(stage: Stage, size: int) -> Call:
    parent = _groups(stage, size)[0].slug
    return Call("POST", f"{V1}/customer-groups", {"slug": stage.name(), "name": "New", "parent_slug": parent})


def change_group(stage: Stage, size: int) -> Call:
    groups = _groups(stage, size)
    return Call("PATCH", f"{V1}/customer-groups/{groups[-1].slug}", {"name": "New", "parent_slug": "default"})


def change_group_settings(stage: Stage, size: int) -> Call:
    minimums = [{"currency_code": code, "minimum_value": 5, "compare_type": "net"} for code in list(EXPONENTS)[:size]]
    [group] = _groups(stage, 1)
    body = [{"key": "orderTotalsValidation", "value": minimums}]
    return Call("PATCH", f"{V1}/customer-groups/{group.slug}/settings", body)


def read_group_settings(stage: Stage, size: int) -> Call:
    call = change_group_settings(stage, size)
    assert stage.api.patch(call.path, json=call.json).status_code == 204
    return Call("GET", call.path)


CALLS: Calls = {
    ("GET", "/api/v1/customers"): list_customers,
    ("GET", "/api/v1/customers/{id}"): read_customer,
    ("GET", "/api/v1/customers/{id}/addresses"): list_addresses,
    ("PUT", "/api/v2/customers/{lookup_by}/{identifier}"): replace_customer,
    ("GET", "/api/v1/customers/{id}/ledger"): list_entries,
    ("GET", "/api/v1/customers/{id}/statement"): read_statement,
    ("GET", "/api/v1/customer-groups"): list_groups,
    ("POST", "/api/v1/customer-groups"): create_group,
    ("PATCH", "/api/v1/customer-groups/{slug}"): change_group,
    ("GET", "/api/v1/customer-groups/{slug}/settings"): read_group_settings,
    ("PATCH", "/api/v1/customer-groups/{slug}/settings"): change_group_settings,
}
