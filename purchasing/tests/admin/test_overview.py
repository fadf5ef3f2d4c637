"""The first page of the back office: what waits, orders by week, debts by age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Site
from customers.models import Customer
from customers.tests.past import Past, write_past
from purchasing.admin import navigation
from purchasing.models import PurchaseMail
from tests.cast import line, make_customer, make_order, package, pay


def shown(back_office: Client) -> Any:
    return back_office.get("/admin/").context


def counts(back_office: Client) -> dict[str, str]:
    return {card.title: card.count for card in shown(back_office)["cards"]}


def test_nothing_waits_at_the_beginning(back_office: Client) -> None:
    page = back_office.get("/admin/")
    assert {card.count for card in page.context["cards"]} == {"0"}
    assert "Nobody owes anything." in page.content.decode()
    assert "Nothing was ordered" in page.content.decode()


def test_cards_count_what_waits_and_lead_to_it(back_office: Client, site: Site, other_site: Site) -> None:
    for of in (site, other_site):
        make_order(of, type="order_unconfirmed")
        waiting = make_order(of, type="awaiting_approval")
        PurchaseMail.objects.create(site=of, purchase=waiting, kind="shipped", state="failed", noted_at=timezone.now())
    doubled = make_order(site, make_customer(site))
    pay(doubled, "3.00", platform_id="A")
    pay(doubled, "3.00", platform_id="B")
    late = make_customer(site, email="late@example.com")
    write_past(late, Past(datetime(2026, 1, 1, tzinfo=UTC), "10.00"))
    assert counts(back_office) == {
        "Unconfirmed orders": "1",
        "Awaiting approval": "1",
        "Overdue accounts": "1",
        "With warnings": "1",
        "E-mails not sent": "1",
        "Suspected duplicates": "2",
    }
    for card in shown(back_office)["cards"]:
        assert back_office.get(card.link).context["cl"].result_count == int(card.count), card.title


def test_the_sidebar_counts_what_waits_beside_its_page(
    back_office: Client, site: Site, other_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def badges() -> dict[str, tuple[str, str]]:
        areas = back_office.get("/admin/customers/customer/").context["sidebar_navigation"]
        items = [item for area in areas for item in area["items"] if "badge" in item]
        return {str(item["link"]).split("/")[-2]: (item["badge"], item["badge_title"]) for item in items}

    assert badges() == {}
    for of in (site, other_site):
        for kind in ("order_unconfirmed", "order_unconfirmed", "awaiting_approval"):
            waiting = make_order(of, type=kind)
        PurchaseMail.objects.create(site=of, purchase=waiting, kind="shipped", state="failed", noted_at=timezone.now())
        doubled = make_order(of)
        for number in ("A", "B"):
            pay(doubled, "3.00", platform_id=number)
    assert badges() == {
        "purchase": ("3", "Unconfirmed orders: 2, Awaiting approval: 1"),
        "purchasetransaction": ("2", "Suspected duplicates: 2"),
        "purchasemail": ("1", "E-mails not sent: 1"),
    }
    monkeypatch.setattr(navigation, "MOST", 1)
    assert badges()["purchase"] == ("1+", "Unconfirmed orders: 1+, Awaiting approval: 1")


def test_orders_are_summed_by_week_and_currency(back_office: Client, site: Site, other_site: Site) -> None:
    now = timezone.now()
    monday = (now - timedelta(days=now.weekday())).date()
    for of, weeks, code, net in (
        (site, 0, "GBP", "10.00"),
        (site, 0, "GBP", "5.50"),
        (site, 11, "GBP", "31.00"),
        (site, 12, "GBP", "99.00"),
        (site, 1, "JPY", "700"),
        (other_site, 0, "GBP", "1000.00"),
    ):
        day = monday - timedelta(weeks=weeks)
        make_order(
            of,
            currency_code=code,
            dates={"placed_at": f"{day}T00:00:00Z"},
            packages=[package(line(line_total={"total_net": {"number": net, "currency": code}}))],
        )
    pounds, yen = shown(back_office)["sales"]
    assert [bar.figure for bar in pounds.bars] == ["31.00", *["0.00"] * 10, "15.50"]
    assert [bar.length for bar in pounds.bars] == [100, *[0] * 10, 50]
    assert (yen.currency_code, yen.bars[-2].figure, yen.bars[-1].figure) == ("JPY", "700", "0")


def test_debts_are_told_by_age(back_office: Client, site: Site) -> None:
    today = timezone.now()
    for days, amount in ((0, "7.00"), (40, "5.00"), (200, "2.00")):
        who = make_customer(site, email=f"{days}@example.com")
        write_past(who, Past(today - timedelta(days=days), amount))
    [plot] = shown(back_office)["debts"]
    assert [(bar.name, bar.figure) for bar in plot.bars] == [
        ("Not due", "7.00"),
        ("1–30 days", "5.00"),
        ("31–60 days", "0.00"),
        ("61–90 days", "0.00"),
        ("Over 90 days", "2.00"),
    ]


@pytest.mark.parametrize("orders", [1, 12])
def test_as_many_queries_for_any_number_of_orders(
    back_office: Client, site: Site, customer: Customer, orders: int
) -> None:
    for _ in range(orders):
        make_order(site, customer, payment_method="on_account")
    back_office.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        back_office.get("/admin/")
    assert len(queries) == 13
