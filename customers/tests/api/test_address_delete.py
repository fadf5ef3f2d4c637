"""DELETE /api/v1/customers/{id}/addresses/{id2}."""

from __future__ import annotations

from core.models import Site
from customers.models import Address, Customer
from customers.tests.cast import make_address, make_customer
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


def test_a_default_that_pointed_there_becomes_null(api: ApiCaller, site: Site) -> None:
    customer, other = make_customer(site), make_customer(site, "other")
    gone, kept = make_address(customer), make_address(customer)
    Customer.objects.update(default_billing_address=gone, default_shipping_address=kept)

    answer = api.delete(f"{CUSTOMERS}/{customer.public_id}/addresses/{gone.public_id}")

    assert (answer.status_code, answer.content) == (204, b"")
    for row in (customer, other):
        read = api.get(f"{CUSTOMERS}/{row.public_id}").json()
        assert (read["default_billing_address_id"], read["default_shipping_address_id"]) == (None, kept.public_id)
    assert api.get(f"{CUSTOMERS}/{customer.public_id}/addresses").json()[0]["id"] == kept.public_id
    assert api.delete(f"{CUSTOMERS}/{customer.public_id}/addresses/{gone.public_id}").status_code == 404


def test_is_addressed_by_external_id_and_only_under_its_customer(
    api: ApiCaller, other_api: ApiCaller, site: Site
) -> None:
    customer, other = make_customer(site, external_id="X1"), make_customer(site, "other")
    address = make_address(customer, external_id="QUAY")

    assert other_api.delete(f"{CUSTOMERS}/X1/addresses/QUAY").status_code == 404
    assert other_api.delete(f"{CUSTOMERS}/{customer.public_id}/addresses/{address.public_id}").status_code == 404
    assert api.delete(f"{CUSTOMERS}/{other.public_id}/addresses/QUAY").status_code == 404
    assert Address.objects.count() == 1
    assert api.delete(f"{CUSTOMERS}/X1/addresses/QUAY").status_code == 204
    assert not Address.objects.exists()


def test_needs_the_scope(read_only_api: ApiCaller, site: Site) -> None:
    address = make_address(make_customer(site, external_id="X1"))
    assert read_only_api.delete(f"{CUSTOMERS}/X1/addresses/{address.public_id}").status_code == 403
