"""Examples that the schema shows."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_POUNDS = {"number": "15.99", "currency": "GBP"}

PURCHASE_BODY = OpenApiExample(
    "order",
    summary="An order of four T-shirts, to be shipped",
    value={
        "type": "order",
        "purchase_identifiers": {"internal": "SO-1001", "visible": "B2B1001"},
        "customer_identifiers": {"sparklayer": "cu_1"},
        "payment_method": "on_account",
        "dates": {"placed_at": "2026-01-31T09:30:00+00:00"},
        "customer_reference": "PO 4711",
        "packages": [
            {
                "type": "processing",
                "line_items": [
                    {
                        "identifiers": {"sku": "TS-BLUE-M"},
                        "name_parent": "T-shirt",
                        "name_child": "blue, M",
                        "quantity": 4,
                        "line_total": {"total_net": _POUNDS, "tax_rate": 20},
                    }
                ],
                "shipping_address": {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"},
            }
        ],
    },
    request_only=True,
)

TRANSACTION_BODY = OpenApiExample(
    "payment",
    summary="A payment of ten pounds that lowers what the customer owes",
    value={"platform_id": "pay_1", "total": "10.00", "currency_code": "GBP", "apply_to_balance": True},
    request_only=True,
)

TRANSACTION_ANSWER = OpenApiExample(
    "recorded",
    value={
        "id": "019a1b2c-0000-7000-8000-000000000001",
        "purchase_spark_id": "63428136-658f-48a6-beb7-7f333dfd9686",
        "platform_id": "pay_1",
        "total": "10.00",
        "currency_code": "GBP",
        "apply_to_balance": True,
        "full_transaction": "",
        "created_at": "2026-01-31T09:31:00+00:00",
        "updated_at": "2026-01-31T09:31:00+00:00",
        "warnings": [],
    },
    response_only=True,
)
