"""POST /api/v1/orders/{id}/ship, also as /api/v1/orders/{id}/ship-items."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.models import AccountEntry, Customer
from purchasing.models import Purchase
from purchasing.tests.bodies import ABSENT, PURCHASES, changed, faults
from purchasing.tests.orders import ORDERS, contents, created, done, goods, item, make_address, parcel, priced
from tests.callers import ApiCaller, make_caller

pytestmark = pytest.mark.django_db

PATH = f"{ORDERS}/SO-1/ship"
WHEN = "2026-02-01T15:00:00Z"


def ship(**members: Any) -> dict[str, Any]:
    return {"shipped_at": WHEN, "items": goods(ROPE=2), **members}


@pytest.fixture
def order(api: ApiCaller, company: Customer) -> dict[str, Any]:
    """Three ropes and one axe in one package."""
    return created(api, company, parcel(item("ROPE", 3, 10, 12), item("AXE", 1, 5, 6), freight=(5, 6)))


def test_the_named_goods_move_into_a_new_package(api: ApiCaller, order: dict[str, Any]) -> None:
    tracking = [{"company": "DPD", "url": "https://dpd.example/1550", "reference": "1550"}]
    sent = ship(external_id="PKG-1", visible_id="Ship01", shipment_tracking=tracking)
    shipped = done(api.post(PATH, json=sent))
    assert contents(shipped) == [("processing", {"ROPE": 1, "AXE": 1}), ("shipped", {"ROPE": 2})]
    kept, new = shipped["packages"]
    assert (shipped["status"], shipped["total"]) == ("part_shipped", order["total"])
    members = ("external_id", "visible_id", "shipped_at", "shipment_tracking")
    assert [new[name] for name in members] == ["PKG-1", "Ship01", WHEN, tracking]
    assert new["shipping_address"] == kept["shipping_address"]
    [before] = order["packages"]
    assert (kept["id"], [line["id"] for line in kept["items"]]) == (
        before["id"],
        [line["id"] for line in before["items"]],
    )
    assert new["id"] != kept["id"]
    assert not {line["id"] for line in new["items"]} & {line["id"] for line in kept["items"]}


def test_it_is_one_revision_of_the_purchase(api: ApiCaller, order: dict[str, Any], company: Customer) -> None:
    answer = api.post(PATH, json=ship())
    purchase = api.get(f"{PURCHASES}/internal/SO-1")
    assert answer["ETag"] == purchase["ETag"]
    document = purchase.json()
    assert (document["revision"], document["calculated_quantities"]) == (
        2,
        {"open": 2, "shipped": 2, "returned": 0, "cancelled": 0},
    )
    assert [package["type"] for package in document["packages"]] == ["processing", "shipment"]
    assert company.accounts.get().balance == 24
    assert AccountEntry.objects.count() == 1
    put = api.put(f"{PURCHASES}/internal/SO-1", json=document)
    assert (put.json()["revision"], put["ETag"]) == (2, purchase["ETag"])


def test_two_packages_are_shipped_as_one(api: ApiCaller, company: Customer) -> None:
    parcels = [parcel(item("ROPE", 2), freight=(1, 1)), parcel(item("ROPE", 2), freight=(2, 2))]
    order = created(api, company, *parcels)
    shipped = done(api.post(PATH, json=ship(items=goods(ROPE=3))))
    assert [
        (package["status"], [line["quantity"] for line in package["items"]]) for package in shipped["packages"]
    ] == [
        ("processing", [1]),
        ("shipped", [2, 1]),
    ]
    # The emptied package's freight went to the oldest that is live.
    assert [package["total_shipping"]["gross"] for package in shipped["packages"]] == [3, 0]
    assert shipped["total"] == order["total"]


def test_the_freight_that_is_named_is_taken_off_the_source(api: ApiCaller, order: dict[str, Any]) -> None:
    shipped = done(api.post(PATH, json=ship(total_shipping=priced(2, 2.5))))
    assert [package["total_shipping"]["gross"] for package in shipped["packages"]] == [3.5, 2.5]
    assert [package["total_shipping"]["net"] for package in shipped["packages"]] == [3, 2]
    assert shipped["total_shipping"]["gross"] == order["total_shipping"]["gross"]


def test_the_parcel_has_an_address_of_its_own(api: ApiCaller, order: dict[str, Any], company: Customer) -> None:
    address = make_address(company)
    shipped = done(api.post(PATH, json=ship(shipping_address_id=address.public_id)))
    assert [package["shipping_address"]["city"] for package in shipped["packages"]] == ["Willerby", "Bristol"]
    assert shipped["packages"][1]["shipping_address_id"] == address.public_id


def test_an_unconfirmed_order_is_shipped_too(api: ApiCaller, order: dict[str, Any], site: Site) -> None:
    document = done(api.get(f"{PURCHASES}/internal/SO-1"))
    body = {**document, "type": "order_unconfirmed", "purchase_identifiers": {"internal": "SO-2"}}
    done(api.put(f"{PURCHASES}/internal/SO-2", json=body))
    shipped = done(api.post(f"{ORDERS}/SO-2/ship", json=ship()))
    assert shipped["status"] == "part_shipped"


@pytest.mark.parametrize("type", ["quote", "cart", "awaiting_approval"])
def test_other_purchases_are_unknown_here(api: ApiCaller, site: Site, type: str) -> None:
    body = {"type": type, "customer_identifiers": {}, "dates": {}, "currency_code": "GBP", "packages": []}
    done(api.put(f"{PURCHASES}/internal/SO-1", json=body))
    assert api.post(PATH, json=ship(), headers={"If-Match": '"1.r1.0"'}).status_code == 404


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("shipped_at", ABSENT, ("required", "shipped_at")),
        ("shipped_at", None, ("required", "shipped_at")),
        ("shipped_at", "yesterday", ("invalid", "shipped_at")),
        ("items", ABSENT, ("required", "items")),
        ("items", [], ("too-few", "items")),
        ("items[0].quantity", 0, ("invalid", "items[0].quantity")),
        ("items[0].quantity", 2.5, ("invalid", "items[0].quantity")),
        ("items[0].quantity", 4, ("not-enough", "items[0].quantity")),
        ("items[0].sku", "rope", ("resource-not-found", "items[0].sku")),
        ("items[0].sku", ABSENT, ("required", "items[0]")),
        ("external_id", "orp_7", ("reserved-prefix", "external_id")),
        ("shipping_address_id", "ca_999999", ("resource-not-found", "shipping_address_id")),
        ("total_shipping", priced(-1, 1), ("invalid", "total_shipping.net")),
        ("total_shipping", {"net": 1}, ("required", "total_shipping.gross")),
        ("shipment_tracking", [{"url": "ftp://x.example"}], ("invalid", "shipment_tracking[0].url")),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_done(
    api: ApiCaller, order: dict[str, Any], path: str, value: Any, fault: tuple[str, str]
) -> None:
    answer = api.post(PATH, json=changed(ship(), path, value))
    assert (answer.status_code, faults(answer)) == (400, [fault])
    assert done(api.get(f"{ORDERS}/SO-1")) == order


def test_what_is_too_much_is_told_with_what_remains(api: ApiCaller, order: dict[str, Any]) -> None:
    done(api.post(PATH, json=ship()))
    answer = api.post(PATH, json=ship(items=goods(ROPE=2, AXE=2)))
    assert [error["message"] for error in answer.json()["errors"]] == [
        "1 of ROPE is open, not 2.",
        "1 of AXE is open, not 2.",
    ]


@pytest.mark.parametrize("member", ["external_id", "visible_id"])
def test_an_id_of_another_package_is_taken(api: ApiCaller, order: dict[str, Any], member: str) -> None:
    done(api.post(PATH, json=ship(items=goods(ROPE=1), **{member: "PKG-1"})))
    answer = api.post(PATH, json=ship(items=goods(ROPE=1), **{member: "PKG-1"}))
    assert (answer.status_code, faults(answer)) == (409, [("resource-already-exists", member)])


def test_the_id_of_an_emptied_package_is_free(api: ApiCaller, company: Customer) -> None:
    order = created(api, company, parcel(external_id="PKG-1"))
    shipped = done(api.post(PATH, json=ship(items=goods(ROPE=3), external_id="PKG-1")))
    [before], [after] = order["packages"], shipped["packages"]
    assert (after["external_id"], after["id"] == before["id"]) == ("PKG-1", False)


def test_an_old_version_is_refused(api: ApiCaller, order: dict[str, Any]) -> None:
    old = api.get(f"{ORDERS}/SO-1")["ETag"]
    first = api.post(PATH, json=ship(items=goods(ROPE=1)), headers={"If-Match": old})
    second = api.post(PATH, json=ship(items=goods(ROPE=1)), headers={"If-Match": old})
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current_etag"] == first["ETag"]


def test_a_repeat_under_its_key_ships_once(api: ApiCaller, order: dict[str, Any]) -> None:
    answers = [api.post(PATH, json=ship(), headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert Purchase.objects.get().shipped_quantity == 2


def test_it_needs_the_scope_of_orders(site: Site, order: dict[str, Any]) -> None:
    reader = make_caller(site, name="reader", scopes=["orders.read"])
    assert reader.post(PATH, json=ship()).status_code == 403


def test_the_number_of_queries_is_that_of_a_put(
    api: ApiCaller, company: Customer, django_assert_num_queries: Any
) -> None:
    for count in (1, 20):
        lines = [item(f"S{number}", 2) for number in range(count)]
        created(api, company, parcel(*lines), external_id=f"SO-{count}")
        body = ship(items=[{"sku": f"S{number}", "quantity": 1} for number in range(count)])
        with django_assert_num_queries(6):
            done(api.post(f"{ORDERS}/SO-{count}/ship", json=body))
