"""PUT /api/v1/orders/{id}/packages/{package}: the same as PATCH."""

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
    updated = done(api.put(path_of(order), json=body))
    assert contents(updated) == [("processing", {"ROPE": 4, "CHALK": 2})]
    assert company.accounts.get().balance == 24
    assert done(api.patch(path_of(order), json=body)) == updated


def test_every_name_of_a_package_leads_to_it(api: ApiCaller, order: dict[str, Any]) -> None:
    [package] = done(api.get(f"{PURCHASES}/internal/SO-1"))["packages"]
    body = {"items": [item("ROPE", 3, 10, 12)]}
    for name in ("PKG-1", package["identifiers"]["sparklayer_package_id"].upper(), package["id"]):
        assert contents(done(api.put(f"{ORDERS}/SO-1/packages/{name}", json=body))) == [("processing", {"ROPE": 3})]
    for name in ("pkg-1", "orp_999999", "63428136-658f-48a6-beb7-7f333dfd9686"):
        assert api.put(f"{ORDERS}/SO-1/packages/{name}", json=body).status_code == 404


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
    answer = api.put(path_of(order), json=body)
    assert (answer.status_code, faults(answer)) == (400, [fault])


def test_an_old_version_is_refused(api: ApiCaller, order: dict[str, Any]) -> None:
    old = {"If-Match": api.get(f"{ORDERS}/SO-1")["ETag"]}
    body = {"items": [item("ROPE", 3, 10, 12)]}
    assert [api.put(path_of(order), json=body, headers=old).status_code for _ in range(2)] == [200, 412]
