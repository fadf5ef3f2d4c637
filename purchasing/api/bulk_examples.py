"""Examples of bulk writes that the schema shows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from purchasing.api.examples import FLAT_TRANSACTION_BODY, PURCHASE_BODY

_SPARK_ID = "63428136-658f-48a6-beb7-7f333dfd9686"

BULK_PURCHASES = OpenApiExample(
    "two orders",
    summary="A new order, and one whose customer is not known",
    value=[
        PURCHASE_BODY.value,
        PURCHASE_BODY.value
        | {"purchase_identifiers": {"internal": "SO-1002"}, "customer_identifiers": {"sparklayer": "cu_404"}},
    ],
    request_only=True,
)


def _item(index: int, identifiers: dict[str, str], outcome: str, **members: Any) -> dict[str, Any]:
    return {
        "index": index,
        "identifiers": identifiers,
        "outcome": outcome,
        "revision": None,
        "errors": [],
        **members,
    }


PURCHASE_ITEMS = OpenApiExample(
    "one rejected",
    value=[
        _item(
            0,
            {"sparklayer": _SPARK_ID, "platform": "", "internal": "SO-1001", "visible": "B2B1001"},
            "created",
            revision=1,
        ),
        _item(
            1,
            {"sparklayer": "", "platform": "", "internal": "SO-1002", "visible": ""},
            "rejected",
            errors=[
                {
                    "code": "resource-not-found",
                    "property": "customer_identifiers.sparklayer",
                    "message": "customer cu_404 not found",
                }
            ],
        ),
    ],
    response_only=True,
)

BULK_TRANSACTIONS = OpenApiExample(
    "two payments",
    summary="Ten pounds, and the same once more",
    value=[FLAT_TRANSACTION_BODY.value, FLAT_TRANSACTION_BODY.value],
    request_only=True,
)

TRANSACTION_ITEMS = OpenApiExample(
    "recorded once",
    value=[
        _item(index, {"purchase_spark_id": _SPARK_ID, "platform_id": "pay_1"}, outcome, revision=1)
        for index, outcome in enumerate(("created", "unchanged"))
    ],
    response_only=True,
)
