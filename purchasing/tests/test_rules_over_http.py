"""The tables of the rules, every row once as a caller of the API meets it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.money import money_text
from customers.models import Customer
from purchasing.tests.bakers import line, money, on_account, order, package
from purchasing.tests.ledger import entries
from purchasing.tests.payment_cases import ROWS, WORKED_CASES, Case
from tests.callers import ApiCaller

PURCHASE = "/api/v1/purchases/internal/A-1"
TRANSACTIONS = f"{PURCHASE}/transactions"
HISTORY = f"{PURCHASE}/history"


def put(api: ApiCaller, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.put(PURCHASE, json=body)
    assert answer.status_code == 200, answer.content
    document: dict[str, Any] = answer.json()
    return document


def get(api: ApiCaller) -> dict[str, Any]:
    document: dict[str, Any] = api.get(PURCHASE).json()
    return document


def pay(api: ApiCaller, total: str, *, id: str = "t1", applied: bool = True) -> dict[str, Any]:
    sent = {"platform_id": id, "total": total, "currency_code": "GBP", "apply_to_balance": applied}
    answer = api.put(TRANSACTIONS, json=sent)
    assert answer.status_code == 200, answer.content
    document: dict[str, Any] = answer.json()
    return document


# --- packages and fulfilment ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type", "dates", "word"),
    [
        ("", ["cancelled_at"], "cancelled"),
        ("cancelled", [], "cancelled"),
        ("shipment", ["returned_at"], "refund"),
        ("shipment", ["shipped_at", "refunded_at"], "refund"),
        ("refund", [], "refund"),
        ("", ["shipped_at"], "shipment"),
        ("shipment", [], "shipment"),
        ("processing", [], "processing"),
        ("incoming", [], "processing"),
        ("", [], "processing"),
    ],
)
def test_a_package_is_answered_with_the_word_of_its_state(
    api: ApiCaller, type: str, dates: list[str], word: str
) -> None:
    sent = package(line(), type=type, dates=dict.fromkeys(dates, "2026-03-02T09:00:00Z"))
    put(api, order(sent))
    assert [item["type"] for item in get(api)["packages"]] == [word]


FULFILMENT: list[tuple[str, dict[str, int], str | None]] = [
    ("order", {"cancelled": 1}, "cancelled"),
    ("order", {}, "processing"),
    ("order", {"processing": 2, "cancelled": 1}, "processing"),
    ("order", {"processing": 1, "shipment": 1}, "partially_shipped"),
    ("order", {"refund": 2, "cancelled": 1}, "returned"),
    ("order", {"shipment": 1, "refund": 1}, "partially_returned"),
    ("order", {"shipment": 2}, "shipped"),
    ("order", {"shipment": 2, "cancelled": 1}, "shipped"),
    ("order_unconfirmed", {"processing": 1}, "processing"),
    ("quote", {"processing": 1}, None),
    ("cart", {"shipment": 1}, None),
    ("awaiting_approval", {"cancelled": 1}, None),
]


@pytest.mark.parametrize(("type", "quantities", "status"), FULFILMENT)
def test_fulfilment_status(api: ApiCaller, type: str, quantities: dict[str, int], status: str | None) -> None:
    parcels = [package(line(quantity=quantity), type=state) for state, quantity in quantities.items()]
    put(api, order(*parcels, type=type, currency_code="GBP") | {"packages": parcels})

    answer = get(api)

    assert answer["calculated_fulfilment_status"] == status
    assert answer["calculated_quantities"] == {
        "open": quantities.get("processing", 0),
        "shipped": quantities.get("shipment", 0),
        "returned": quantities.get("refund", 0),
        "cancelled": quantities.get("cancelled", 0),
    }


# --- payment ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [*ROWS, *WORKED_CASES], ids=str)
def test_payment_status(api: ApiCaller, case: Case) -> None:
    parcels = [package(line(net), type=state) for state, net in case.packages.items()]
    put(api, order(type=case.type, currency_code="GBP") | {"packages": parcels})
    for number, total in enumerate(case.money):
        pay(api, total, id=f"t{number}")
    for number, total in enumerate(case.informational):
        pay(api, total, id=f"i{number}", applied=False)

    answer = get(api)

    assert answer["calculated_payment_status"] == case.status
    warnings = {warning["code"] for warning in answer["warnings"]} & {"over-refunded", "refund-without-credit"}
    assert warnings == ({case.warning} if case.warning else set())
    if case.status is None and case.type not in ("order", "order_unconfirmed"):
        assert answer["calculated_payment"] is None
    else:
        assert answer["calculated_payment"]["outstanding"] == money(money_text(Decimal(case.outstanding), "GBP"))
        assert answer["calculated_payment"]["credit"] == money(money_text(Decimal(case.credit), "GBP"))
    assert [item["total"] for item in reversed(api.get(HISTORY).json())] == [
        money_text(Decimal(total), "GBP") for total in case.money
    ]


def test_a_bounced_payment_is_un_applied(api: ApiCaller, company: Customer) -> None:
    put(api, order(customer=company))
    pay(api, "100")
    assert get(api)["calculated_payment_status"] == "paid"

    pay(api, "100", applied=False)

    assert get(api)["calculated_payment_status"] == "unpaid"
    assert api.get(HISTORY).json() == []
    assert [item["apply_to_balance"] for item in api.get(TRANSACTIONS).json()] == [False]
    assert entries(company) == [("transaction", -100), ("reversal", 100)]


# --- what is posted ---------------------------------------------------------------------------------------------------

POSTED: dict[str, tuple[list[Any], list[tuple[str, int]]]] = {
    # A body is put; ("t1", total, applied) is recorded; "delete" deletes. Then the entries of the company's account.
    "a payment": ([order(), ("t1", "10", True)], [("transaction", -10)]),
    "a refund": ([order(), ("t1", "-10", True)], [("transaction", 10)]),
    "informational": ([order(), ("t1", "10", False)], []),
    "true to false": (
        [order(), ("t1", "10", True), ("t1", "10", False)],
        [("transaction", -10), ("reversal", 10)],
    ),
    "false to true": ([order(), ("t1", "10", False), ("t1", "10", True)], [("transaction", -10)]),
    "corrected from 10 to 25, then taken back": (
        [order(), ("t1", "10", True), ("t1", "25", True), ("t1", "25", False)],
        [("transaction", -10), ("transaction", -15), ("reversal", 25)],
    ),
    "the same again": ([order(), ("t1", "10", True), ("t1", "10", True)], [("transaction", -10)]),
    "an order on account": ([on_account()], [("charge", 100)]),
    "20 of 100 returned": (
        [on_account(), on_account(package(line("80"), type="shipment"), package(line("20"), type="refund"))],
        [("charge", 100), ("charge", -20)],
    ),
    "20 of 100 cancelled": (
        [on_account(), on_account(package(line("80")), package(line("20"), type="cancelled"))],
        [("charge", 100), ("charge", -20)],
    ),
    "paid by card after all": ([on_account(), order()], [("charge", 100), ("reversal", -100)]),
    "by card, then on account": ([order(), on_account()], [("charge", 100)]),
    "a quote": ([on_account(type="quote")], []),
    "a quote that becomes the order": ([on_account(type="quote"), on_account()], [("charge", 100)]),
    "returned and paid out": (
        [
            on_account(),
            ("t1", "100", True),
            on_account(package(line("80"), type="shipment"), package(line("20"), type="refund")),
            ("t2", "-20", True),
        ],
        [("charge", 100), ("transaction", -100), ("charge", -20), ("transaction", 20)],
    ),
    "deleted": ([on_account(), "delete"], [("charge", 100), ("reversal", -100)]),
    "deleted and born again": (
        [on_account(), "delete", on_account()],
        [("charge", 100), ("reversal", -100), ("charge", 100)],
    ),
}


@pytest.mark.parametrize(("steps", "posted"), POSTED.values(), ids=POSTED.keys())
def test_entries(api: ApiCaller, company: Customer, steps: list[Any], posted: list[tuple[str, int]]) -> None:
    for step in steps:
        if step == "delete":
            assert api.delete(PURCHASE).status_code == 204
        elif isinstance(step, tuple):
            platform_id, total, applied = step
            pay(api, total, id=platform_id, applied=applied)
        else:
            put(api, step | {"customer_identifiers": {"sparklayer": company.public_id}})
    assert entries() == entries(company) == posted


def test_the_balance_of_the_account_that_owes(api: ApiCaller, company: Customer) -> None:
    put(api, on_account(customer=company))
    pay(api, "10")
    customer = api.get(f"/api/v1/customers/{company.public_id}").json()
    assert customer["balances"] == [{"account_id": company.public_id, "currency_code": "GBP", "amount": "90.00"}]


# --- refusals ---------------------------------------------------------------------------------------------------------


def refusal(answer: Any) -> tuple[int, list[tuple[str, str | None]]]:
    return answer.status_code, [(fault["code"], fault["property"]) for fault in answer.json()["errors"]]


def test_with_applied_transactions_neither_deleted_nor_moved(
    api: ApiCaller, company: Customer, summit: Customer
) -> None:
    put(api, on_account(customer=company))
    pay(api, "10")

    assert refusal(api.delete(PURCHASE)) == (409, [("has-applied-transactions", None)])
    for body, named in (
        (on_account(customer=summit), "customer_identifiers.sparklayer"),
        (on_account(), "customer_identifiers.sparklayer"),
        (on_account(package(line(currency="EUR")), customer=company), "currency_code"),
    ):
        assert refusal(api.put(PURCHASE, json=body)) == (409, [("has-applied-transactions", named)])


def test_an_applied_transaction_in_another_currency(api: ApiCaller) -> None:
    put(api, order())
    sent = {"platform_id": "t1", "total": "10", "currency_code": "EUR", "apply_to_balance": True}
    assert refusal(api.put(TRANSACTIONS, json=sent)) == (400, [("currency-mismatch", "currency_code")])
    assert api.put(TRANSACTIONS, json=sent | {"apply_to_balance": False}).status_code == 200


@pytest.mark.parametrize("total", ["0", 0, "0.00"])
def test_a_total_of_0(api: ApiCaller, total: Any) -> None:
    put(api, order())
    sent = {"platform_id": "t1", "total": total, "currency_code": "GBP", "apply_to_balance": True}
    assert api.put(TRANSACTIONS, json=sent).status_code == 400
