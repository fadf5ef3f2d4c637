"""What the API's description shows: one customer, his address, a posting."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_ADDRESS = {
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
_CUSTOMER: dict[str, Any] = {
    "title": "Mr",
    "first_name": "Tom",
    "last_name": "Jones",
    "email": "Tom.jones@climbing.com",
    "company_name": "Tom Jones Climbing Ltd",
    "external_id": "XXXX00123",
    "accounting_id": "XXXX00123",
    "status": "active",
    "role": "main",
    "group": "default",
    "default_billing_address_id": "ca_123",
    "default_shipping_address_id": "ca_123",
    "currency_code": "gbp",
    "sales_agent_groups": ["south-west-uk"],
    "price_lists": ["b2b_gb_gbp_123"],
    "vatin_numbers": ["GB999999973"],
    "available_shipping_addresses": [],
    "discount_percentage": 10,
    "tax_exempt": False,
    "payment_by_invoice": None,
    "payment_on_account": {"credit_limit": 5000, "currency_code": "gbp", "net_terms": 30},
    "metadata": None,
}

_ANSWERED = {
    "id": "cu_123",
    "created_at": "2019-08-24T14:15:22Z",
    "updated_at": "2019-08-24T14:15:22Z",
    "addresses": [{"id": "ca_123", **_ADDRESS}],
    **_CUSTOMER,
    "payment_on_account": {"credit_limit": 5000, "balance": 31.98, "currency_code": "gbp", "net_terms": 30},
    "parent_customer": {"id": "cu_12", "external_id": "XXXX00012"},
    "balances": [{"account_id": "cu_12", "currency_code": "GBP", "amount": "31.98"}],
}

ADDRESS_ADDED = OpenApiExample("new address", value=_ADDRESS, request_only=True)
ADDRESS_PATCHED = OpenApiExample("new phone", value={"phone": "+44 117 496 0000"}, request_only=True)
ADDRESS = OpenApiExample("address", value={"id": "ca_123", **_ADDRESS}, response_only=True)
ADDRESSES = OpenApiExample("addresses", value=[{"id": "ca_123", **_ADDRESS}], response_only=True)
CREATED = OpenApiExample("new customer", value={**_CUSTOMER, "parent_customer_id": "cu_12"}, request_only=True)
PATCHED = OpenApiExample("raise the limit", value={"payment_on_account": {"credit_limit": 9000}}, request_only=True)
REPLACED = OpenApiExample(
    "whole customer",
    value={**_CUSTOMER, "parent_customer_id": "cu_12", "addresses": [{"id": "ca_123", **_ADDRESS}]},
    request_only=True,
)
CUSTOMER = OpenApiExample("customer", value=_ANSWERED, response_only=True)
WRITTEN = OpenApiExample("written customer", value=_ANSWERED | {"warnings": []}, response_only=True)
CUSTOMERS = OpenApiExample("customers", value=[_ANSWERED], response_only=True)
_PAYMENT: dict[str, Any] = {
    "id": 7,
    "kind": "transaction",
    "amount": "-10.00",
    "currency_code": "GBP",
    "balance_after": "31.98",
    "value_date": "2026-03-01",
    "due_date": None,
    "posted_at": "2026-03-01T09:30:00+00:00",
    "reference": "",
    "purchase_spark_id": "0190a3a0-64a5-7cc4-8d9f-6a1d1f9d4c11",
    "transaction_id": "0190a3a0-64a5-7cc4-8d9f-6a1d1f9d4c12",
    "reason": "",
    "author": "client:erp",
}
_OPENING: dict[str, Any] = {
    "kind": "opening",
    "amount": "41.98",
    "currency_code": "GBP",
    "reference": "2026/opening",
    "reason": "",
    "value_date": "2026-02-01",
}
LEDGER = OpenApiExample("payment", value=[_PAYMENT], response_only=True)
POSTED = OpenApiExample("what was owed before", value=_OPENING, request_only=True)
ENTRY = OpenApiExample(
    "opening entry",
    value=_PAYMENT
    | _OPENING
    | {"id": 6, "balance_after": "41.98", "due_date": "2026-03-03", "purchase_spark_id": None, "transaction_id": None},
    response_only=True,
)
STATEMENT = OpenApiExample(
    "March",
    value={
        "from": "2026-03-01",
        "to": "2026-03-31",
        "currency_code": "GBP",
        "posting_mode": "on_account",
        "opening": "41.98",
        "lines": [_PAYMENT],
        "closing": "31.98",
        "ageing": {
            "not_due": "20.00",
            "d1_30": "11.98",
            "d31_60": "0.00",
            "d61_90": "0.00",
            "over_90": "0.00",
            "credit": "0.00",
        },
        "overdue": "11.98",
    },
    response_only=True,
)
_GROUP = {"slug": "eu_gbp", "name": "Europe (GBP) Customers"}
_GROUP_SETTINGS = [
    {
        "key": "orderTotalsValidation",
        "value": [{"currency_code": "gbp", "minimum_value": 150, "compare_type": "gross"}],
    }
]
GROUP_CREATED = OpenApiExample(
    "new group", value=_GROUP | {"parent_slug": "base", "price_lists": ["trade"]}, request_only=True
)
GROUP_PATCHED = OpenApiExample("new name", value={"name": "Europe (GBP) Customers"}, request_only=True)
GROUPS = OpenApiExample(
    "groups",
    value=[
        {"slug": "default", "name": "Default", "parent_slug": None},
        _GROUP | {"parent_slug": "default", "price_lists": ["trade"]},
    ],
    response_only=True,
)
GROUP_SETTINGS_PATCHED = OpenApiExample("an order minimum", value=_GROUP_SETTINGS, request_only=True)
GROUP_SETTINGS = OpenApiExample("order minimums", value=_GROUP_SETTINGS, response_only=True)
