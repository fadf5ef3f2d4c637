"""Shipping methods and orders of the Core API, many at once."""

from __future__ import annotations

from typing import Any

from purchasing.models import ShippingBand, ShippingMethod
from tests.cast import make_customer
from tests.many.stage import ADDRESS, NOW, V1, Call, Calls, Prepare, Stage

ORDER = f"{V1}/orders"


def _bands(stage: Stage, size: int) -> list[dict[str, Any]]:
    return [{"name": name, "cost": {"type": "free"}} for name in stage.names(size)]


def _method(stage: Stage, bands: int) -> ShippingMethod:
    name = stage.name()
    times = {"created_at": NOW, "updated_at": NOW}
    method = ShippingMethod.objects.create(site=stage.site, sku=name, title=name, countries=["GB"], **times)
    ShippingBand.objects.bulk_create(
        ShippingBand(site=stage.site, method=method, position=place, name=name)
        for place, name in enumerate(stage.names(bands))
    )
    return method


def list_methods(stage: Stage, size: int) -> Call:
    for _ in range(size):
        _method(stage, 1)
    return Call("GET", f"{V1}/shipping-methods")


def create_method(stage: Stage, size: int) -> Call:
    body = {"sku": stage.name(), "title": "Van", "countries": ["GB"], "bands": _bands(stage, size)}
    return Call("POST", f"{V1}/shipping-methods", body)


def read_method(stage: Stage, size: int) -> Call:
    return Call("GET", f"{V1}/shipping-methods/{_method(stage, size).public_id}")


def change_method(stage: Stage, size: int) -> Call:
    return Call("PATCH", read_method(stage, size).path, {"bands": _bands(stage, size)})


def _items(skus: list[str]) -> list[dict[str, Any]]:
    total = {"net": 10, "gross": 12}
    return [{"sku": sku, "name": sku, "quantity": 2, "line_total": total} for sku in skus]


def create_order(stage: Stage, size: int) -> Call:
    body = {
        "created_at": "2026-01-30T08:30:00Z",
        "payment_method": "paymentOnAccount",
        "customer_id": make_customer(stage.site).public_id,
        "currency_code": "gbp",
        "external_id": stage.name(),
        "packages": [{"items": _items(stage.names(size)), "shipping_address": ADDRESS}],
    }
    return Call("POST", ORDER, body)


def _order(stage: Stage, size: int) -> tuple[str, list[str], dict[str, Any]]:
    """The path of an order of so many lines, their SKUs, and itself as it is answered."""
    call = create_order(stage, size)
    answer = stage.api.post(call.path, json=call.json)
    assert answer.status_code == 200, answer.content
    order: dict[str, Any] = answer.json()
    return f"{ORDER}/{order['id']}", [item["sku"] for item in order["packages"][0]["items"]], order


def list_orders(stage: Stage, size: int) -> Call:
    line = {"name_parent": "Rope", "quantity": 1, "line_total": {"total_net": {"number": "10", "currency": "GBP"}}}
    order = {
        "type": "order",
        "customer_identifiers": {"sparklayer": make_customer(stage.site).public_id},
        "dates": {},
        "packages": [{"line_items": [line]}],
    }
    rows = [order | {"purchase_identifiers": {"internal": name}} for name in stage.names(size)]
    made = stage.api.post(f"{V1}/purchases/bulk", json=rows).json()
    assert {row["outcome"] for row in made} == {"created"}
    return Call("GET", f"{ORDER}?limit=500")


def read_order(stage: Stage, size: int) -> Call:
    return Call("GET", _order(stage, size)[0])


def _one_of_each(skus: list[str]) -> list[dict[str, Any]]:
    return [{"sku": sku, "quantity": 1} for sku in skus]


def acting(action: str, moment: str) -> Prepare:
    """One piece of each line of an order is shipped, cancelled or returned."""

    def prepare(stage: Stage, size: int) -> Call:
        path, skus, _ = _order(stage, size)
        if moment == "returned_at":
            shipped = {"shipped_at": "2026-02-01T09:00:00Z", "items": _one_of_each(skus)}
            assert stage.api.post(f"{path}/ship", json=shipped).status_code == 200
        return Call("POST", f"{path}/{action}", {moment: "2026-02-02T09:00:00Z", "items": _one_of_each(skus)})

    return prepare


def changing_package(method: str) -> Prepare:
    def prepare(stage: Stage, size: int) -> Call:
        path, skus, order = _order(stage, size)
        body = {"items": _items([*skus, *stage.names(size)])}
        return Call(method, f"{path}/packages/{order['packages'][0]['id']}", body)

    return prepare


def open_lines(stage: Stage, size: int) -> Call:
    _, _, order = _order(stage, size)
    return Call("GET", f"{V1}/customers/{order['customer_id']}/open-lines")


CALLS: Calls = {
    ("GET", "/api/v1/shipping-methods"): list_methods,
    ("POST", "/api/v1/shipping-methods"): create_method,
    ("GET", "/api/v1/shipping-methods/{id}"): read_method,
    ("PATCH", "/api/v1/shipping-methods/{id}"): change_method,
    ("GET", "/api/v1/orders"): list_orders,
    ("POST", "/api/v1/orders"): create_order,
    ("GET", "/api/v1/orders/{order_id}"): read_order,
    ("GET", "/api/v1/customers/{id}/open-lines"): open_lines,
    **{
        ("POST", f"/api/v1/orders/{{order_id}}/{action}"): acting(action, moment)
        for action, moment in {
            "ship": "shipped_at",
            "ship-items": "shipped_at",
            "cancel": "cancelled_at",
            "cancel-items": "cancelled_at",
            "return": "returned_at",
            "return-items": "returned_at",
        }.items()
    },
    ("PATCH", "/api/v1/orders/{order_id}/packages/{package_id}"): changing_package("PATCH"),
    ("PUT", "/api/v1/orders/{order_id}/packages/{package_id}"): changing_package("PUT"),
}
