"""Examples of orders that the schema shows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ADDRESS = {
    "first_name": "Bob",
    "last_name": "Jones",
    "company": "Tom Jones Climbing Ltd",
    "address_line1": "7 Philosophy Way",
    "city": "Willerby",
    "postal_code": "BJ6 9MK",
    "country_code": "GB",
}
_ADDRESS_ANSWER = {
    "id": "ca_123",
    "title": "",
    **_ADDRESS,
    "address_line2": "",
    "region_code": "",
    "phone": "",
    "mobile": "",
    "external_id": "",
    "nickname": "",
}


def _price(net: float, gross: float, rate: float = 20) -> dict[str, Any]:
    return {"tax_rate": rate, "net": net, "gross": gross, "currency_code": "gbp"}


_GOODS = {"variant_id": "pv_123", "sku": "TS-BLUE-M", "quantity": 3}
_LINE = {**_GOODS, "name": "T-shirt", "line_total": {"net": 12, "gross": 14.4}}

ORDER_BODY = OpenApiExample(
    "order",
    summary="Three T-shirts, delivered to an address of the customer",
    value={
        "created_at": "2026-01-31T09:30:00Z",
        "external_id": "SO-1001",
        "visible_id": "B2B1001",
        "payment_method": "paymentOnAccount",
        "customer_id": "cu_123",
        "customer_reference": "PO 4711",
        "currency_code": "gbp",
        "packages": [
            {
                "items": [_LINE],
                "shipping_address_id": "ca_123",
                "shipping_name": "Standard",
                "total_shipping": {"net": 5, "gross": 6},
            }
        ],
    },
    request_only=True,
)

ORDER_ANSWER = OpenApiExample(
    "order",
    summary="The order as it is stored",
    value={
        "id": "o_123",
        "customer_id": "cu_123",
        "spark_billing_chargeable": True,
        "payment_method": "paymentOnAccount",
        "status": "processing",
        "currency_code": "gbp",
        "external_id": "SO-1001",
        "visible_id": "B2B1001",
        "customer_reference": "PO 4711",
        "created_at": "2026-01-31T09:30:00Z",
        "billing_address": None,
        "packages": [
            {
                "id": "orp_11",
                "created_at": "2026-01-31T09:30:00Z",
                "external_id": None,
                "visible_id": None,
                "status": "processing",
                "shipped_at": None,
                "shipment_tracking": [],
                "cancelled_at": None,
                "returned_at": None,
                "items": [
                    {
                        "id": "orp_12",
                        "external_id": None,
                        **_GOODS,
                        "name": "T-shirt",
                        "child_name": "",
                        "image_url": "",
                        "slug": "",
                        "unit_total": _price(4, 4.8),
                        "line_total": _price(12, 14.4),
                    }
                ],
                "shipping_address": _ADDRESS_ANSWER,
                "shipping_address_id": "ca_123",
                "shipping_name": "Standard",
                "shipping_sku": "",
                "total_sub": _price(12, 14.4),
                "total_shipping": _price(5, 6),
                "total": _price(17, 20.4),
            }
        ],
        "total_sub": _price(12, 14.4),
        "total_shipping": _price(5, 6),
        "total": _price(17, 20.4),
        "invoice_url": None,
        "metadata": None,
        "custom_fields": [],
    },
    response_only=True,
)

ORDER_ROWS = OpenApiExample("page", value=[ORDER_ANSWER.value], response_only=True)

CHANGE_BODY = OpenApiExample("invoice", value={"invoice_url": "https://files.example/INV-1001.pdf"}, request_only=True)

SHIP_BODY = OpenApiExample(
    "two",
    summary="Two of them left",
    value={
        "visible_id": "Ship01",
        "shipped_at": "2026-02-01T15:00:00Z",
        "shipment_tracking": [{"company": "DPD", "url": "https://dpd.example/1550", "reference": "1550"}],
        "items": [{"sku": "TS-BLUE-M", "quantity": 2}],
    },
    request_only=True,
)

CANCEL_BODY = OpenApiExample(
    "one",
    summary="One will not be shipped",
    value={"cancelled_at": None, "items": [{"sku": "TS-BLUE-M", "quantity": 1}]},
    request_only=True,
)

RETURN_BODY = OpenApiExample(
    "one",
    summary="One came back, with half of the freight",
    value={
        "returned_at": "2026-02-07T11:00:00Z",
        "items": [{"sku": "TS-BLUE-M", "quantity": 1, "refund_total": {"net": 4, "gross": 4.8}}],
        "refund_shipping": {"net": 2.5, "gross": 3},
    },
    request_only=True,
)

PACKAGE_BODY = OpenApiExample(
    "package",
    summary="Four instead of three",
    value={"items": [{**_LINE, "quantity": 4, "line_total": {"net": 16, "gross": 19.2}}]},
    request_only=True,
)
