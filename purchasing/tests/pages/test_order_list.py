"""GET /account/orders/: search, filters, order, pages, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.tests.pages.conftest import sign_in
from tests.cast import line, make_buyer, make_order, package, pay

ORDERS = "/account/orders/"
PLACED = {"placed_at": "2026-03-01T10:00:00Z"}


def listed(browser: Client, **parameters: Any) -> list[str]:
    """The numbers on the page, in order."""
    answer = browser.get(ORDERS, parameters)
    assert answer.status_code == 200
    return [purchase.number for purchase in answer.context["page"].rows]


def by(customer: Customer, *, agent: Customer) -> dict[str, str]:
    return {"sparklayer": customer.public_id, "sparklayer_impersonator": agent.public_id}


def test_a_row_tells_number_date_po_states_and_money(browser: Client, site: Site, buyer: Customer) -> None:
    order = make_order(site, buyer, identifiers={"visible": "SO-1"}, customer_reference="PO 7", dates=PLACED)
    pay(order, "4.00")

    text = browser.get(ORDERS).content.decode()

    assert f'<a href="/account/orders/{order.spark_id}/">SO-1</a>' in text
    for words in ("1 Mar 2026", "PO 7", "In progress", "Partly paid", "£10.00", "£6.00", "Tom Jones"):
        assert words in text


def test_newest_first_and_only_what_a_buyer_calls_an_order(browser: Client, site: Site, buyer: Customer) -> None:
    for day, (number, word) in enumerate(
        [("A", "order"), ("B", "order_unconfirmed"), ("C", "awaiting_approval"), ("D", "quote"), ("E", "cart")], start=1
    ):
        make_order(
            site, buyer, type=word, identifiers={"visible": number}, dates={"placed_at": f"2026-03-0{day}T10:00:00Z"}
        )

    assert listed(browser) == ["C", "B", "A"]


class TestSearch:
    @pytest.fixture(autouse=True)
    def orders(self, site: Site, buyer: Customer) -> None:
        make_order(site, buyer, identifiers={"visible": "other"}, packages=[package(line("OTHER-1"))])
        make_order(
            site,
            buyer,
            identifiers={"visible": "SO-77", "internal": "erp-4411", "platform": "gid-9"},
            customer_reference="PO 2026/0815 50%",
            packages=[
                package(
                    line("ROPE-60", name_parent="Dynamic Rope", name_child="Blue 60 m"),
                    shipping_address={
                        "company": "Base Camp",
                        "address_line1": "7 Philosophy Way",
                        "city": "Willerby",
                        "country_code": "GB",
                    },
                )
            ],
        )

    @pytest.mark.parametrize(
        "text",
        [
            "SO-77",
            "so-7",
            "erp-4411",
            "gid-9",
            "PO 2026/0815",
            "0815",
            "50%",
            "ROPE-60",
            "rope",
            "dynamic blue",
            "60 m",
            "willerby",
            "Base Camp",
            "Philosophy rope SO-77",
            "  SO-77  ",
        ],
    )
    def test_finds(self, browser: Client, text: str) -> None:
        assert listed(browser, search=text) == ["SO-77"]

    @pytest.mark.parametrize("text", ["SO-78", "rope OTHER-1", "%", "_", "'", "SO-77 no", "x" * 200])
    def test_does_not_find(self, browser: Client, text: str) -> None:
        assert listed(browser, search=text) == []

    def test_finds_by_the_sparklayer_id_and_by_our_number(self, browser: Client, site: Site, buyer: Customer) -> None:
        order = make_order(site, buyer)

        assert listed(browser, search=str(order.spark_id).upper()) == [order.number]
        assert listed(browser, search=order.number) == [order.number]

    @pytest.mark.parametrize("text", ["\0", "x" * 201])
    def test_what_cannot_be_searched_is_said(self, browser: Client, text: str) -> None:
        answer = browser.get(ORDERS, {"search": text})

        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()
        assert answer.context["page"].rows == []


class TestFilters:
    @pytest.fixture(autouse=True)
    def orders(self, site: Site, buyer: Customer) -> None:
        shipped = {"dates": {"shipped_at": "2026-03-02T10:00:00Z"}}
        paid = make_order(
            site,
            buyer,
            identifiers={"visible": "PAID"},
            packages=[package(**shipped)],
            dates={"placed_at": "2026-03-01T23:30:00Z"},
        )
        pay(paid, "10.00")
        owing = make_order(
            site,
            buyer,
            identifiers={"visible": "OWING"},
            packages=[package(line(net="30.00"))],
            dates={"placed_at": "2026-03-03T10:00:00Z"},
        )
        pay(owing, "5.00")
        make_order(
            site,
            buyer,
            type="order_unconfirmed",
            identifiers={"visible": "NEW"},
            packages=[package(line(net="20.00"))],
            dates={"placed_at": "2026-03-04T10:00:00Z"},
        )

    @pytest.mark.parametrize(
        ("parameters", "expected"),
        [
            ({}, ["NEW", "OWING", "PAID"]),
            ({"type": "order"}, ["OWING", "PAID"]),
            ({"type": "order_unconfirmed"}, ["NEW"]),
            ({"fulfilment": "shipped"}, ["PAID"]),
            ({"fulfilment": "processing"}, ["NEW", "OWING"]),
            ({"payment": "paid"}, ["PAID"]),
            ({"payment": "partially_paid"}, ["OWING"]),
            ({"outstanding": "on"}, ["NEW", "OWING"]),
            ({"outstanding": "on", "type": "order"}, ["OWING"]),
            ({"since": "2026-03-03"}, ["NEW", "OWING"]),
            ({"until": "2026-03-01"}, ["PAID"]),
            ({"since": "2026-03-02", "until": "2026-03-03"}, ["OWING"]),
            ({"sort": "oldest"}, ["PAID", "OWING", "NEW"]),
            ({"sort": "number"}, ["NEW", "OWING", "PAID"]),
            ({"sort": "total"}, ["OWING", "NEW", "PAID"]),
            ({"search": "rope", "payment": "paid", "sort": "oldest"}, ["PAID"]),
        ],
    )
    def test_chosen(self, browser: Client, parameters: dict[str, str], expected: list[str]) -> None:
        assert listed(browser, **parameters) == expected

    def test_totals_of_several_currencies_are_ordered_by_their_figures_and_that_is_said(
        self, browser: Client, site: Site, buyer: Customer
    ) -> None:
        """What is on one page decides: of one currency there is nothing to say."""
        words = "ordered by the figures of their totals alone"
        before = browser.get(ORDERS, {"sort": "total"})
        yen = line(line_total={"total_net": {"number": "25", "currency": "JPY"}})
        make_order(site, buyer, identifiers={"visible": "YEN"}, currency_code="JPY", packages=[package(yen)])

        pages = [before, browser.get(ORDERS, {"sort": "total"}), browser.get(ORDERS)]

        assert [words in page.content.decode() for page in pages] == [False, True, False]
        assert listed(browser, sort="total") == ["OWING", "YEN", "NEW", "PAID"]

    def test_days_are_the_site_s(self, browser: Client, site: Site) -> None:
        set_setting(site=site, key="time_zone", value="Europe/Berlin")

        assert listed(browser, until="2026-03-01") == []
        assert listed(browser, since="2026-03-02", until="2026-03-02") == ["PAID"]

    @pytest.mark.parametrize(
        "parameters",
        [{"type": "quote"}, {"payment": "x"}, {"since": "yesterday"}, {"until": "0001-01-01"}, {"sort": "-site"}],
    )
    def test_a_filter_that_does_not_exist_is_said_and_finds_nothing(
        self, browser: Client, parameters: dict[str, str]
    ) -> None:
        answer = browser.get(ORDERS, parameters)

        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()
        assert answer.context["page"].rows == []

    def test_a_script_gets_the_part_below_the_filters_and_the_address(self, browser: Client) -> None:
        answer = browser.get(ORDERS, {"search": "PAID", "type": "", "page": "1"}, headers={"HX-Request": "true"})

        assert answer["HX-Push-Url"] == "/account/orders/?search=PAID"
        assert "HX-Request" in answer["Vary"]
        assert "<html" not in answer.content.decode()
        assert 'id="count"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("shown", "asked", "how"),
        [
            ("", "search=r", "Push"),
            ("search=r", "search=rope", "Replace"),
            ("search=rope&page=2", "search=ropes", "Replace"),
            ("search=rope", "search=", "Push"),
            ("search=rope", "search=rope&type=order", "Push"),
            ("search=rope&type=order", "search=ropes&type=order", "Replace"),
            ("type=order", "type=order&search=", "Replace"),
        ],
    )
    def test_another_filter_is_a_page_to_go_back_from(self, browser: Client, shown: str, asked: str, how: str) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{ORDERS}?{shown}"}

        answer = browser.get(f"{ORDERS}?{asked}", headers=headers)

        assert [name for name in ("Push", "Replace") if f"HX-{name}-Url" in answer.headers] == [how]

    def test_a_script_is_told_the_faults_of_filters(self, browser: Client) -> None:
        """And that there is none any more: the part of the page is replaced by an empty one."""
        asked = {"HX-Request": "true"}
        faulty = browser.get(ORDERS, {"since": "2026-13-40"}, headers=asked).content.decode()
        sound = browser.get(ORDERS, {"since": "2026-12-01"}, headers=asked).content.decode()

        assert faulty.count('<div id="faults" hx-swap-oob="true">') == 1
        assert 'href="#id_since">From</a>: Enter a valid date.' in faulty
        assert '<div id="faults" hx-swap-oob="true"></div>' in sound.replace("\n", "")
        assert '<div id="faults"></div>' in browser.get(ORDERS).content.decode().replace("\n", "")

    def test_a_script_whose_session_ended_is_sent_to_sign_in(self, client: Client) -> None:
        shown = "http://testserver/account/orders/?search=rope"

        answer = client.get(ORDERS, {"search": "rop"}, headers={"HX-Request": "true", "HX-Current-URL": shown})

        assert answer["HX-Redirect"] == "/account/login/?next=/account/orders/%3Fsearch%3Drope"


class TestPages:
    @pytest.fixture(autouse=True)
    def orders(self, site: Site, buyer: Customer) -> None:
        for number in range(51):
            make_order(site, buyer, identifiers={"visible": f"SO-{number:02}"}, dates=PLACED)

    def test_fifty_to_a_page_and_filters_kept(self, browser: Client) -> None:
        first = browser.get(ORDERS, {"search": "SO-", "sort": "number"})
        assert len(first.context["page"].rows) == 50
        assert 'href="/account/orders/?search=SO-&amp;sort=number&amp;page=2"' in first.content.decode()

        second = browser.get(ORDERS, {"search": "SO-", "sort": "number", "page": "2"})

        assert [purchase.number for purchase in second.context["page"].rows] == ["SO-50"]
        assert "Orders 51 to 51" in second.content.decode()

    @pytest.mark.parametrize("page", ["3", "99999999"])
    def test_behind_the_last_page(self, browser: Client, page: str) -> None:
        answer = browser.get(ORDERS, {"search": "SO-", "page": page})

        assert answer.context["page"].rows == []
        text = answer.content.decode()
        assert "There are no more orders" in text
        assert "No order fits" not in text
        assert f'href="{ORDERS}?search=SO-">Back to the newest</a>' in text

    @pytest.mark.parametrize("page", ["0", "-1", "x", "١", "9" * 30, "", "1.5"])
    def test_a_page_that_is_no_number_is_the_first(self, browser: Client, page: str) -> None:
        assert len(listed(browser, page=page)) == 50


def test_empty_states(browser: Client) -> None:
    assert "No orders yet" in browser.get(ORDERS).content.decode()
    assert "No order fits" in browser.get(ORDERS, {"search": "rope"}).content.decode()


class TestPlacedBy:
    @pytest.fixture
    def child(self, site: Site, buyer: Customer) -> Customer:
        return make_buyer(site, "Wales", parent=buyer, first_name="Ann")

    @pytest.fixture(autouse=True)
    def orders(self, site: Site, buyer: Customer, child: Customer) -> None:
        make_order(site, buyer, identifiers={"visible": "HEAD"})
        make_order(site, buyer, child=child, identifiers={"visible": "CHILD"})

    def test_a_main_user_chooses_who_placed_it(self, browser: Client, buyer: Customer, child: Customer) -> None:
        choices = browser.get(ORDERS).context["filters"].form.fields["placed_by"].choices
        assert [value for value, _ in choices] == ["", child.public_id, buyer.public_id]
        assert listed(browser, placed_by=buyer.public_id) == ["HEAD"]
        assert listed(browser, placed_by=child.public_id) == ["CHILD"]
        page = browser.get(ORDERS, {"placed_by": child.public_id}).content.decode()
        assert f'/account/orders.csv?placed_by={child.public_id}"' in page

    def test_somebody_else_s_customer_is_no_choice(self, browser: Client, site: Site) -> None:
        stranger = make_buyer(site, "Summit Supplies")
        assert listed(browser, placed_by=stranger.public_id) == []

    def test_who_sees_his_own_alone_has_nothing_to_choose(self, child: Customer, buyer: Customer) -> None:
        own = sign_in(child)
        assert "placed_by" not in own.get(ORDERS).context["filters"].form.fields
        assert listed(own, placed_by=buyer.public_id) == ["CHILD"]

    def test_an_agent_chooses_what_he_placed_and_of_a_picked_company_who_did(
        self, site: Site, buyer: Customer, child: Customer
    ) -> None:
        agent = make_buyer(site, "Agents", role="sales-agent")
        make_order(site, buyer, identifiers={"visible": "MINE"}, customer_identifiers=by(buyer, agent=agent))
        seen = sign_in(agent)
        assert listed(seen) == ["MINE", "CHILD", "HEAD"]
        assert listed(seen, placed_by=agent.public_id) == ["MINE"]
        assert listed(seen, placed_by=child.public_id) == []

        seen.post("/account/customers/pick/", {"customer": buyer.public_id})

        assert listed(seen, placed_by=child.public_id) == ["CHILD"]
        assert listed(seen, placed_by=buyer.public_id) == ["MINE", "HEAD"]
        assert listed(seen, placed_by=agent.public_id) == ["MINE"]

    def test_more_people_cost_no_more_queries(self, browser: Client, site: Site, buyer: Customer) -> None:
        counts = []
        for people in (1, 8):
            for _ in range(people):
                make_order(site, buyer, child=make_buyer(site, parent=buyer))
            with CaptureQueriesContext(connection) as queries:
                browser.get(ORDERS, {"placed_by": buyer.public_id})
            counts.append(len(queries))
        assert counts[0] == counts[1] < 12


@pytest.mark.parametrize(
    ("paid", "words"), [("4.00", "£6.00 to pay"), ("10.00", "£0.00"), ("12.00", "£2.00 in credit")]
)
def test_the_balance_is_told_to_a_main_user(
    browser: Client, site: Site, buyer: Customer, paid: str, words: str
) -> None:
    pay(make_order(site, buyer, payment_method="on_account"), paid)

    assert words in " ".join(browser.get(ORDERS).content.decode().split())


@pytest.mark.parametrize(("role", "told"), [("main", True), ("", False), ("limited-customer", False)])
def test_a_child_is_told_the_company_s_balance_only_as_main_user(
    site: Site, buyer: Customer, role: str, told: bool
) -> None:
    make_order(site, buyer, payment_method="on_account")
    child = make_buyer(site, parent=buyer, role=role)

    assert ("£10.00 to pay" in sign_in(child).get(ORDERS).content.decode()) is told


def test_fifty_rows_cost_as_many_queries_as_one(browser: Client, site: Site, buyer: Customer) -> None:
    counts: list[int] = []
    for rows in (1, 50):
        for _ in range(rows - len(counts)):
            make_order(
                site, buyer, child=make_buyer(site, parent=buyer) if rows == 1 else None, payment_method="invoice"
            )
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(browser, search="rope")) == rows
        counts.append(len(queries))

    assert counts[0] == counts[1] < 12
