"""POST /api/v1/purchases/{lookupBy}/{identifier}/transactions: the same as PUT, once for each key."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.models import Site
from customers.models import AccountEntry
from purchasing.models import PurchaseTransaction
from purchasing.tests.bodies import PURCHASES, faults, order, payment
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


def entries() -> list[Decimal]:
    """What was posted for transactions, oldest first."""
    rows = AccountEntry.objects.exclude(transaction_id=None).order_by("id")
    return [row.amount for row in rows]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("internal/unknown", 404),
        (f"sparklayer/{UNKNOWN}", 404),
        ("sparklayer/I-1", 404),
        ("number/I-1", 400),
    ],
)
def test_an_unknown_purchase(api: ApiCaller, spark_id: str, path: str, status: int) -> None:
    assert api.post(f"{PURCHASES}/{path}/transactions", json=payment()).status_code == status


def test_path_and_body_agree(api: ApiCaller, spark_id: str) -> None:
    agreeing = api.post(NESTED, json=payment(purchase_spark_id=spark_id.upper()))
    assert agreeing.status_code == 200
    other = api.put(f"{PURCHASES}/internal/I-2", json=order()).json()["purchase_identifiers"]["sparklayer"]
    for named in (other, UNKNOWN):
        answer = api.post(NESTED, json=payment("20", purchase_spark_id=named))
        assert (answer.status_code, faults(answer)) == (400, [("idMismatch", "purchase_spark_id")])
    assert entries() == [Decimal(-10)]


def test_a_repeated_post_with_its_key_is_answered_as_before(api: ApiCaller, spark_id: str) -> None:
    headers = {"Idempotency-Key": "k"}
    first = api.post(NESTED, json=payment(), headers=headers)
    api.put(NESTED, json=payment("30"))
    again = api.post(NESTED, json=payment(), headers=headers)
    assert (again.status_code, again.content) == (200, first.content)
    assert api.get(NESTED).json()[0]["total"] == "30.00"
    reused = api.post(NESTED, json=payment("11"), headers=headers)
    assert (reused.status_code, reused.json()["title"]) == (409, "idempotency-key-reused")


def test_a_reader_does_not_pay(read_only_api: ApiCaller, spark_id: str) -> None:
    assert read_only_api.post(NESTED, json=payment(purchase_spark_id=spark_id)).status_code == 403
    assert not PurchaseTransaction.objects.exists()


def test_it_records_as_a_put_does(api: ApiCaller, spark_id: str) -> None:
    posted = api.post(NESTED, json=payment())
    assert (posted.status_code, posted.json()["purchase_spark_id"]) == (200, spark_id)
    assert api.put(NESTED, json=payment()).json() == posted.json()
    assert api.delete(NESTED).status_code == 405
