"""Orders of the Core API for tests: the reference's own samples with ids of things that exist."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from customers.models import Address, Customer
from purchasing.tests.bodies import sample
from tests.callers import ApiCaller

ORDERS = "/api/v1/orders"


def make_address(customer: Customer, **fields: Any) -> Address:
    given = {"first_name": "Bob", "address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}
    return Address.objects.create(site=customer.site, customer=customer, **{**given, **fields})


def request_sample(name: str, **members: Any) -> dict[str, Any]:
    """A sample of what is sent, such as `order-ship`, with these members instead of its own."""
    return deepcopy(sample(f"{name}.request")) | members


def order_body(customer: Customer, *packages: dict[str, Any], **members: Any) -> dict[str, Any]:
    """An order of one package with three of ROPE for 10.00 net and 12.00 gross."""
    body = {
        "created_at": "2026-01-30T08:30:00Z",
        "payment_method": "paymentOnAccount",
        "customer_id": customer.public_id,
        "currency_code": "gbp",
        "external_id": "SO-1",
        "packages": list(packages) or [parcel()],
    }
    return body | members


ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}


def parcel(*items: dict[str, Any], freight: tuple[float, float] | None = None, **members: Any) -> dict[str, Any]:
    """A package; `freight`: net and gross of its shipping."""
    sent: dict[str, Any] = {"items": list(items) or [item()], "shipping_address": ADDRESS, **members}
    if freight:
        sent |= {"shipping_name": "Courier", "total_shipping": priced(*freight)}
    return sent


def item(sku: str = "ROPE", quantity: int = 3, net: float = 10, gross: float = 12, **members: Any) -> dict[str, Any]:
    return {"sku": sku, "name": f"Item {sku}", "quantity": quantity, "line_total": priced(net, gross)} | members


def priced(net: float, gross: float) -> dict[str, float]:
    return {"net": net, "gross": gross}


def goods(**quantities: int) -> list[dict[str, Any]]:
    """Items of an action, by SKU."""
    return [{"sku": sku, "quantity": quantity} for sku, quantity in quantities.items()]


def done(answer: Any) -> Any:
    """The decoded answer of a call that succeeded."""
    assert answer.status_code == 200, answer.content
    return answer.json()


def created(api: ApiCaller, customer: Customer, *packages: dict[str, Any], **members: Any) -> dict[str, Any]:
    order: dict[str, Any] = done(api.post(ORDERS, json=order_body(customer, *packages, **members)))
    return order


def contents(order: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """Each package's status and what is in it."""
    return [
        (package["status"], {line["sku"]: line["quantity"] for line in package["items"]})
        for package in order["packages"]
    ]


def members_of(value: Any) -> Any:
    """The names of the members of an object, down to the innermost."""
    if isinstance(value, dict):
        return {name: members_of(member) for name, member in value.items()}
    return members_of(value[0]) if isinstance(value, list) and value else None
