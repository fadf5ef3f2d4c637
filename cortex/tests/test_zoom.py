"""zoom, followlocation and format; and that a zoom asks each table once, however many purchases it leads to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from cortex.tests.walker import MOUNT, Doc, Walker, href, rels, walker_of
from customers.models import Customer
from tests.cast import line, make_buyer, make_order, package, pay

ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
EVERYTHING = ",".join(
    f"element:{path}"
    for path in (
        "billingaddress",
        "lineitems:element:options:element:value",
        "paymentmeans:element",
        "shipments:element:destination",
        "shipments:element:shippingoption",
        "discount",
    )
)


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def api(buyer: Customer) -> Walker:
    return walker_of(buyer)


def make_whole(site: Site, buyer: Customer, number: int = 0) -> None:
    """A purchase with something under every link: options, two shipments, a payment."""
    goods = line(quantity=2, custom_attributes=[{"key": "Colour", "value": f"red {number}"}])
    sent = {"type": "shipment", "shipping_address": ADDRESS, "dates": {"shipped_at": "2026-03-02T09:00:00Z"}}
    packages = [package(goods, **sent), package(goods, line("AXE"), **sent), package(goods)]
    members: dict[str, Any] = {"packages": packages, "billing_address": ADDRESS}
    pay(make_order(site, buyer, identifiers={"visible": f"V-{number}"}, **members), "5.00")


def test_what_is_zoomed_into_is_appended(api: Walker, site: Site, buyer: Customer) -> None:
    make_whole(site, buyer)
    plain = api.follow("purchases", "element")
    zoomed = api.get(plain["self"]["href"], query="zoom=none,lineitems:element:options,discount,shipments:none")
    assert list(zoomed)[-3:] == [
        "_lineitems",
        "_shipments",
        "_discount",
    ]  # as the links stand, not as they were asked for
    query = "?zoom=none,lineitems:element:options,discount,shipments:none"
    assert zoomed.pop("self") == {
        "type": "purchases.purchase",
        "uri": plain["self"]["uri"] + query,
        "href": plain["self"]["href"] + query,
    }
    [lines], [shipments], [discount] = (zoomed.pop(f"_{rel}") for rel in ("lineitems", "shipments", "discount"))
    assert zoomed == {name: value for name, value in plain.items() if name != "self"}
    assert discount == api.get(href(plain, "discount"))
    assert shipments == api.get(href(plain, "shipments"))
    elements = lines.pop("_element")
    assert lines == api.get(href(plain, "lineitems"))
    assert [sorted(element.keys() - {"_options"}) for element in elements] == [
        sorted(api.get(href(lines, "element")))
    ] * 2
    assert ["_options" in element for element in elements] == [True, False]
    assert rels(elements[0]["_options"][0])[0] == "element"


@pytest.mark.parametrize("query", ["followlocation", "FollowLocation=true", "zoom=list&followLOCATION"])
def test_a_post_answers_what_it_led_to(api: Walker, site: Site, buyer: Customer, query: str) -> None:
    make_whole(site, buyer)
    answer = api.look_up("V-0", query=query)
    shown = api.get(answer["Location"])
    body = answer.json()
    assert answer.status_code == 201
    zoomed = body.pop("_list", None)
    assert (zoomed is not None) == ("zoom" in query)
    suffix = f"?{query}" if zoomed else ""
    assert body.pop("self") == {
        **shown.pop("self"),
        "uri": shown_uri(answer) + suffix,
        "href": answer["Location"] + suffix,
    }
    assert body == shown
    assert api.look_up("V-0", query="followlocation=false").content == b""


def shown_uri(answer: Any) -> str:
    return str(answer["Location"].removeprefix(MOUNT))


def test_a_format_spares_what_is_not_needed(api: Walker, site: Site, buyer: Customer) -> None:
    make_whole(site, buyer)
    address = href(api.follow("purchases"), "element")
    plain = api.get(address)
    assert api.get(address, query="format=standardlinks") == plain
    assert api.get(address, query="format=none,,zoom.noself") == plain
    zoom = "zoom=lineitems:element"
    usual = api.get(address, query=zoom)
    selfless = api.get(address, query=f"{zoom}&format=standardlinks,zoom.noself")
    assert "self" in selfless
    assert "self" not in selfless["_lineitems"][0]
    assert "self" not in selfless["_lineitems"][0]["_element"][0]
    assert selfless["links"] == usual["links"]
    spare = api.get(address, query=f"{zoom}&format=zoom.nodatalinks")
    assert rels(spare) == [rel for rel in rels(usual) if rel != "lineitems"]
    assert rels(spare["_lineitems"][0]) == ["purchase"]
    assert rels(spare["_lineitems"][0]["_element"][0]) == rels(usual["_lineitems"][0]["_element"][0])


@pytest.mark.parametrize(
    ("zoom", "expected"),
    [
        (":".join(["element", "list"] * 6), 200),
        (":".join(["element", "list"] * 7), 400),
        ("x" * 5000, 400),
        (",,:,a::b,", 200),
        ("%00", 400),
    ],
)
def test_a_zoom_has_limits(api: Walker, site: Site, buyer: Customer, zoom: str, expected: int) -> None:
    make_whole(site, buyer)
    answer = api.ask("GET", f"{href(api.root(), 'purchases')}?zoom={zoom}")
    assert answer.status_code == expected
    if expected == 400:
        assert answer.json().keys() == {"messages", "links"}


def test_a_zoom_in_circles_ends(api: Walker, site: Site, buyer: Customer) -> None:
    for number in range(12):
        make_order(site, buyer, identifiers={"visible": f"V-{number}"}, packages=[])
    answer = api.ask("GET", f"{href(api.root(), 'purchases')}?zoom={':'.join(['element', 'list'] * 6)}")
    assert (answer.status_code, answer.json()["messages"][0]["id"]) == (400, "field.invalid.size")


def count(document: Doc, path: list[str]) -> int:
    """How many resources were zoomed into along this path."""
    if not path:
        return 1
    return sum(count(child, path[1:]) for child in document.get(f"_{path[0]}", []))


def test_lists_and_their_pages_ask_as_much_for_one_as_for_many(site: Site) -> None:
    """Orders with all that is in the way of them too, for one buyer on account."""
    buyer = make_buyer(site, payment_on_account=True, credit_limit=5, currency_code="GBP")
    queries = []
    for first, last in ((0, 1), (1, 30)):
        for number in range(first, last):
            members: dict[str, Any] = {"payment_method": "on_account", "identifiers": {"visible": f"V-{number}"}}
            make_order(site, buyer, type="order_unconfirmed", **members)
        api, asked = walker_of(buyer), []
        orders = href(api.follow("defaultprofile"), "orders")
        for address, accept in (
            (orders, "application/json"),
            (f"{orders}?zoom=element:purchaseform,element:total", "application/json"),
            (f"{href(api.root(), 'purchases')}?zoom=element:list,element:lineitems:purchase:list", "application/json"),
            (orders, "text/html"),
            (href(api.root(), "purchases"), "text/html"),
        ):
            with CaptureQueriesContext(connection) as captured:
                answer = api.ask("GET", address, Accept=accept)
            assert answer.status_code == 200
            asked.append(len(captured))
        queries.append(asked)
    assert queries[0] == queries[1]
    assert b"V-29" in answer.content


def test_a_zoom_over_many_purchases_asks_each_table_once(site: Site, buyer: Customer) -> None:
    queries = []
    for first, last in ((0, 1), (1, 50)):
        for number in range(first, last):
            make_whole(site, buyer, number)
        api = walker_of(buyer)
        address = href(api.root(), "purchases")
        with CaptureQueriesContext(connection) as asked:
            document = api.get(address, query=f"zoom={EVERYTHING}")
        queries.append(len(asked))
        assert {
            path: count(document, path.split(":")) // last
            for path in (*EVERYTHING.split(","), "element:lineitems:element", "element:shipments:element")
        } == {
            "element:billingaddress": 1,
            "element:lineitems:element:options:element:value": 1,
            "element:paymentmeans:element": 1,
            "element:shipments:element:destination": 2,
            "element:shipments:element:shippingoption": 2,
            "element:discount": 1,
            "element:lineitems:element": 2,
            "element:shipments:element": 2,
        }
    assert queries[0] == queries[1]
    assert queries[1] < 15
