"""The reference's own samples: requests are accepted, answers have these members."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Address, Customer
from purchasing.tests.bodies import sample
from purchasing.tests.orders import ORDERS, done, make_address, members_of, request_sample
from tests.callers import ApiCaller

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(company: Customer) -> Address:
    return make_address(company)


@pytest.fixture
def order(api: ApiCaller, company: Customer, address: Address) -> dict[str, Any]:
    """The sample of an order, its ids pointing at what exists."""
    body = request_sample("order-create", customer_id=company.public_id, billing_address_id=address.public_id)
    body["packages"][0]["shipping_address_id"] = address.public_id
    created: dict[str, Any] = done(api.post(ORDERS, json=body))
    return created


def test_the_sample_order_is_created_as_it_stands(order: dict[str, Any], company: Customer, address: Address) -> None:
    sent = request_sample("order-create")
    [package], [told] = order["packages"], sent["packages"]
    assert {name: order[name] for name in ("external_id", "visible_id", "payment_method", "customer_reference")} == {
        name: sent[name] for name in ("external_id", "visible_id", "payment_method", "customer_reference")
    }
    assert (order["customer_id"], order["currency_code"]) == (company.public_id, "gbp")
    assert order["created_at"] == package["created_at"] == "2021-01-30T08:30:00Z"
    assert order["billing_address"] == {"id": address.public_id, **sent["billing_address"]}
    assert package["shipping_address"] == {"id": address.public_id, **told["shipping_address"]}
    assert order["total"] == {"tax_rate": 50, "net": 8, "gross": 12, "currency_code": "gbp"}
    assert (order["status"], package["status"]) == ("processing", "processing")


def test_the_answer_has_the_members_of_the_sample(order: dict[str, Any], api: ApiCaller) -> None:
    ship = request_sample("order-ship")
    del ship["shipping_address_id"]
    answered = done(api.post(f"{ORDERS}/{order['id']}/ship", json=ship))
    expected = members_of(sample("order.answer"))
    # Given by checkout alone, as metadata is here by nobody.
    answered["custom_fields"] = sample("order.answer")["custom_fields"]
    assert members_of(answered) == expected


@pytest.mark.parametrize("action", ["ship", "ship-items", "cancel", "cancel-items"])
def test_the_samples_of_open_goods_are_accepted(
    api: ApiCaller, order: dict[str, Any], address: Address, action: str
) -> None:
    name = action.partition("-")[0]
    body = request_sample(f"order-{name}")
    if name == "ship":
        body["shipping_address_id"] = address.public_id
    answered = done(api.post(f"{ORDERS}/{order['external_id']}/{action}", json=body))
    assert answered["status"] == {"ship": "shipped", "cancel": "cancelled"}[name]


@pytest.mark.parametrize("action", ["return", "return-items"])
def test_the_sample_of_a_return_is_accepted(api: ApiCaller, order: dict[str, Any], action: str) -> None:
    shipped = request_sample("order-ship", shipping_address_id=None, external_id=None)
    done(api.post(f"{ORDERS}/{order['id']}/ship", json=shipped))
    answered = done(api.post(f"{ORDERS}/{order['id']}/{action}", json=request_sample("order-return")))
    assert answered["status"] == "returned"


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_the_sample_of_a_package_is_accepted(api: ApiCaller, order: dict[str, Any], method: str) -> None:
    path = f"{ORDERS}/{order['id']}/packages/{order['packages'][0]['id']}"
    answer = api.request(method, path, json=request_sample("order-package-update"))
    assert done(answer) == order


def test_the_sample_of_a_change_is_accepted(api: ApiCaller, order: dict[str, Any]) -> None:
    assert order["invoice_url"] == "https://string"
    assert done(api.patch(f"{ORDERS}/{order['id']}", json=request_sample("order-patch"))) == order
