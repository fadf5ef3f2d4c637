"""DELETE /api/v1/customers/{id}."""

from __future__ import annotations

from core.models import Site, User
from customers.models import AccountEntry, Customer
from customers.tests.api.test_customers_post import TOM, faults
from customers.tests.cast import make_address, make_customer, post_manual
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


def test_hides_it_everywhere(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    address = make_address(customer)
    path = f"{CUSTOMERS}/{customer.public_id}"

    answer = api.delete(path)

    assert (answer.status_code, answer.content) == (204, b"")
    for gone in (path, f"{CUSTOMERS}/X1", f"{path}/addresses", f"{path}/ledger"):
        assert api.get(gone).status_code == 404
    assert api.patch(path, json={}).status_code == 404
    assert api.delete(path).status_code == 404
    assert api.post(f"{path}/addresses", json={}).status_code in (400, 404)
    assert api.get(CUSTOMERS).json() == []
    named = {"parent_customer_id": customer.public_id, "default_billing_address_id": address.public_id}
    assert faults(api.post(CUSTOMERS, json=TOM | named)) == [("resource-not-found", name) for name in named]


def test_ends_sign_in_and_keeps_the_books(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, user=User.objects.create(email="tom@example.com"))
    post_manual(customer, "5.00")

    api.delete(f"{CUSTOMERS}/{customer.public_id}")

    customer.refresh_from_db()
    assert customer.user is None
    assert AccountEntry.objects.get().account.customer == customer


def test_frees_its_e_mail_and_external_ids(api: ApiCaller, site: Site) -> None:
    body = TOM | {"external_id": "X1"}
    address = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB", "external_id": "QUAY"}
    for _ in range(2):
        created = api.post(CUSTOMERS, json=body)
        assert created.status_code == 200
        assert api.post(f"{CUSTOMERS}/X1/addresses", json=address).status_code == 200
        assert api.delete(f"{CUSTOMERS}/X1").status_code == 204
    assert Customer.objects.for_site(site).count() == 2


def test_others_no_longer_have_its_addresses_as_defaults(api: ApiCaller, site: Site) -> None:
    customer, other = make_customer(site), make_customer(site, "other")
    address = make_address(customer)
    Customer.objects.update(default_billing_address=address, default_shipping_address=address)

    api.delete(f"{CUSTOMERS}/{customer.public_id}")

    answer = api.get(f"{CUSTOMERS}/{other.public_id}").json()
    assert (answer["default_billing_address_id"], answer["default_shipping_address_id"]) == (None, None)


def test_is_refused_while_others_buy_for_it(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    child = make_customer(site, "child", parent=head)
    path = f"{CUSTOMERS}/{head.public_id}"

    refused = api.delete(path)

    assert (refused.status_code, faults(refused)) == (409, [("resource-in-use", None)])
    assert api.get(path).status_code == 200
    assert api.delete(f"{CUSTOMERS}/{child.public_id}").status_code == 204
    assert api.delete(path).status_code == 204


def test_only_its_own_site_deletes_it(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="X1")
    for identifier in (theirs.public_id, "X1"):
        assert api.delete(f"{CUSTOMERS}/{identifier}").status_code == 404
    theirs.refresh_from_db()
    assert theirs.deleted_at is None


def test_needs_the_scope(read_only_api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    assert read_only_api.delete(f"{CUSTOMERS}/{customer.public_id}").status_code == 403
