"""POST /api/v1/orders/{id}/cancel, also as /api/v1/orders/{id}/cancel-items."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from customers.models import AccountEntry, Customer
from purchasing.tests.bodies import PURCHASES, faults, payment
from purchasing.tests.orders import ORDERS, contents, created, done, goods, item, parcel
from tests.callers import ApiCaller

pytestmark = pytest.mark.django_db

PATH = f"{ORDERS}/SO-1/cancel"


def cancel(**members: Any) -> dict[str, Any]:
    return {"cancelled_at": "2026-02-01T15:00:00Z", "items": goods(ROPE=1), **members}


@pytest.fixture
def order(api: ApiCaller, company: Customer) -> dict[str, Any]:
    return created(api, company, parcel(item("ROPE", 3, 10, 12), freight=(5, 6)))


def test_the_named_goods_are_cancelled_and_the_charge_follows(
    api: ApiCaller, order: dict[str, Any], company: Customer
) -> None:
    cancelled = done(api.post(PATH, json=cancel(external_id="C-1")))
    assert contents(cancelled) == [("processing", {"ROPE": 2}), ("cancelled", {"ROPE": 1})]
    assert (cancelled["status"], cancelled["total"]["gross"]) == ("processing", 14)
    assert company.accounts.get().balance == 14
    [_, entry] = AccountEntry.objects.order_by("id")
    assert (entry.kind, int(entry.amount)) == ("charge", -4)


def test_cancelling_the_unshipped_rest_gives_shipped(api: ApiCaller, order: dict[str, Any]) -> None:
    done(api.post(f"{ORDERS}/SO-1/ship", json={"shipped_at": "2026-02-01T15:00:00Z", "items": goods(ROPE=2)}))
    cancelled = done(api.post(PATH, json=cancel()))
    assert (cancelled["status"], contents(cancelled)) == (
        "shipped",
        [("shipped", {"ROPE": 2}), ("cancelled", {"ROPE": 1})],
    )
    # Goods that were shipped go on owing the freight.
    assert [package["total_shipping"]["gross"] for package in cancelled["packages"]] == [6, 0]


def test_everything_cancelled_owes_nothing(api: ApiCaller, order: dict[str, Any], company: Customer) -> None:
    cancelled = done(api.post(PATH, json=cancel(items=goods(ROPE=3))))
    assert (cancelled["status"], cancelled["total"]["gross"]) == ("cancelled", 0)
    assert company.accounts.get().balance == 0


def test_null_means_now(api: ApiCaller, order: dict[str, Any]) -> None:
    before = datetime.now(UTC)
    cancelled = done(api.post(PATH, json=cancel(cancelled_at=None)))
    new = cancelled["packages"][1]
    assert before <= datetime.fromisoformat(new["cancelled_at"]) <= datetime.now(UTC)
    assert new["created_at"] == new["cancelled_at"]


def test_a_date_is_needed_though_it_may_be_null(api: ApiCaller, order: dict[str, Any]) -> None:
    answer = api.post(PATH, json={"items": goods(ROPE=1)})
    assert (answer.status_code, faults(answer)) == (400, [("required", "cancelled_at")])


def test_shipped_goods_are_not_cancelled(api: ApiCaller, order: dict[str, Any]) -> None:
    shipped = done(api.post(f"{ORDERS}/SO-1/ship", json={"shipped_at": "2026-02-01T15:00:00Z", "items": goods(ROPE=2)}))
    answer = api.post(PATH, json=cancel(items=goods(ROPE=2)))
    assert (answer.status_code, faults(answer)) == (400, [("not-enough", "items[0].quantity")])
    assert answer.json()["errors"][0]["message"] == "1 of ROPE is open, not 2."
    assert done(api.get(f"{ORDERS}/SO-1")) == shipped


def test_payments_stay_and_become_credit(api: ApiCaller, order: dict[str, Any]) -> None:
    done(api.put(f"{PURCHASES}/internal/SO-1/transactions", json=payment("18.00")))
    done(api.post(PATH, json=cancel()))
    document = done(api.get(f"{PURCHASES}/internal/SO-1"))
    assert (document["calculated_payment_status"], document["calculated_payment"]["credit"]["number"]) == (
        "overpaid",
        "4.00",
    )
