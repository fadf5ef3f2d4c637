"""PUT /api/v1/purchases/{lookupBy}/{identifier}/transactions, and what all addresses that record share."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.api.renderer import dump_json
from core.models import Site
from customers.models import AccountEntry
from purchasing.models import PurchaseHistory, PurchaseTransaction
from purchasing.tests.bodies import ABSENT, FLAT, PURCHASES, changed, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

PATH = f"{PURCHASES}/internal/I-1"


NESTED = f"{PATH}/transactions"


UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


Send = Callable[[dict[str, Any]], Any]


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


@pytest.fixture(params=["nested PUT", "nested POST", "flat PUT"])
def send(request: pytest.FixtureRequest, api: ApiCaller, spark_id: str) -> Send:
    """Records a transaction of that order by one of the addresses."""
    match request.param:
        case "nested PUT":
            return lambda body: api.put(NESTED, json=body)
        case "nested POST":
            return lambda body: api.post(NESTED, json=body)
        case _:
            return lambda body: api.put(FLAT, json={"purchase_spark_id": spark_id, **body})


def entries() -> list[Decimal]:
    """What was posted for transactions, oldest first."""
    rows = AccountEntry.objects.exclude(transaction_id=None).order_by("id")
    return [row.amount for row in rows]


def balance(api: ApiCaller) -> str:
    [balance] = api.get("/api/v1/customers/HEAD").json()["balances"]
    return str(balance["amount"])


def test_an_applied_payment_counts_everywhere(api: ApiCaller, send: Send, spark_id: str) -> None:
    answer = send(payment("10.00", full_transaction='{"a": 1.10}'))

    assert answer.status_code == 200
    stored = answer.json()
    assert {name: stored[name] for name in stored.keys() - {"id", "created_at", "updated_at", "warnings"}} == {
        "purchase_spark_id": spark_id,
        "platform_id": "pay-1",
        "total": "10.00",
        "currency_code": "GBP",
        "apply_to_balance": True,
        "full_transaction": '{"a": 1.10}',
    }
    purchase = api.get(PATH).json()
    assert stored["warnings"] == purchase["warnings"]
    assert purchase["calculated_payment_status"] == "partially_paid"
    assert [(item["type"], item["total"]) for item in api.get(f"{PATH}/history").json()] == [("payment", "10.00")]
    assert (balance(api), entries()) == ("90.00", [Decimal(-10)])


def test_an_informational_one_counts_nowhere(api: ApiCaller, send: Send) -> None:
    before = api.get(PATH).json()
    stored = send(payment(currency_code="EUR", apply_to_balance=False)).json()
    assert (stored["apply_to_balance"], stored["currency_code"]) == (False, "EUR")
    assert api.get(PATH).json() == before
    assert (api.get(f"{PATH}/history").json(), entries(), balance(api)) == ([], [], "100.00")


def test_it_is_taken_back_and_applied_again(api: ApiCaller, send: Send) -> None:
    first = send(payment()).json()
    second = send(payment(apply_to_balance=False)).json()
    assert (second["id"], second["created_at"]) == (first["id"], first["created_at"])
    assert api.get(PATH).json()["calculated_payment_status"] == "unpaid"
    assert (api.get(f"{PATH}/history").json(), balance(api)) == ([], "100.00")
    send(payment())
    assert entries() == [Decimal(-10), Decimal(10), Decimal(-10)]
    kinds = AccountEntry.objects.exclude(transaction_id=None).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["transaction", "reversal", "transaction"]
    assert (PurchaseHistory.objects.count(), balance(api)) == (1, "90.00")


def test_another_total_posts_the_difference(api: ApiCaller, send: Send) -> None:
    send(payment("10"))
    send(payment("25"))
    assert entries() == [Decimal(-10), Decimal(-15)]
    assert [item["total"] for item in api.get(f"{PATH}/history").json()] == ["25.00"]
    send(payment("-5"))
    [item] = api.get(f"{PATH}/history").json()
    assert (item["type"], item["total"], balance(api)) == ("refund", "-5.00", "105.00")


def test_the_same_again_does_nothing(api: ApiCaller, send: Send) -> None:
    first = send(payment(full_transaction="x"))
    tag = api.get(PATH)["ETag"]
    for body in (payment(full_transaction="x"), payment(10), payment("10.0", currency_code="gbp"), payment()):
        assert send(body).json() == first.json()
    assert (api.get(PATH)["ETag"], entries(), PurchaseTransaction.objects.count()) == (tag, [Decimal(-10)], 1)


@pytest.mark.parametrize(
    ("total", "answered"),
    [
        ("10", "10.00"),
        ('"10"', "10.00"),
        ("10.5", "10.50"),
        ("1e1", "10.00"),
        ("-0.01", "-0.01"),
        ('"+7.30"', "7.30"),
        ('"10.500000"', "10.50"),
        ('{"number": "10.5", "currency": "gbp"}', "10.50"),
        ('{"number": 10.5, "currency": "GBP"}', "10.50"),
        ('"999999999999.99"', "999999999999.99"),
        ("-999999999999.99", "-999999999999.99"),
    ],
)
def test_a_total_in_each_of_its_forms(send: Send, api: ApiCaller, total: str, answered: str) -> None:
    body = dump_json(payment("@")).replace(b'"@"', total.encode())
    answer = api.put(NESTED, body=body)
    assert (answer.status_code, answer.json()["total"]) == (200, answered)


@pytest.mark.parametrize(
    ("currency_code", "total", "answered"),
    [
        ("JPY", "1500", "1500"),
        ("JPY", "1500.0", "1500"),
        ("KWD", "1.234", "1.234"),
        ("KWD", "1", "1.000"),
        ("CLF", "1.2345", "1.2345"),
        ("JPY", "0.5", None),
        ("GBP", "0.001", None),
        ("KWD", "0.0001", None),
    ],
)
def test_decimals_are_those_of_the_currency(
    api: ApiCaller, spark_id: str, currency_code: str, total: str, answered: str | None
) -> None:
    answer = api.put(NESTED, json=payment(total, currency_code=currency_code, apply_to_balance=False))
    if answered is None:
        assert (answer.status_code, faults(answer)) == (400, [("invalid", "total")])
    else:
        assert (answer.status_code, answer.json()["total"]) == (200, answered)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("platform_id", ABSENT, [("required", "platform_id")]),
        ("platform_id", None, [("required", "platform_id")]),
        ("platform_id", "", [("too-short", "platform_id")]),
        ("platform_id", "x" * 256, [("too-long", "platform_id")]),
        ("platform_id", {}, [("invalid", "platform_id")]),
        ("total", ABSENT, [("required", "total")]),
        ("total", None, [("required", "total")]),
        ("total", "ten", [("invalid", "total")]),
        ("total", "1e1", [("invalid", "total")]),
        ("total", True, [("invalid", "total")]),
        ("total", [], [("invalid", "total")]),
        ("total", 0, [("invalid", "total")]),
        ("total", "-0.00", [("invalid", "total")]),
        ("total", "0.001", [("invalid", "total")]),
        ("total", "1000000000000", [("invalid", "total")]),
        ("total", 1000000000000, [("invalid", "total")]),
        ("total", {}, [("required", "total.number"), ("required", "total.currency")]),
        ("total", {"number": "x", "currency": "GBP"}, [("invalid", "total.number")]),
        ("total", {"number": "1", "currency": "XXX"}, [("invalid", "total.currency")]),
        ("total", {"number": "1", "currency": "EUR"}, [("currency-mismatch", "total")]),
        ("total", {"number": "0", "currency": "GBP"}, [("invalid", "total")]),
        ("currency_code", ABSENT, [("required", "currency_code")]),
        ("currency_code", "XTS", [("invalid", "currency_code")]),
        ("currency_code", "EUR", [("currency-mismatch", "currency_code")]),
        ("apply_to_balance", ABSENT, [("required", "apply_to_balance")]),
        ("apply_to_balance", None, [("required", "apply_to_balance")]),
        ("apply_to_balance", 1, [("invalid", "apply_to_balance")]),
        ("apply_to_balance", "true", [("invalid", "apply_to_balance")]),
        ("full_transaction", {"a": 1}, [("invalid", "full_transaction")]),
        ("full_transaction", "\u00e9" * (512 * 1024) + "x", [("too-long", "full_transaction")]),
    ],
)
def test_a_fault_at_its_place(send: Send, path: str, value: Any, expected: Any) -> None:
    answer = send(changed(payment(full_transaction=""), path, value))
    assert (answer.status_code, faults(answer)) == (400, expected)
    assert not PurchaseTransaction.objects.exists()
    assert "pydantic" not in answer.content.decode()


def test_every_fault_at_once(send: Send) -> None:
    answer = send(
        {"platform_id": "", "total": 0, "currency_code": "XXX", "apply_to_balance": "no", "full_transaction": 5}
    )
    assert {place for _code, place in faults(answer)} == {
        "platform_id",
        "total",
        "currency_code",
        "apply_to_balance",
        "full_transaction",
    }


def test_a_total_and_its_decimals_at_once_with_the_rest(send: Send) -> None:
    answer = send({"platform_id": "", "total": "0.001", "currency_code": "GBP"})
    assert set(faults(answer)) == {
        ("too-short", "platform_id"),
        ("invalid", "total"),
        ("required", "apply_to_balance"),
    }


def test_the_platform_s_id_is_exact(send: Send) -> None:
    for platform_id in ("pay-1", "PAY-1", "pay-1 ", "a/b?c%20", "é" * 255):
        assert send(payment(platform_id=platform_id)).json()["platform_id"] == platform_id
    assert send(payment(platform_id=4711)).json()["platform_id"] == "4711"
    assert PurchaseTransaction.objects.count() == 6


@pytest.mark.parametrize("text", ['{"b":1,"a":1}', " \n\t{}", "not json", "", "\u00e9" * (512 * 1024)])
def test_the_full_transaction_is_kept_exactly(send: Send, text: str) -> None:
    assert send(payment(full_transaction=text)).json()["full_transaction"] == text


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
    assert api.put(f"{PURCHASES}/{path}/transactions", json=payment()).status_code == status


def test_path_and_body_agree(api: ApiCaller, spark_id: str) -> None:
    agreeing = api.put(NESTED, json=payment(purchase_spark_id=spark_id.upper()))
    assert agreeing.status_code == 200
    other = api.put(f"{PURCHASES}/internal/I-2", json=order()).json()["purchase_identifiers"]["sparklayer"]
    for named in (other, UNKNOWN):
        answer = api.put(NESTED, json=payment("20", purchase_spark_id=named))
        assert (answer.status_code, faults(answer)) == (400, [("idMismatch", "purchase_spark_id")])
    assert entries() == [Decimal(-10)]


def test_the_same_platform_id_on_two_purchases_is_two(api: ApiCaller, spark_id: str) -> None:
    api.put(f"{PURCHASES}/internal/I-2", json=order())
    one = api.put(NESTED, json=payment()).json()
    two = api.put(f"{PURCHASES}/internal/I-2/transactions", json=payment()).json()
    assert one["id"] != two["id"]


def test_without_a_customer_there_is_no_entry_until_there_is_one(api: ApiCaller, spark_id: str) -> None:
    path = f"{PURCHASES}/internal/I-2"
    api.put(path, json=order())
    assert api.put(f"{path}/transactions", json=payment()).status_code == 200
    assert (api.get(path).json()["calculated_payment_status"], entries()) == ("paid", [])
    api.put(path, json=order(customer_identifiers={"sparklayer": "HEAD"}))
    assert (entries(), balance(api)) == ([Decimal(-10)], "90.00")


def test_warnings_are_those_of_the_purchase(api: ApiCaller, send: Send) -> None:
    send(payment())
    codes = [item["code"] for item in send(payment(platform_id="pay-2")).json()["warnings"]]
    assert "suspected-duplicate-transaction" in codes
    refunded = send(payment("-50", platform_id="back")).json()
    assert "over-refunded" in [item["code"] for item in refunded["warnings"]]


def test_a_reader_does_not_pay(read_only_api: ApiCaller, spark_id: str) -> None:
    assert read_only_api.put(NESTED, json=payment(purchase_spark_id=spark_id)).status_code == 403
    assert not PurchaseTransaction.objects.exists()
