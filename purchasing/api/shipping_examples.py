"""What the API's description shows of shipping methods: one with two bands."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_BANDS: list[dict[str, Any]] = [
    {
        "name": "Band 1",
        "priority": 0,
        "sku": "ship_123",
        "requirement": {"type": "price", "min": 250, "max": None, "currency_code": "gbp"},
        "cost": {"type": "free"},
    },
    {
        "name": "Band 2",
        "priority": 1,
        "sku": "ship_124",
        "requirement": {"type": "weight", "min": 0, "max": 30000},
        "cost": {"type": "fixed", "amount": 9.9, "currency_code": "gbp"},
    },
]
_METHOD = {
    "sku": "SKU001",
    "title": "Standard Shipping",
    "prority": 0,
    "countries": ["GB"],
    "groups": ["default"],
    "bands": _BANDS,
}
_ANSWERED = {
    "id": "sm_123",
    "created_at": "2019-08-24T14:15:22Z",
    "updated_at": "2019-08-24T14:15:22Z",
    **_METHOD,
}

METHOD_CREATED = OpenApiExample("new shipping method", value=_METHOD, request_only=True)
METHOD_PATCHED = OpenApiExample("another title", value={"title": "Standard Shipping"}, request_only=True)
METHOD = OpenApiExample("shipping method", value=_ANSWERED, response_only=True)
METHODS = OpenApiExample("shipping methods", value=[_ANSWERED], response_only=True)
