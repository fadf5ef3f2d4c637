"""Examples that the schema shows."""

from __future__ import annotations

from typing import Any

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

FLAT_TRANSACTION_BODY = OpenApiExample(
    "payment",
    summary="A payment of ten pounds, by the SparkLayer id of its purchase",
    value={
        "purchase_spark_id": "63428136-658f-48a6-beb7-7f333dfd9686",
        "platform_id": "pay_1",
        "total": "10.00",
        "currency_code": "GBP",
        "apply_to_balance": True,
    },
    request_only=True,
)

TRANSACTION_BODY = OpenApiExample(
    "payment",
    summary="A payment of ten pounds that lowers what the customer owes",
    value={"platform_id": "pay_1", "total": "10.00", "currency_code": "GBP", "apply_to_balance": True},
    request_only=True,
)

_RECORDED = {
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
}

TRANSACTION_ANSWER = OpenApiExample(
    "recorded",
    value=_RECORDED,
    response_only=True,
)

_ROW: dict[str, Any] = {
    "id": "o_7",
    "type": "order",
    "purchase_identifiers": {
        "sparklayer": "63428136-658f-48a6-beb7-7f333dfd9686",
        "platform": "",
        "internal": "SO-1001",
        "visible": "B2B1001",
    },
    "customer_identifiers": {"sparklayer": "cu_1", "sparklayer_impersonator": None, "sparklayer_child": None},
    "payment_method": "on_account",
    "dates": {
        "created_at": None,
        "updated_at": None,
        "placed_at": "2026-01-31T09:30:00+00:00",
        "calculated_submitted_at": "2026-01-31T09:30:05+00:00",
    },
    "customer_reference": "PO 4711",
    "currency_code": "GBP",
    "quote_status": None,
    "quote_expires_at": None,
    "billing_address": None,
    "custom_fields": [],
    "metadata": [],
    "total_paid": None,
    "tax_lines": [],
    "calculated_shipping_address": "7 Philosophy Way, Willerby",
    "calculated_total": {"number": "19.19", "currency": "GBP"},
    "calculated_total_usd": {"number": "26.23", "currency": "USD"},
    "calculated_fulfilment_status": "processing",
    "calculated_quantities": {"open": 4, "shipped": 0, "returned": 0, "cancelled": 0},
    "calculated_payment_status": "unpaid",
    "calculated_payment": {
        "amount_due": {"number": "19.19", "currency": "GBP"},
        "paid": {"number": "0.00", "currency": "GBP"},
        "refunded": {"number": "0.00", "currency": "GBP"},
        "net_paid": {"number": "0.00", "currency": "GBP"},
        "outstanding": {"number": "19.19", "currency": "GBP"},
        "credit": {"number": "0.00", "currency": "GBP"},
    },
    "approval": None,
    "warnings": [],
    "revision": 1,
    "revision_date": "2026-01-31T09:30:05+00:00",
}

PURCHASE_ANSWER = OpenApiExample(
    "stored",
    summary="The order as it is stored",
    value=_ROW
    | {
        "packages": [
            {
                "id": "orp_11",
                "type": "processing",
                "identifiers": {
                    "sparklayer_package_id": "019a1b2c-0000-7000-8000-000000000002",
                    "platform": "",
                    "internal": "",
                    "visible": "",
                },
                "line_items": [
                    {
                        "id": "orp_12",
                        "identifiers": {"sku": "TS-BLUE-M"},
                        "name_parent": "T-shirt",
                        "name_child": "blue, M",
                        "quantity": 4,
                        "custom_attributes": [],
                        "unit_total": {"number": "3.9975", "currency": "GBP"},
                        "line_total": {
                            "total_net": {"number": "15.99", "currency": "GBP"},
                            "discount_net": {"number": "0.00", "currency": "GBP"},
                            "tax_rate": 20,
                            "calculated_gross": {"number": "19.19", "currency": "GBP"},
                        },
                        "tax_lines": [],
                        "refund_total": None,
                        "image_url": "",
                        "product_slug": "",
                        "rrp": None,
                        "barcode": "",
                    }
                ],
                "shipping_method": None,
                "shipping_address": {
                    "name": "",
                    "company": "",
                    "address_line1": "7 Philosophy Way",
                    "address_line2": "",
                    "city": "Willerby",
                    "region_code": "",
                    "postal_code": "",
                    "country_code": "GB",
                    "phone": "",
                    "sparklayer_id": "",
                    "title": "",
                    "first_name": "",
                    "last_name": "",
                    "mobile": "",
                    "nickname": "",
                    "external_id": "",
                },
                "shipments": [],
                "accounting_files": [],
                "dates": {"created_at": None, "shipped_at": None, "cancelled_at": None, "returned_at": None},
                "refund_shipping": None,
            }
        ],
        "accounting_files": [],
    },
    response_only=True,
)

ACCEPT_BODY = OpenApiExample("accept", summary="The quote as it was seen", value={"revision": 1}, request_only=True)

APPROVE_BODY = OpenApiExample(
    "approve", summary="What was seen, and no other", value={"revision": 1, "total": "19.19"}, request_only=True
)

REJECT_BODY = OpenApiExample("reject", value={"reason": "Not in this year's budget"}, request_only=True)

_CREDIT_ROW = {
    "id": "o_7",
    "kind": "order",
    "reference": "B2B1001",
    "figure": "19.19",
    "net_paid": "0.00",
    "amount": "19.19",
}

CREDIT = OpenApiExample(
    "credit",
    value={
        "account_id": "cu_1",
        "currency_code": "GBP",
        "may_buy_on_account": True,
        "limit": "100.00",
        "used": "19.19",
        "committed": "0.00",
        "available": "80.81",
        "parts": {"entries": [], "charges": [_CREDIT_ROW], "balance": [], "committed": []},
    },
    response_only=True,
)

PURCHASE_ROWS = OpenApiExample("page", summary="A page of one purchase", value=[_ROW], response_only=True)

DELETED_ROWS = OpenApiExample(
    "deleted",
    summary="With deleted=true",
    value=[{"purchase_identifiers": _ROW["purchase_identifiers"], "deleted_at": "2026-02-03T14:05:09+00:00"}],
    response_only=True,
)

TRANSACTION_ROW = OpenApiExample(
    "transaction",
    value={name: value for name, value in _RECORDED.items() if name != "warnings"},
    response_only=True,
)

TRANSACTION_ROWS = OpenApiExample("page", value=[TRANSACTION_ROW.value], response_only=True)

HISTORY = OpenApiExample(
    "paid",
    value=[
        {
            "id": "019a1b2c-0000-7000-8000-000000000003",
            "purchase_spark_id": "63428136-658f-48a6-beb7-7f333dfd9686",
            "type": "payment",
            "message": "Payment of 10.00 GBP received",
            "total": "10.00",
            "currency_code": "GBP",
            "created_at": "2026-01-31T09:31:00+00:00",
        }
    ],
    response_only=True,
)

REVISIONS = OpenApiExample(
    "changed",
    value=[
        {"revision": 1, "at": "2026-01-31T09:30:05+00:00", "by": "client:ERP", "summary": "created"},
        {
            "revision": 2,
            "at": "2026-02-01T08:00:00+00:00",
            "by": "staff:ann@jones-climbing.example",
            "summary": "changed packages",
        },
    ],
    response_only=True,
)

REVISION = OpenApiExample(
    "revision",
    summary="The order as it was first stored",
    value={
        name: value
        for name, value in PURCHASE_ANSWER.value.items()
        if name == "calculated_shipping_address" or not name.startswith(("calculated_", "warnings", "approval"))
    }
    | {"by": "client:ERP"},
    response_only=True,
)

CHANGES = OpenApiExample(
    "changes",
    summary="A PO number, and one T-shirt less",
    value=[
        {"path": "customer_reference", "old": "", "new": "PO 4711"},
        {"path": "packages[0].line_items[0].quantity", "old": 5, "new": 4},
    ],
    response_only=True,
)

OPEN_LINES = OpenApiExample(
    "waiting",
    summary="Four T-shirts of ten",
    value=[
        {
            "sku": "TS-BLUE-M",
            "name": "T-shirt blue, M",
            "ship_to": "7 Philosophy Way, Willerby",
            "open": 4,
            "ordered": 10,
            "shipped": 6,
            "expected_at": "2026-02-14",
            "purchases": [
                {
                    "id": "o_7",
                    "purchase_identifiers": _ROW["purchase_identifiers"],
                    "customer_reference": "PO 4711",
                    "open": 4,
                }
            ],
        }
    ],
    response_only=True,
)
