"""POST /api/v1/orders/{id}/return, also as /api/v1/orders/{id}/return-items."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer
from purchasing.tests.bodies import PURCHASES, faults
from purchasing.tests.orders import ORDERS, contents, created, done, goods, item, parcel, priced
from tests.callers import ApiCaller

pytestmark = pytest.mark.django_db

PATH = f"{ORDERS}/SO-1/return"


def back(*items: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"returned_at": "2026-02-07T11:00:00Z", "items": list(items) or goods(ROPE=1), **members}


@pytest.fixture
def order(api: ApiCaller, company: Customer) -> dict[str, Any]:
    """Three ropes, two of them shipped; the freight went with them."""
    created(api, company, parcel(item("ROPE", 3, 10, 12), freight=(5, 6)))
    tracking = [{"company": "DPD", "url": "", "reference": "1550"}]
    sent = {"shipped_at": "2026-02-01T15:00:00Z", "items": goods(ROPE=2), "total_shipping": priced(5, 6)}
    shipped: dict[str, Any] = done(api.post(f"{ORDERS}/SO-1/ship", json=sent | {"shipment_tracking": tracking}))
    return shipped


def payment_of(api: ApiCaller) -> dict[str, Any]:
    document = done(api.get(f"{PURCHASES}/internal/SO-1"))
    total = document["calculated_total"]["number"]
    return {"total": total, "due": document["calculated_payment"]["amount_due"]["number"]}


def test_shipped_goods_come_back_and_are_credited(api: ApiCaller, order: dict[str, Any], company: Customer) -> None:
    returned = done(api.post(PATH, json=back(external_id="R-1", visible_id="Return01")))
    assert contents(returned) == [("processing", {"ROPE": 1}), ("shipped", {"ROPE": 1}), ("returned", {"ROPE": 1})]
    sent, new = returned["packages"][1:]
    same = ("shipped_at", "shipment_tracking", "shipping_address")
    assert {name: new[name] for name in same} == {name: sent[name] for name in same}
    assert (new["external_id"], new["returned_at"]) == ("R-1", "2026-02-07T11:00:00Z")
    assert returned["total"] == order["total"]
    assert payment_of(api) == {"total": "18.00", "due": "14.00"}
    assert company.accounts.get().balance == 14


@pytest.mark.parametrize(
    ("members", "refund", "due"),
    [
        ({}, None, "10.00"),
        ({"refund_shipping": priced(2, 2.5)}, None, "7.50"),
        ({}, priced(1, 1.5), "16.50"),
        ({"refund_shipping": priced(5, 6)}, priced(0, 0), "12.00"),
    ],
)
def test_freight_is_credited_only_when_named(
    api: ApiCaller, order: dict[str, Any], members: dict[str, Any], refund: Any, due: str
) -> None:
    done(api.post(PATH, json=back({"sku": "ROPE", "quantity": 2, "refund_total": refund}, **members)))
    assert payment_of(api) == {"total": "18.00", "due": due}


def test_a_later_return_leaves_earlier_credit_alone(api: ApiCaller, order: dict[str, Any]) -> None:
    done(api.post(PATH, json=back()))
    done(api.post(PATH, json=back()))
    # The second emptied the shipped package: its freight is now in a package that is live, and credited to nobody.
    assert payment_of(api) == {"total": "18.00", "due": "10.00"}


@pytest.mark.parametrize(
    ("body", "status", "fault"),
    [
        (back(*goods(ROPE=3)), 400, ("not-enough", "items[0].quantity")),
        (back(*goods(AXE=1)), 400, ("resource-not-found", "items[0].sku")),
        ({"items": goods(ROPE=1)}, 400, ("required", "returned_at")),
        (back(refund_shipping=priced(5, 6.01)), 400, ("too-much-freight", "refund_shipping.gross")),
        (back(refund_shipping={"net": 1}), 400, ("required", "refund_shipping.gross")),
        (
            back({"sku": "ROPE", "quantity": 1, "refund_total": priced(-1, 0)}),
            400,
            ("invalid", "items[0].refund_total.net"),
        ),
    ],
)
def test_what_is_wrong_is_named(
    api: ApiCaller, order: dict[str, Any], body: dict[str, Any], status: int, fault: tuple[str, str]
) -> None:
    answer = api.post(PATH, json=body)
    assert (answer.status_code, faults(answer)) == (status, [fault])
    assert done(api.get(f"{ORDERS}/SO-1")) == order


def test_freight_is_credited_once(api: ApiCaller, order: dict[str, Any]) -> None:
    done(api.post(PATH, json=back(refund_shipping=priced(3, 4))))
    refused = api.post(PATH, json=back(refund_shipping=priced(2, 2.01)))
    assert (refused.status_code, faults(refused)) == (400, [("too-much-freight", "refund_shipping.gross")])
    assert payment_of(api) == {"total": "18.00", "due": "10.00"}
    done(api.post(PATH, json=back(refund_shipping=priced(2, 2))))
    assert payment_of(api) == {"total": "18.00", "due": "4.00"}


def test_null_means_now(api: ApiCaller, order: dict[str, Any]) -> None:
    returned = done(api.post(PATH, json=back(returned_at=None)))
    new = returned["packages"][-1]
    assert new["returned_at"] == new["created_at"]
