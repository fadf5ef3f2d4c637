"""POST /api/v1/customers/{id}/addresses."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.api.answers import AddressAnswer
from customers.models import Address
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_customer
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"
SAMPLE: dict[str, Any] = {
    "title": "Mr",
    "first_name": "Bob",
    "last_name": "Jones",
    "company": "Tom Jones Climbing Ltd",
    "address_line1": "Example Industrial Estate",
    "address_line2": "North Country",
    "city": "Cityland",
    "region_code": "CA",
    "postal_code": "12345",
    "country_code": "USA",
    "phone": "+44 (0) 123456789",
    "mobile": "+44 (0) 723456789",
    "external_id": "ADD1234567",
    "nickname": "Warehouse - Cityland",
}
"""The reference's own request."""
LEAST = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "gb"}


def test_the_reference_s_request_is_answered_with_its_members(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")

    answer = api.post(f"{CUSTOMERS}/X1/addresses", json=SAMPLE)

    address = Address.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"id": address.public_id, **SAMPLE})
    assert list(answer.json()) == list(AddressAnswer.model_fields)
    assert (address.customer, address.site) == (customer, site)


def test_line_city_and_country_are_needed(api: ApiCaller, site: Site) -> None:
    path = f"{CUSTOMERS}/{make_customer(site).public_id}/addresses"

    assert api.post(path, json=LEAST | {"region_code": None, "external_id": None, "title": None}).status_code == 200
    assert set(faults(api.post(path, json={}))) == {("required", name) for name in LEAST}


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("title", "x" * 31, "too-long"),
        ("first_name", "x" * 51, "too-long"),
        ("last_name", "x" * 51, "too-long"),
        ("company", "x" * 129, "too-long"),
        ("address_line1", "x" * 256, "too-long"),
        ("address_line1", "", "too-short"),
        ("address_line1", None, "invalid"),
        ("city", "x" * 129, "too-long"),
        ("region_code", "x" * 11, "too-long"),
        ("postal_code", "x" * 21, "too-long"),
        ("postal_code", 12345, "invalid"),
        ("country_code", "G", "invalid"),
        ("country_code", "GBRX", "invalid"),
        ("country_code", "G1", "invalid"),
        ("phone", "x" * 21, "too-long"),
        ("mobile", "x" * 21, "too-long"),
        ("nickname", "x" * 51, "too-long"),
        ("external_id", "x" * 51, "too-long"),
        ("external_id", "ca_1", "reserved-prefix"),
    ],
)
def test_a_bad_member_is_refused_by_name(api: ApiCaller, site: Site, member: str, value: object, code: str) -> None:
    answer = api.post(f"{CUSTOMERS}/{make_customer(site).public_id}/addresses", json=LEAST | {member: value})
    assert (answer.status_code, faults(answer)) == (400, [(code, member)])


def test_its_external_id_is_taken_once_per_site(
    api: ApiCaller, other_api: ApiCaller, site: Site, other_site: Site
) -> None:
    paths = [f"{CUSTOMERS}/{make_customer(site, name).public_id}/addresses" for name in ("Ann", "Bob")]
    theirs = f"{CUSTOMERS}/{make_customer(other_site).public_id}/addresses"
    body = LEAST | {"external_id": "QUAY"}
    assert api.post(paths[0], json=body).status_code == 200

    for path in paths:
        answer = api.post(path, json=body)
        assert (answer.status_code, faults(answer)) == (409, [("resource-already-exists", "external_id")])
    assert other_api.post(theirs, json=body).status_code == 200
    assert [api.post(paths[0], json=LEAST).status_code for _ in range(2)] == [200, 200]


def test_only_to_a_customer_of_the_site(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="X1")
    for identifier in (theirs.public_id, "X1", "cu_999999999"):
        assert api.post(f"{CUSTOMERS}/{identifier}/addresses", json=LEAST).status_code == 404
    assert not Address.objects.exists()


def test_an_idempotency_key_adds_once(api: ApiCaller, site: Site) -> None:
    path = f"{CUSTOMERS}/{make_customer(site).public_id}/addresses"
    answers = [api.post(path, json=LEAST, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Address.objects.count() == 1
