"""POST /api/v1/purchase-transactions/bulk."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from purchasing.bulk import MAX_ITEMS
from purchasing.models import PurchaseHistory, PurchaseTransaction
from purchasing.tests.bodies import FLAT, PURCHASES, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

BULK = f"{FLAT}/bulk"
PATH = f"{PURCHASES}/internal/I-1"
UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


@pytest.fixture
def spark_id(api: ApiCaller, site: Site) -> str:
    """The SparkLayer id of an order of 100.00 GBP on account."""
    make_customer(site, external_id="HEAD")
    return make_purchase(api, "I-1")


def make_purchase(api: ApiCaller, name: str) -> str:
    body = order(
        payment_method="on_account",
        customer_identifiers={"sparklayer": "HEAD"},
        packages=[package(line(net="100"))],
    )
    answer = api.put(f"{PURCHASES}/internal/{name}", json=body)
    spark_id: str = answer.json()["purchase_identifiers"]["sparklayer"]
    return spark_id


def item(index: int, outcome: str, platform_id: str, spark_id: str, **members: Any) -> dict[str, Any]:
    return {
        "index": index,
        "identifiers": {"purchase_spark_id": spark_id, "platform_id": platform_id},
        "outcome": outcome,
        "revision": 1,
        "errors": [],
    } | members


def refused(code: str, property: str, message: str) -> dict[str, Any]:
    return {"revision": None, "errors": [{"code": code, "property": property, "message": message}]}


def test_each_item_has_its_outcome(api: ApiCaller, spark_id: str) -> None:
    for name in ("same", "other"):
        api.put(FLAT, json=payment("1", purchase_spark_id=spark_id, platform_id=name))

    call = [
        payment("10", purchase_spark_id=spark_id, platform_id="new"),
        payment("1.00", purchase_spark_id=spark_id, platform_id="same"),
        payment("5", purchase_spark_id=spark_id, platform_id="other"),
        payment("25", purchase_spark_id=spark_id, platform_id="new"),
        payment("1", purchase_spark_id=UNKNOWN, platform_id="lost"),
        payment("0", purchase_spark_id=spark_id, platform_id="bad"),
        payment("1", purchase_spark_id=spark_id, platform_id="eur", currency_code="EUR"),
    ]
    rehearsed = api.post(f"{BULK}?dry_run=true", json=call)
    assert PurchaseTransaction.objects.count() == 2
    answer = api.post(BULK, json=call)

    assert answer.status_code == 200
    assert answer.json() == rehearsed.json()
    assert answer.json() == [
        item(0, "created", "new", spark_id),
        item(1, "unchanged", "same", spark_id),
        item(2, "updated", "other", spark_id),
        item(3, "updated", "new", spark_id),
        item(4, "rejected", "lost", UNKNOWN)
        | refused("resource-not-found", "purchase_spark_id", "There is no such purchase."),
        item(5, "rejected", "bad", spark_id) | refused("invalid", "total", "must not be 0."),
        item(6, "rejected", "eur", spark_id)
        | refused("currency-mismatch", "currency_code", "an applied transaction has to be in the purchase's GBP"),
    ]
    assert [row["total"] for row in api.get(f"{PATH}/transactions").json()] == ["1.00", "5.00", "25.00"]
    assert sorted(row["total"] for row in api.get(f"{PATH}/history").json()) == ["1.00", "25.00", "5.00"]
    [balance] = api.get("/api/v1/customers/HEAD").json()["balances"]
    assert balance["amount"] == "69.00"
    assert api.get(PATH).json()["calculated_payment"]["paid"]["number"] == "31.00"


def test_a_transaction_of_another_site_s_purchase(api: ApiCaller, other_api: ApiCaller, spark_id: str) -> None:
    answers = [
        other_api.post(BULK, json=[payment(purchase_spark_id=named)]).json()[0]["errors"]
        for named in (spark_id, UNKNOWN)
    ]
    assert answers[0] == answers[1]
    assert PurchaseTransaction.objects.count() == 0


def test_full_transaction_is_kept_as_sent(api: ApiCaller, spark_id: str) -> None:
    sent = payment(purchase_spark_id=spark_id, full_transaction='{"a": 1.10}')
    api.post(BULK, json=[sent])
    assert [entry["outcome"] for entry in api.post(BULK, json=[payment(purchase_spark_id=spark_id)]).json()] == [
        "unchanged"
    ]
    assert PurchaseTransaction.objects.get().full_transaction == '{"a": 1.10}'


def test_un_applied_in_bulk(api: ApiCaller, spark_id: str) -> None:
    api.post(BULK, json=[payment(purchase_spark_id=spark_id)])
    api.post(BULK, json=[payment(purchase_spark_id=spark_id, apply_to_balance=False)])
    assert api.get(f"{PATH}/history").json() == []
    assert api.get(PATH).json()["calculated_payment_status"] == "unpaid"


def test_purchases_that_take_turns(api: ApiCaller, spark_id: str) -> None:
    other = make_purchase(api, "I-2")
    call = [
        payment(str(number), purchase_spark_id=(spark_id, other)[number % 2], platform_id=f"t{number}")
        for number in range(1, 7)
    ]
    assert {entry["outcome"] for entry in api.post(BULK, json=call).json()} == {"created"}
    paid = [
        api.get(f"{PURCHASES}/internal/{name}").json()["calculated_payment"]["paid"]["number"]
        for name in ("I-1", "I-2")
    ]
    assert paid == ["12.00", "9.00"]


def test_what_cannot_be_read_at_all(api: ApiCaller) -> None:
    assert api.post(BULK, json=[]).json() == []
    assert api.post(BULK, json={}).status_code == 400
    assert faults(api.post(BULK, json=[0] * (MAX_ITEMS + 1))) == [("too-many", None)]
    assert faults(api.post(f"{BULK}?dry_run=2", json=[])) == [("invalid", "dry_run")]


def test_a_repeat_under_a_key_is_answered_as_the_first(api: ApiCaller, spark_id: str) -> None:
    other = make_purchase(api, "I-2")
    call = [payment(purchase_spark_id=spark_id), payment(purchase_spark_id=other), None]
    first, again = (api.post(BULK, json=call, headers={"Idempotency-Key": "t-1"}) for _ in range(2))
    assert [entry["outcome"] for entry in first.json()] == ["created", "created", "rejected"]
    assert again.content == first.content


def test_one_purchase_s_transactions_cost_the_same_statements(api: ApiCaller, spark_id: str) -> None:
    counts = []
    for number in (1, 50):
        call = [payment("1", purchase_spark_id=spark_id, platform_id=f"{number}-{place}") for place in range(number)]
        with CaptureQueriesContext(connection) as queries:
            api.post(BULK, json=call)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert PurchaseHistory.objects.count() == 51
