"""PUT /api/v1/purchase-transactions: the purchase it names. All else: `test_transactions_put.py`, asked of it too."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.models import PurchaseTransaction
from purchasing.tests.bodies import FLAT, PURCHASES, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

PATH = f"{PURCHASES}/internal/I-1"


NESTED = f"{PATH}/transactions"


UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


@pytest.fixture
def spark_id(api: ApiCaller, site: Site) -> str:
    """The SparkLayer id of an order of 100.00 GBP on account."""
    customer = make_customer(site, external_id="HEAD")
    body = order(
        payment_method="on_account",
        customer_identifiers={"sparklayer": customer.public_id},
        packages=[package(line(net="100"))],
    )
    spark_id: str = api.put(PATH, json=body).json()["purchase_identifiers"]["sparklayer"]
    return spark_id


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"purchase_spark_id": UNKNOWN}, [("resource-not-found", "purchase_spark_id")]),
        ({}, [("required", "purchase_spark_id")]),
        ({"purchase_spark_id": None}, [("required", "purchase_spark_id")]),
        ({"purchase_spark_id": ""}, [("required", "purchase_spark_id")]),
        ({"purchase_spark_id": "I-1"}, [("invalid", "purchase_spark_id")]),
        ({"total": 0}, [("required", "purchase_spark_id"), ("invalid", "total")]),
    ],
)
def test_an_unknown_purchase(api: ApiCaller, spark_id: str, members: Any, expected: Any) -> None:
    answer = api.put(FLAT, json=payment() | members)
    assert (answer.status_code, sorted(faults(answer))) == (400, sorted(expected))


def test_a_reader_does_not_pay(read_only_api: ApiCaller, spark_id: str) -> None:
    assert read_only_api.put(FLAT, json=payment(purchase_spark_id=spark_id)).status_code == 403
    assert not PurchaseTransaction.objects.exists()


def test_a_post_to_the_flat_address_is_405(api: ApiCaller, spark_id: str) -> None:
    assert api.post(FLAT, json=payment(purchase_spark_id=spark_id)).status_code == 405
