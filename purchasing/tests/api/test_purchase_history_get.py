"""GET /api/v1/purchases/{lookupBy}/{identifier}/history."""

from __future__ import annotations

import pytest

from purchasing.tests.bodies import PURCHASES, faults, order, payment
from tests.callers import ApiCaller

PATH = f"{PURCHASES}/internal/I-1"
HISTORY = f"{PATH}/history"


def test_one_item_for_each_applied_transaction_newest_first(api: ApiCaller) -> None:
    spark_id = api.put(PATH, json=order()).json()["purchase_identifiers"]["sparklayer"]
    api.put(f"{PATH}/transactions", json=payment("10", platform_id="a"))
    api.put(f"{PATH}/transactions", json=payment("3", platform_id="b", apply_to_balance=False))
    api.put(f"{PATH}/transactions", json=payment("-2.5", platform_id="c"))
    api.put(PATH, json=order(customer_reference="PO"))

    items = api.get(HISTORY).json()

    assert [(item["type"], item["total"], item["currency_code"], item["purchase_spark_id"]) for item in items] == [
        ("refund", "-2.50", "GBP", spark_id),
        ("payment", "10.00", "GBP", spark_id),
    ]
    assert [item["message"] for item in items] == ["Refund of 2.50 GBP paid out", "Payment of 10.00 GBP received"]


def test_it_follows_what_becomes_of_the_transaction(api: ApiCaller) -> None:
    api.put(PATH, json=order())

    def totals() -> list[str]:
        return [item["total"] for item in api.get(HISTORY).json()]

    for body, expected in [
        (payment("10"), ["10.00"]),
        (payment("12"), ["12.00"]),
        (payment("12", apply_to_balance=False), []),
        (payment("12"), ["12.00"]),
    ]:
        api.put(f"{PATH}/transactions", json=body)
        assert totals() == expected


def test_it_is_unpaged(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    for number in range(101):
        api.put(f"{PATH}/transactions", json=payment(number + 1, platform_id=str(number)))
    answer = api.get(HISTORY)
    assert (len(answer.json()), "Link" in answer, "ETag" in answer) == (101, False, False)


@pytest.mark.parametrize(
    ("path", "status"),
    [("internal/unknown", 404), ("sparklayer/I-1", 404), ("number/I-1", 400)],
)
def test_what_names_none(api: ApiCaller, path: str, status: int) -> None:
    assert api.get(f"{PURCHASES}/{path}/history").status_code == status


@pytest.mark.parametrize("tail", ["history", "revisions"])
@pytest.mark.parametrize("parameter", ["limit", "offset", "x"])
def test_it_takes_no_parameters(api: ApiCaller, tail: str, parameter: str) -> None:
    api.put(PATH, json=order())
    answer = api.get(f"{PATH}/{tail}?{parameter}=1")
    assert (answer.status_code, faults(answer)) == (400, [("unknown-parameter", parameter)])


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("tail", ["history", "revisions"])
def test_it_is_not_written(api: ApiCaller, method: str, tail: str) -> None:
    api.put(PATH, json=order())
    assert api.request(method, f"{PATH}/{tail}", json=[]).status_code == 405
