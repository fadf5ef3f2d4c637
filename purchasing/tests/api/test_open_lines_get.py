"""GET /api/v1/customers/{id}/open-lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.documents import StockRow
from catalog.models import StockLocation
from catalog.operations import update_stock
from catalog.tests.cast import make_location
from core.models import Site
from customers.models import Customer
from purchasing.store.open_lines import open_lines
from purchasing.tests.bakers import delete, line, on_account, order, package, put
from purchasing.tests.bodies import faults
from tests.callers import ApiCaller, make_caller

LEEDS = {"address_line1": "1 Leeds Road", "city": "Leeds", "country_code": "GB"}
YORK = {"address_line1": "2 York Road", "city": "York", "country_code": "GB"}
TO_LEEDS, TO_YORK = "1 Leeds Road, Leeds", "2 York Road, York"


def path(customer: Customer) -> str:
    return f"/api/v1/customers/{customer.public_id}/open-lines"


def waiting(api: ApiCaller, customer: Customer) -> list[tuple[Any, ...]]:
    """Every row's SKU, address, open, ordered, shipped, and how much of it is open in which order."""
    rows = api.get(path(customer)).json()
    return [
        (
            *(row[name] for name in ("sku", "ship_to", "open", "ordered", "shipped")),
            {order["purchase_identifiers"]["internal"]: order["open"] for order in row["purchases"]},
        )
        for row in rows
    ]


def stock(location: StockLocation, sku: str, restock_date: str | None) -> None:
    row = {"stock_location_id": location.public_id, "sku": sku, "stock_level": 0, "restock_date": restock_date}
    update_stock(site=location.site, rows=[StockRow.model_validate(row)], now=timezone.now())


def goods(
    sku: str, quantity: int, *, to: dict[str, Any] | None = None, type: str = "", **members: Any
) -> dict[str, Any]:
    """A package of one line."""
    address: dict[str, Any] = {} if to is None else {"shipping_address": to}
    return package(line(sku=sku, quantity=quantity), type=type, **address, **members)


def test_a_row_in_full(api: ApiCaller, site: Site, company: Customer) -> None:
    rope = line(sku="ROPE", quantity=3, name_parent="Rope", name_child="60 m")
    stored = put(
        site, order(package(rope, shipping_address=LEEDS), customer=company, customer_reference="PO 7")
    ).purchase
    assert api.get(path(company)).json() == [
        {
            "sku": "ROPE",
            "name": "Rope 60 m",
            "ship_to": TO_LEEDS,
            "open": 3,
            "ordered": 3,
            "shipped": 0,
            "expected_at": None,
            "purchases": [
                {
                    "id": f"o_{stored.id}",
                    "purchase_identifiers": {
                        "sparklayer": str(stored.spark_id),
                        "platform": "",
                        "internal": "A-1",
                        "visible": "",
                    },
                    "customer_reference": "PO 7",
                    "open": 3,
                }
            ],
        }
    ]


def test_orders_of_one_product_are_one_row(api: ApiCaller, site: Site, company: Customer) -> None:
    put(
        site,
        order(goods("ROPE", 10, to=LEEDS), customer=company, dates={"placed_at": "2026-03-02T09:00:00Z"}),
        "second",
    )
    put(site, order(goods("ROPE", 5, to=LEEDS), customer=company, dates={"placed_at": "2026-03-01T09:00:00Z"}), "first")
    put(site, order(goods("AXE", 1, to=LEEDS), customer=company), "third")
    assert waiting(api, company) == [
        ("AXE", TO_LEEDS, 1, 1, 0, {"third": 1}),
        ("ROPE", TO_LEEDS, 15, 15, 0, {"first": 5, "second": 10}),
    ]
    purchases = api.get(path(company)).json()[1]["purchases"]
    assert [item["purchase_identifiers"]["internal"] for item in purchases] == ["first", "second"]


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        ([goods("ROPE", 6, to=LEEDS), goods("ROPE", 4, to=LEEDS, type="shipment")], [(6, 10, 4)]),
        ([goods("ROPE", 6, to=LEEDS), goods("ROPE", 4, to=LEEDS, type="refund")], [(6, 10, 0)]),
        ([goods("ROPE", 6, to=LEEDS), goods("ROPE", 4, to=LEEDS, type="cancelled")], [(6, 6, 0)]),
        ([goods("ROPE", 6, to=LEEDS), goods("ROPE", 4, type="shipment"), goods("ROPE", 1, type="refund")],
         [(6, 11, 4)]),
        ([goods("ROPE", 4, type="shipment"), goods("ROPE", 6, to=LEEDS)], [(6, 10, 4)]),
        ([goods("ROPE", 10, to=LEEDS, type="shipment")], []),
        ([goods("ROPE", 10, to=LEEDS, type="cancelled")], []),
        ([goods("ROPE", 10, to=LEEDS, type="shipment"), goods("AXE", 0, to=LEEDS)], []),
        ([package(line(sku="ROPE", quantity=2), line(sku="ROPE", quantity=3), shipping_address=LEEDS)], [(5, 5, 0)]),
    ],
    ids=["part shipped", "part returned", "part cancelled", "no address since", "first without address", "shipped",
         "cancelled", "nothing of it", "two lines"],
)  # fmt: skip
def test_what_has_left(
    api: ApiCaller, site: Site, company: Customer, packages: list[Any], expected: list[tuple[int, int, int]]
) -> None:
    put(site, order(*packages, customer=company))
    assert waiting(api, company) == [
        ("ROPE", TO_LEEDS, still_open, ordered, shipped, {"A-1": still_open})
        for still_open, ordered, shipped in expected
    ]


def test_an_order_that_is_done_with_a_product_says_nothing_of_it(api: ApiCaller, site: Site, company: Customer) -> None:
    put(site, order(goods("ROPE", 100, to=LEEDS, type="shipment"), goods("AXE", 1, to=LEEDS), customer=company), "old")
    put(site, order(goods("ROPE", 3, to=LEEDS), customer=company), "new")
    assert waiting(api, company) == [
        ("AXE", TO_LEEDS, 1, 1, 0, {"old": 1}),
        ("ROPE", TO_LEEDS, 3, 3, 0, {"new": 3}),
    ]


def test_each_address_waits_for_its_own(api: ApiCaller, site: Site, company: Customer) -> None:
    packages = [
        goods("ROPE", 2, to=LEEDS),
        goods("ROPE", 1, to=LEEDS, type="shipment"),
        goods("ROPE", 7, to=YORK),
        goods("ROPE", 5, to=YORK, type="cancelled"),
    ]
    put(site, order(*packages, customer=company), "split")
    put(site, order(goods("ROPE", 4, to=YORK), customer=company), "york")
    put(site, order(goods("ROPE", 8), customer=company), "nowhere")
    assert waiting(api, company) == [
        ("ROPE", "", 8, 8, 0, {"nowhere": 8}),
        ("ROPE", TO_LEEDS, 2, 3, 1, {"split": 2}),
        ("ROPE", TO_YORK, 11, 11, 0, {"split": 7, "york": 4}),
    ]


def test_lines_without_a_sku_are_known_by_their_name(api: ApiCaller, site: Site, company: Customer) -> None:
    fitting: dict[str, Any] = {"identifiers": {}, "name_parent": "Fitting"}
    hours: dict[str, Any] = {"identifiers": {}, "name_parent": "Fitting", "name_child": "by the hour"}
    put(site, order(package(line(quantity=1, **fitting), line(quantity=2, **hours)), customer=company), "first")
    put(site, order(package(line(quantity=4, **fitting), line(quantity=8, sku="Fitting")), customer=company), "second")
    rows = [(row["sku"], row["name"], row["open"]) for row in api.get(path(company)).json()]
    assert rows == [("", "Fitting", 5), ("", "Fitting by the hour", 2), ("Fitting", "Item Fitting", 8)]


def test_a_sku_is_called_what_the_newest_order_calls_it(api: ApiCaller, site: Site, company: Customer) -> None:
    for name, day in (
        ("Old", "2026-03-01T09:00:00Z"),
        ("New", "2026-03-03T09:00:00Z"),
        ("Middle", "2026-03-02T09:00:00Z"),
    ):
        put(site, order(package(line(name_parent=name)), customer=company, dates={"placed_at": day}), name)
    assert [row["name"] for row in api.get(path(company)).json()] == ["New"]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([], None),
        ([None], None),
        (["2000-01-01"], None),
        (["2999-02-01", "2000-01-01", "2999-01-05", None], "2999-01-05"),
    ],
)
def test_when_stock_expects_more(
    api: ApiCaller, site: Site, other_site: Site, company: Customer, dates: list[str | None], expected: str | None
) -> None:
    for number, day in enumerate(dates):
        stock(make_location(site, f"L{number}"), "ROPE", day)
    stock(make_location(site), "AXE", "2999-01-01")
    stock(make_location(other_site), "ROPE", "2999-01-01")
    put(site, order(goods("ROPE", 1), package(line(identifiers={})), customer=company))
    assert [(row["sku"], row["expected_at"]) for row in api.get(path(company)).json()] == [
        ("", None),
        ("ROPE", expected),
    ]


def test_what_is_expected_today_is_not_past(site: Site, company: Customer) -> None:
    stock(make_location(site), "ROPE", "2026-05-01")
    put(site, order(goods("ROPE", 1), customer=company))

    def expected(today: date) -> list[str | None]:
        rows = open_lines(site_id=site.pk, customer_ids=[company.pk], limit=1, offset=0, today=today)
        return [row.expected_at for row in rows]

    assert expected(date(2026, 5, 1)) == ["2026-05-01"]
    assert expected(date(2026, 5, 2)) == [None]


@pytest.mark.parametrize(
    ("type", "waits"),
    [("order", True), ("order_unconfirmed", True), ("awaiting_approval", False), ("quote", False), ("cart", False)],
)
def test_only_orders_are_waited_for(api: ApiCaller, site: Site, company: Customer, type: str, *, waits: bool) -> None:
    put(site, on_account(customer=company, type=type))
    assert bool(waiting(api, company)) is waits


def test_a_deleted_order_is_not_waited_for(api: ApiCaller, site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    delete(site)
    assert waiting(api, company) == []


def test_who_waits_for_what(api: ApiCaller, site: Site, company: Customer, child: Customer, summit: Customer) -> None:
    """A company's top for everything of the company, a child for what names it, in either place."""
    of_child = {"sparklayer": company.public_id, "sparklayer_child": child.public_id}
    put(site, order(goods("TOP", 1), customer=company), "top")
    put(site, order(goods("FOR-CHILD", 1), customer_identifiers=of_child), "for child")
    put(site, order(goods("BY-CHILD", 1), customer=child), "by child")
    put(site, order(goods("SUMMIT", 1), customer=summit), "summit")
    put(site, order(goods("NOBODY", 1)), "nobody")
    assert [row[0] for row in waiting(api, company)] == ["BY-CHILD", "FOR-CHILD", "TOP"]
    assert [row[0] for row in waiting(api, child)] == ["BY-CHILD", "FOR-CHILD"]
    assert [row[0] for row in waiting(api, summit)] == ["SUMMIT"]
    child.role = Customer.Role.MAIN
    child.save()
    assert [row[0] for row in waiting(api, child)] == ["BY-CHILD", "FOR-CHILD", "TOP"]


def test_pages(api: ApiCaller, site: Site, company: Customer) -> None:
    put(site, order(*(goods(f"S-{number}", 1) for number in range(5)), customer=company))
    first = api.get(f"{path(company)}?limit=2")
    assert [row["sku"] for row in first.json()] == ["S-0", "S-1"]
    assert first["Link"].endswith(f'{path(company)}?offset=2&limit=2>; rel="next"')
    last = api.get(f"{path(company)}?limit=2&offset=4")
    assert ([row["sku"] for row in last.json()], "Link" in last) == (["S-4"], False)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [("limit=0", "invalid"), ("limit=501", "invalid"), ("offset=-1", "invalid"), ("search=x", "unknown-parameter")],
)
def test_what_cannot_be_asked(api: ApiCaller, company: Customer, asked: str, fault: str) -> None:
    answer = api.get(f"{path(company)}?{asked}")
    assert (answer.status_code, faults(answer)) == (400, [(fault, asked.partition("=")[0])])


def test_it_is_found_by_either_id_and_nobody_else_is(api: ApiCaller, site: Site, company: Customer) -> None:
    Customer.objects.filter(pk=company.pk).update(external_id="TOM")
    put(site, order(customer=company))
    assert api.get("/api/v1/customers/TOM/open-lines").content == api.get(path(company)).content
    assert api.get("/api/v1/customers/unknown/open-lines").status_code == 404
    assert api.get("/api/v1/customers/cu_999999999/open-lines").status_code == 404


@pytest.mark.parametrize(
    ("scopes", "status"), [(["orders.read"], 200), (["orders"], 200), (["customers"], 403), (["products"], 403)]
)
def test_it_needs_the_scope_of_orders(site: Site, company: Customer, scopes: list[str], status: int) -> None:
    assert make_caller(site, scopes=scopes).get(path(company)).status_code == status


def test_it_is_as_many_queries_with_one_order_as_with_twenty(api: ApiCaller, site: Site, company: Customer) -> None:
    counts = []
    for number in range(20):
        put(site, order(goods(f"S-{number}", 2), goods("ROPE", 1), customer=company), f"A-{number}")
        if number in (0, 19):
            with CaptureQueriesContext(connection) as queries:
                assert len(api.get(path(company)).json()) == number + 2
            counts.append(len(queries))
    assert counts == [4, 4]


def test_an_index_holds_the_open_orders_of_each(site: Site, company: Customer) -> None:
    """Among thousands of finished orders of the same customer, both look-ups go straight to the open ones."""
    put(site, order(customer=company))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO purchasing_purchase SELECT (jsonb_populate_record(one, jsonb_build_object("
            "'id', one.id + n, 'spark_id', gen_random_uuid(), 'internal_id', '', 'visible_id', '', 'platform_id', '', "
            "'open_quantity', 0))).* FROM purchasing_purchase AS one, generate_series(1, 3000) AS n"
        )
        cursor.execute("ANALYZE purchasing_purchase")
        for role in ("customer", "child"):
            cursor.execute(
                "EXPLAIN SELECT id FROM purchasing_purchase "
                f"WHERE site_id = {site.pk} AND {role}_id = ANY('{{{company.pk},{company.pk + 1}}}'::bigint[]) "
                "AND deleted_at IS NULL AND open_quantity > 0 AND type IN ('order', 'order_unconfirmed')"
            )
            assert f"waited_for_by_{role}" in str(cursor.fetchall())
        transaction.set_rollback(True)  # orders that are nothing but rows would not stand in the books
