"""GET /account/to-come/ and its CSV: what has not left yet, by SKU and ship-to."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.documents import StockRow
from catalog.operations import update_stock
from catalog.tests.cast import make_location
from core.models import Site
from customers.models import Customer
from purchasing.pages import to_come as pages
from purchasing.tests.pages.conftest import sign_in, words_of
from purchasing.tests.test_statements import server_log
from tests.callers import ApiCaller
from tests.cast import line, make_buyer, make_order, package
from tests.large_tables import take_for_large

TO_COME, CSV = "/account/to-come/", "/account/to-come.csv"
MARKUP = '<i onclick="x">\'&'


def address(city: str) -> dict[str, Any]:
    return {"address_line1": "1 Quay Road", "city": city, "country_code": "GB"}


def shown(browser: Client, **parameters: str) -> list[tuple[str, str, int, int, int]]:
    """SKU, ship-to, ordered, shipped and open of every row, over all pages."""
    rows: list[pages.ToCome] = []
    for number in range(1, 100):
        answer = browser.get(TO_COME, {**parameters, "page": str(number)})
        assert answer.status_code == 200
        rows += answer.context["page"].rows
        if not answer.context["page"].has_next:
            break
    return [(row.sku, row.ship_to, row.ordered, row.shipped, row.open) for row in rows]


def downloaded(browser: Client, **parameters: str) -> list[dict[str, str]]:
    answer = browser.get(CSV, parameters)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer["Cache-Control"] == "no-store, private"
    return list(csv.DictReader(answer.getvalue().decode().splitlines()))


@pytest.fixture
def orders(site: Site, buyer: Customer) -> None:
    """Ropes for two places in two orders, shoes in one; something of all of it has left already."""
    gone = {"dates": {"shipped_at": "2026-03-02T10:00:00Z"}}
    make_order(
        site,
        buyer,
        identifiers={"visible": "SO-1"},
        packages=[
            package(line("ROPE-60", quantity=2), shipping_address=address("Bristol"), **gone),
            package(line("ROPE-60", quantity=3), line("SHOE-42"), shipping_address=address("Bristol")),
        ],
    )
    make_order(
        site,
        buyer,
        identifiers={"internal": "erp-2"},
        packages=[
            package(line("ROPE-60", quantity=5), shipping_address=address("York")),
            package(line("GONE-1"), shipping_address=address("York"), **gone),
        ],
    )


@pytest.mark.usefixtures("orders")
def test_what_is_open_by_sku_and_ship_to_over_all_orders(browser: Client, site: Site, buyer: Customer) -> None:
    order = make_order(
        site,
        buyer,
        type="order_unconfirmed",
        identifiers={"visible": "SO-3"},
        packages=[package(line("ROPE-60", quantity=1), shipping_address=address("York"))],
    )

    assert shown(browser) == [
        ("ROPE-60", "1 Quay Road, Bristol", 5, 2, 3),
        ("ROPE-60", "1 Quay Road, York", 6, 0, 6),
        ("SHOE-42", "1 Quay Road, Bristol", 1, 0, 1),
    ]
    text = browser.get(TO_COME).content.decode()
    assert f'<a href="/account/orders/{order.spark_id}/">SO-3</a>' in text
    assert "Products 1 to 3" in text


def test_a_city_stands_where_the_post_of_its_country_writes_it(browser: Client, site: Site, buyer: Customer) -> None:
    """On page and file alike; what is not known of a package's address is that of the order's first one."""
    bonn = {"name": "Ann", "address_line1": "Markt 1", "city": "Bonn", "postal_code": "53111", "country_code": "DE"}
    hull = {"address_line1": "1 Quay Road", "city": "Hull", "postal_code": "HU1 2AA", "country_code": "GB"}
    packages = [package(line("AXE"), shipping_address=bonn), package(line("ROPE-60"))]
    make_order(site, buyer, packages=packages)
    make_order(site, buyer, packages=[package(line("SHOE-42"), shipping_address=hull)])

    places = ["Ann, Markt 1, 53111 Bonn", "Ann, Markt 1, 53111 Bonn", "1 Quay Road, Hull HU1 2AA"]
    assert [place for _sku, place, *_ in shown(browser)] == places
    assert [row["ship_to"] for row in downloaded(browser)] == places
    assert [sku for sku, *_ in shown(browser, search="53111 bonn")] == ["AXE", "ROPE-60"]


@pytest.mark.usefixtures("orders")
def test_it_is_what_the_api_answers(browser: Client, api: ApiCaller, buyer: Customer) -> None:
    answered = api.get(f"/api/v1/customers/{buyer.public_id}/open-lines").json()

    assert shown(browser) == [
        (row["sku"], row["ship_to"], row["ordered"], row["shipped"], row["open"]) for row in answered
    ]


@pytest.mark.usefixtures("orders")
def test_when_it_is_expected(browser: Client, site: Site) -> None:
    location = make_location(site)
    row = {
        "stock_location_id": location.public_id,
        "sku": "ROPE-60",
        "stock_level": 0,
        "restock_date": "2999-03-01",
    }
    update_stock(site=site, rows=[StockRow.model_validate(row)], now=timezone.now())

    text = browser.get(TO_COME).content.decode()

    expected = [row.expected_on for row in browser.get(TO_COME).context["page"].rows]
    assert expected == [date(2999, 3, 1), date(2999, 3, 1), None]
    assert '<time datetime="2999-03-01">1 Mar 2999</time>' in text
    assert "unknown" in text


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", 3),
        ("rope", 2),
        ("ROPE york", 1),
        ("york rope-60", 1),
        ("Product", 3),
        ("bristol", 2),
        ("bristol leeds", 0),
        ("%", 0),
        ("_", 0),
    ],
)
def test_search(browser: Client, search: str, found: int) -> None:
    assert len(shown(browser, search=search)) == len(downloaded(browser, search=search)) == found


@pytest.mark.usefixtures("orders")
@pytest.mark.parametrize("search", ["\0", "x" * 201])
def test_what_cannot_be_searched_is_said_and_finds_nothing(browser: Client, search: str) -> None:
    answer = browser.get(TO_COME, {"search": search})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert (shown(browser, search=search), downloaded(browser, search=search)) == ([], [])


@pytest.mark.usefixtures("orders")
def test_the_file_in_full(browser: Client) -> None:
    answer = browser.get(CSV, {"search": "york"})

    assert answer.getvalue().decode() == (
        "sku,name,ship_to,ordered,shipped,returned,open,not_confirmed,expected_at,orders,companies\r\n"
        'ROPE-60,Product ROPE-60,"1 Quay Road, York",5,0,0,5,0,,erp-2,Tom Jones Climbing\r\n'
    )
    assert answer["Content-Disposition"].startswith('attachment; filename="to-come-')


@pytest.mark.usefixtures("orders")
def test_what_the_merchant_has_not_confirmed_is_marked(browser: Client, site: Site, buyer: Customer) -> None:
    assert "not confirmed yet" not in words_of(browser.get(TO_COME))
    york = [package(line("ROPE-60", quantity=2), shipping_address=address("York"))]
    make_order(site, buyer, type="order_unconfirmed", identifiers={"visible": "SO-3"}, packages=york)

    assert "SO-3 × 2 not confirmed yet" in words_of(browser.get(TO_COME))
    assert [(row["open"], row["not_confirmed"]) for row in downloaded(browser)] == [("3", "0"), ("7", "2"), ("1", "0")]


@pytest.mark.usefixtures("orders")
def test_who_sees_several_companies_is_told_whose_each_order_is(browser: Client, site: Site, buyer: Customer) -> None:
    make_order(site, make_buyer(site, "Summit Supplies"), identifiers={"visible": "SUM-1"})
    agent = sign_in(make_buyer(site, "Agency", role="sales-agent"))

    text = words_of(agent.get(TO_COME))

    assert "SO-1 × 3 Tom Jones Climbing" in text
    assert "SUM-1 × 1 Summit Supplies" in text
    assert {row["companies"] for row in downloaded(agent)} == {"Summit Supplies", "Tom Jones Climbing"}
    assert "Tom Jones Climbing" not in words_of(browser.get(TO_COME)).split("Still to come", 2)[2]
    agent.post("/account/customers/pick/", {"customer": buyer.public_id})
    assert "× 3 Tom Jones Climbing" not in words_of(agent.get(TO_COME))


def test_what_came_back_is_not_shipped(browser: Client, site: Site, buyer: Customer) -> None:
    """As the page of the order counts it (docs/money.md, 3)."""
    make_order(
        site,
        buyer,
        packages=[
            package(line(quantity=4), dates={"shipped_at": "2026-03-02T10:00:00Z"}),
            package(line(quantity=1), dates={"returned_at": "2026-03-04T10:00:00Z"}),
            package(line(quantity=3)),
        ],
    )

    [row] = downloaded(browser)

    assert [row[name] for name in ("ordered", "shipped", "returned", "open")] == ["8", "4", "1", "3"]
    assert "4 1 returned 3" in words_of(browser.get(TO_COME))


def test_a_formula_is_none_in_the_file(browser: Client, site: Site, buyer: Customer) -> None:
    make_order(site, buyer, identifiers={"visible": "=1+1"}, packages=[package(line("=2+2", name_parent="@SUM(A1)"))])

    [row] = downloaded(browser)

    assert (row["sku"], row["name"], row["orders"]) == ("'=2+2", "'@SUM(A1)", "'=1+1")


def test_markup_is_shown_as_it_was_written(browser: Client, site: Site, buyer: Customer) -> None:
    make_order(
        site,
        buyer,
        identifiers={"visible": MARKUP},
        packages=[package(line(MARKUP, name_parent=MARKUP), shipping_address=address(MARKUP))],
    )

    text = browser.get(TO_COME, {"search": MARKUP}).content.decode()

    assert "<i onclick" not in text
    assert text.count("&lt;i onclick=&quot;x&quot;&gt;&#x27;&amp;") >= 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(st.sampled_from(["A", "B", "=C", ""]), st.integers(1, 9), st.sampled_from(["York", "Leeds", "-X"])),
        max_size=8,
    ),
    search=st.sampled_from(["", "a", "b york", "=", "-x", "nothing", "product"]),
    size=st.integers(1, 4),
)
def test_the_file_has_the_rows_of_the_page(
    site: Site, lines: list[tuple[str, int, str]], search: str, size: int
) -> None:
    buyer = make_buyer(site)
    browser = sign_in(buyer)
    for sku, quantity, city in lines:
        make_order(site, buyer, packages=[package(line(sku, quantity=quantity), shipping_address=address(city))])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE_SIZE", size)
        rows = shown(browser, search=search)

    file = downloaded(browser, search=search)

    assert [
        (row["sku"].removeprefix("'"), row["ship_to"], int(row["ordered"]), int(row["shipped"]), int(row["open"]))
        for row in file
    ] == rows
    assert all(row["sku"][0] in "AB'" for row in file if row["sku"])


def test_empty_states(browser: Client) -> None:
    assert "Nothing is on its way" in browser.get(TO_COME).content.decode()
    assert "Nothing fits" in browser.get(TO_COME, {"search": "rope"}).content.decode()
    behind = browser.get(TO_COME, {"search": "rope", "page": "2"}).content.decode()
    assert ("There is nothing more" in behind, "Nothing fits" in behind) == (True, False)
    assert f'href="{TO_COME}?search=rope">Back to the first page</a>' in behind
    assert downloaded(browser) == []


@pytest.mark.usefixtures("orders")
def test_a_script_gets_the_part_below_the_filter_and_the_address(browser: Client) -> None:
    answer = browser.get(TO_COME, {"search": "rope", "page": "1"}, headers={"HX-Request": "true"})

    assert answer["HX-Push-Url"] == "/account/to-come/?search=rope"
    assert "<html" not in answer.content.decode()
    assert 'hx-swap-oob="true"' in answer.content.decode()


def test_a_script_is_told_the_faults_of_the_filter(browser: Client) -> None:
    answer = browser.get(TO_COME, {"search": "x" * 201}, headers={"HX-Request": "true"}).content.decode()

    assert '<div id="faults" hx-swap-oob="true">' in answer
    assert "at most 200 characters" in answer
    assert '<div id="faults"></div>' in browser.get(TO_COME).content.decode().replace("\n", "")


@pytest.fixture
def company(site: Site) -> dict[str, Customer]:
    """A head office, two children, and an unrelated customer; each waits for something of its own name."""
    head = make_buyer(site, sales_agent_groups=["north"])
    ann, bob = make_buyer(site, parent=head), make_buyer(site, parent=head)
    stranger = make_buyer(site, "Summit Supplies")
    for name, buyer, child in (
        ("HEAD", head, None),
        ("ANN", head, ann),
        ("BOB", head, bob),
        ("SUMMIT", stranger, None),
    ):
        make_order(site, buyer, child=child, packages=[package(line(name))])
    return {"head": head, "ann": ann, "bob": bob, "stranger": stranger}


@pytest.mark.parametrize(
    ("who", "skus"),
    [
        ("head", ["ANN", "BOB", "HEAD"]),
        ("ann", ["ANN"]),
        ("stranger", ["SUMMIT"]),
        ("agent of north", ["ANN", "BOB", "HEAD"]),
        ("agent of all", ["ANN", "BOB", "HEAD", "SUMMIT"]),
        ("there", []),
    ],
)
def test_of_which_orders(site: Site, other_site: Site, company: dict[str, Customer], who: str, skus: list[str]) -> None:
    others: dict[str, Callable[[], Customer]] = {
        "agent of north": lambda: make_buyer(site, role="sales-agent", sales_agent_groups=["north"]),
        "agent of all": lambda: make_buyer(site, role="sales-admin"),
        "there": lambda: make_buyer(other_site),
    }
    browser = sign_in(company[who] if who in company else others[who]())

    assert [sku for sku, *_ in shown(browser)] == skus == [row["sku"] for row in downloaded(browser)]


def test_fifty_rows_cost_as_many_statements_as_one(browser: Client, site: Site, buyer: Customer) -> None:
    counts: list[tuple[int, int]] = []
    for rows in (1, 50):
        for number in range(len(shown(browser)), rows):
            there = address(f"City {number}")
            make_order(site, buyer, packages=[package(line(f"SKU-{number}"), shipping_address=there)])
        with server_log() as of_page:
            assert len(browser.get(TO_COME).context["page"].rows) == rows
        with server_log() as of_file:
            assert len(downloaded(browser)) == rows
        counts.append((len(of_page.statements), len(of_file.statements)))

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 10


def test_more_rows_than_a_file_holds_are_refused_in_a_sentence(
    browser: Client, site: Site, buyer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_order(site, buyer, packages=[package(line("ROPE-60"), line("ROPE-70"))])
    monkeypatch.setattr(pages, "MOST_ROWS", 2)
    assert browser.get(CSV).status_code == 200
    monkeypatch.setattr(pages, "MOST_ROWS", 1)

    refused = browser.get(CSV)

    assert refused.status_code == 400
    assert "These are too many rows for one file. Filter the list first." in refused.content.decode()


def test_of_very_many_orders_those_that_wait_longest_are_added_up(
    browser: Client, site: Site, buyer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, sku in ((3, "ROPE-70"), (1, "ROPE-50"), (2, "ROPE-60")):
        make_order(site, buyer, dates={"placed_at": f"2026-03-0{day}T10:00:00Z"}, packages=[package(line(sku))])
    words = "More than 2 orders are waited for."
    whole = browser.get(TO_COME)
    monkeypatch.setattr(pages, "MOST_ORDERS", 2)
    monkeypatch.setattr(pages, "MOST_ORDERS_OF_A_FILE", 2)

    some, file = browser.get(TO_COME), browser.get(CSV)

    assert [words in answer.content.decode() for answer in (whole, some)] == [False, True]
    assert [row.sku for row in whole.context["page"].rows] == ["ROPE-50", "ROPE-60", "ROPE-70"]
    assert [row.sku for row in some.context["page"].rows] == ["ROPE-50", "ROPE-60"]
    assert file.status_code == 400


def test_orders_are_looked_up_by_the_index_of_their_ids(orders: None, browser: Client) -> None:
    """As PostgreSQL plans it for purchases of which it takes there to be very many, 300,000."""
    with CaptureQueriesContext(connection) as asked:
        assert shown(browser)
    by_id = [row["sql"] for row in asked if '"spark_id" IN (' in row["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_customer, purchasing_purchase")
        take_for_large(["purchasing_purchase"])
        for statement in by_id:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row for (row,) in cursor.fetchall())
            assert " one_purchase_per_sparklayer_id" in plan, f"{statement}\n{plan}"
    assert len(by_id) == 2
