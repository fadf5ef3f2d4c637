"""PATCH /api/v1/customers/{id}/addresses/{id2}."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.tests.api.test_addresses_post import SAMPLE
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_address, make_customer
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ({}, {}),
        ({"city": "Bath"}, {"city": "Bath"}),
        ({"address_line2": ""}, {"address_line2": ""}),
        ({"external_id": SAMPLE["external_id"]}, {}),
        ({"region_code": None, "external_id": None}, {"region_code": "", "external_id": ""}),
        ({"phone": None, "title": None}, {}),
        ({"id": "ca_7", "customer_id": "cu_7"}, {}),
    ],
)
def test_changes_what_is_sent_and_nothing_else(
    api: ApiCaller, site: Site, sent: dict[str, Any], changed: dict[str, Any]
) -> None:
    customer = make_customer(site)
    address = make_address(customer, **SAMPLE)

    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}/addresses/{address.public_id}", json=sent)

    assert (answer.status_code, answer.json()) == (200, {"id": address.public_id, **SAMPLE, **changed})
    assert api.get(f"{CUSTOMERS}/{customer.public_id}/addresses").json() == [answer.json()]


@pytest.mark.parametrize("member", ["address_line1", "city", "country_code"])
def test_what_an_address_needs_may_not_become_null(api: ApiCaller, site: Site, member: str) -> None:
    customer = make_customer(site)
    address = make_address(customer)
    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}/addresses/{address.public_id}", json={member: None})
    assert (answer.status_code, faults(answer)) == (400, [("invalid", member)])


def test_both_are_addressed_by_external_id(api: ApiCaller, site: Site) -> None:
    make_address(make_customer(site, external_id="X/1"), external_id="Q/1")
    answer = api.patch(f"{CUSTOMERS}/X%2F1/addresses/Q%2F1", json={"city": "Bath"})
    assert (answer.status_code, answer.json()["city"]) == (200, "Bath")


def test_a_taken_external_id_is_refused(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    address = make_address(customer, external_id="QUAY")
    make_address(make_customer(site, "other"), external_id="HALL")

    answer = api.patch(f"{CUSTOMERS}/{customer.public_id}/addresses/{address.public_id}", json={"external_id": "HALL"})

    assert (answer.status_code, faults(answer)) == (409, [("resource-already-exists", "external_id")])


def test_only_an_address_of_this_customer(api: ApiCaller, site: Site, other_site: Site) -> None:
    customer, other = make_customer(site), make_customer(site, "other")
    theirs = make_customer(other_site, external_id="X1")
    foreign = make_address(theirs, external_id="QUAY")
    for path in (
        f"{customer.public_id}/addresses/{make_address(other).public_id}",
        f"{customer.public_id}/addresses/{foreign.public_id}",
        f"{customer.public_id}/addresses/QUAY",
        f"{theirs.public_id}/addresses/{foreign.public_id}",
        "X1/addresses/QUAY",
        f"{customer.public_id}/addresses/ca_",
    ):
        assert api.patch(f"{CUSTOMERS}/{path}", json={"city": "Bath"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.city == "Bristol"
