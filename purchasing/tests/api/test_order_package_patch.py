"""PATCH /api/v1/orders/{id}/packages/{package}."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer
from purchasing.tests.bodies import PURCHASES, faults
from purchasing.tests.orders import ORDERS, contents, created, done, goods, item, parcel, priced
from tests.callers import ApiCaller

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(api: ApiCaller, company: Customer) -> dict[str, Any]:
    return created(
        api, company, parcel(item("ROPE", 3, 10, 12), item("AXE", 1, 5, 6), freight=(5, 6), external_id="PKG-1")
    )


def path_of(order: dict[str, Any], index: int = 0) -> str:
    return f"{ORDERS}/{order['id']}/packages/{order['packages'][index]['id']}"


def test_it_holds_what_is_named(api: ApiCaller, order: dict[str, Any], company: Customer) -> None:
    body = {"items": [item("ROPE", 4, 16, 19.2), item("CHALK", 2, 1, 1.2)], "total_shipping": priced(3, 3.6)}
    updated = done(api.patch(path_of(order), json=body))
    assert contents(updated) == [("processing", {"ROPE": 4, "CHALK": 2})]
    [before], [after] = order["packages"], updated["packages"]
    assert (after["id"], after["items"][0]["id"]) == (before["id"], before["items"][0]["id"])
    assert after["items"][1]["id"] not in {line["id"] for line in before["items"]}
    assert (after["shipping_name"], after["total"]["gross"]) == ("Courier", 24)
    assert company.accounts.get().balance == 24


def test_without_freight_it_keeps_its_freight(api: ApiCaller, order: dict[str, Any]) -> None:
    updated = done(api.patch(path_of(order), json={"items": [item("ROPE", 3, 10, 12)]}))
    assert updated["packages"][0]["total_shipping"] == order["packages"][0]["total_shipping"]
    assert contents(updated) == [("processing", {"ROPE": 3})]


def test_the_same_changes_nothing(api: ApiCaller, order: dict[str, Any]) -> None:
    before = api.get(f"{ORDERS}/SO-1")
    body = {"items": [item("ROPE", 3, 10, 12), item("AXE", 1, 5, 6)], "total_shipping": priced(5, 6)}
    answer = api.patch(path_of(order), json=body)
    assert (done(answer), answer["ETag"]) == (order, before["ETag"])


def test_every_name_of_a_package_leads_to_it(api: ApiCaller, order: dict[str, Any]) -> None:
    [package] = done(api.get(f"{PURCHASES}/internal/SO-1"))["packages"]
    body = {"items": [item("ROPE", 3, 10, 12)]}
    for name in ("PKG-1", package["identifiers"]["sparklayer_package_id"].upper(), package["id"]):
        assert contents(done(api.patch(f"{ORDERS}/SO-1/packages/{name}", json=body))) == [("processing", {"ROPE": 3})]
    for name in ("pkg-1", "orp_999999", "63428136-658f-48a6-beb7-7f333dfd9686"):
        assert api.patch(f"{ORDERS}/SO-1/packages/{name}", json=body).status_code == 404


@pytest.mark.parametrize("action", ["ship", "return"])
def test_a_shipped_or_returned_package_is_changed_too(api: ApiCaller, order: dict[str, Any], action: str) -> None:
    when = "2026-02-01T15:00:00Z"
    changed = done(api.post(f"{ORDERS}/SO-1/ship", json={"shipped_at": when, "items": goods(ROPE=1)}))
    if action == "return":
        changed = done(api.post(f"{ORDERS}/SO-1/return", json={"returned_at": when, "items": goods(ROPE=1)}))
    updated = done(api.patch(path_of(changed, 1), json={"items": [item("ROPE", 5, 1, 1)]}))
    assert contents(updated)[1] == ({"ship": "shipped", "return": "returned"}[action], {"ROPE": 5})


def test_a_cancelled_package_is_not(api: ApiCaller, order: dict[str, Any]) -> None:
    cancelled = done(api.post(f"{ORDERS}/SO-1/cancel", json={"cancelled_at": None, "items": goods(ROPE=1)}))
    answer = api.patch(path_of(cancelled, 1), json={"items": [item()]})
    assert (answer.status_code, answer.json()["title"]) == (409, "package-is-cancelled")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("required", "items")),
        ({"items": []}, ("too-few", "items")),
        ({"items": goods(ROPE=1)}, ("required", "items[0].line_total")),
        ({"items": [item("ROPE", 1, -90, -90)]}, ("negative-total", "packages")),
    ],
)
def test_what_is_wrong_is_named(
    api: ApiCaller, order: dict[str, Any], body: dict[str, Any], fault: tuple[str, str]
) -> None:
    answer = api.patch(path_of(order), json=body)
    assert (answer.status_code, faults(answer)) == (400, [fault])


def test_an_old_version_is_refused(api: ApiCaller, order: dict[str, Any]) -> None:
    old = {"If-Match": api.get(f"{ORDERS}/SO-1")["ETag"]}
    body = {"items": [item("ROPE", 3, 10, 12)]}
    assert [api.patch(path_of(order), json=body, headers=old).status_code for _ in range(2)] == [200, 412]
