"""DELETE /api/v1/purchases/{lookupBy}/{identifier}."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.models import Site
from customers.models import AccountEntry
from purchasing.models import Purchase, PurchaseRevision, PurchaseTransaction
from purchasing.tests.bodies import FLAT, PURCHASES, order, payment, rich_order
from tests.callers import ApiCaller, make_caller
from tests.cast import make_customer

PATH = f"{PURCHASES}/internal/I-1"


@pytest.mark.parametrize("kind", ["sparklayer", "platform", "internal", "visible"])
def test_it_is_gone_by_every_look_up(api: ApiCaller, kind: str) -> None:
    identifiers = api.put(PATH, json=rich_order()).json()["purchase_identifiers"]
    answer = api.delete(f"{PURCHASES}/{kind}/{identifiers[kind]}")
    assert (answer.status_code, answer.content) == (204, b"")

    unknown = api.get(f"{PURCHASES}/internal/unknown").content
    for other, value in identifiers.items():
        for tail in ("", "/transactions", "/history", "/revisions", "/revisions/1", "/diff"):
            answer = api.get(f"{PURCHASES}/{other}/{value}{tail}")
            assert (answer.status_code, answer.content) == (404, unknown)
        assert api.delete(f"{PURCHASES}/{other}/{value}").status_code == 404
    assert api.get(PURCHASES).json() == []


def test_the_tombstone_keeps_the_books(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    body = order(payment_method="on_account", customer_identifiers={"sparklayer": customer.public_id})
    spark_id = api.put(PATH, json=body).json()["purchase_identifiers"]["sparklayer"]
    recorded = api.put(f"{PATH}/transactions", json=payment(apply_to_balance=False)).json()

    assert api.delete(PATH).status_code == 204

    entries = AccountEntry.objects.order_by("id").values_list("kind", "amount")
    assert list(entries) == [("charge", Decimal(10)), ("reversal", Decimal(-10))]
    assert api.get(f"/api/v1/customers/{customer.public_id}").json()["balances"][0]["amount"] == "0.00"
    assert Purchase.objects.get().deleted_at is not None
    assert (PurchaseRevision.objects.count(), PurchaseTransaction.objects.count()) == (1, 1)
    assert api.get(FLAT).json() == []
    assert api.get(f"{FLAT}/{recorded['id']}").status_code == 404
    assert api.put(FLAT, json=payment(purchase_spark_id=spark_id)).status_code == 400


@pytest.mark.parametrize("total", ["10.00", "-4"])
def test_money_that_is_applied_holds_it(api: ApiCaller, total: str) -> None:
    before = api.put(PATH, json=order()).json()
    api.put(f"{PATH}/transactions", json=payment(total))
    answer = api.delete(PATH)
    assert (answer.status_code, answer.json()["title"]) == (409, "has-applied-transactions")
    assert api.get(PATH).json()["revision"] == before["revision"]

    api.put(f"{PATH}/transactions", json=payment(total, apply_to_balance=False))
    assert api.delete(PATH).status_code == 204


def test_its_identifiers_are_free_for_a_new_one(api: ApiCaller) -> None:
    old = api.put(PATH, json=rich_order()).json()
    api.put(PATH, json=rich_order() | {"customer_reference": "PO"})
    api.delete(PATH)

    body = rich_order() | {"purchase_identifiers": old["purchase_identifiers"]}
    new = api.put(PATH, json=body).json()

    assert (new["revision"], new["purchase_identifiers"]) == (1, old["purchase_identifiers"])
    assert new["id"] != old["id"]
    assert api.get(f"{PATH}/transactions").json() == []
    assert [row["revision"] for row in api.get(f"{PATH}/revisions").json()] == [1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("internal/unknown", 404),
        ("sparklayer/I-1", 404),
        ("sparklayer/63428136-658f-48a6-beb7-7f333dfd9686", 404),
        ("visible/I-1", 404),
        ("number/I-1", 400),
    ],
)
def test_what_names_none(api: ApiCaller, path: str, status: int) -> None:
    api.put(PATH, json=order())
    assert api.delete(f"{PURCHASES}/{path}").status_code == status
    assert api.get(PATH).status_code == 200


def test_a_reader_does_not_delete(api: ApiCaller, site: Site, read_only_api: ApiCaller) -> None:
    api.put(PATH, json=order())
    callers: list[Any] = [read_only_api, make_caller(site, name="CRM", scopes=["customers", "setup"])]
    assert [caller.delete(PATH).status_code for caller in callers] == [403, 403]
    assert api.get(PATH).status_code == 200


def test_a_body_is_of_no_account(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    assert api.delete(PATH, body=b"{not json").status_code == 204
