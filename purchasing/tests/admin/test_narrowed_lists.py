"""What narrows a list stands above it, and what a list without rows says; what pages are called."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.models import Site
from core.templatetags.back_office import way_here
from core.templatetags.dates import date_links
from customers.models import Customer
from pricing.tests.cast import make_price_list
from purchasing.models import Purchase
from tests.cast import make_customer, make_order, pay

PURCHASES = "/admin/purchasing/purchase/"


def chips(browser: Client, address: str) -> list[tuple[str, str]]:
    return [(chip.name, chip.value) for chip in browser.get(address).context["cl"].chips]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", []),
        ("o=1&p=1&q=&type__exact=", []),
        ("q=rope", [("Search", "rope")]),
        ("type__exact=order&money=outstanding", [("Type", "Order"), ("Money", "Outstanding")]),
        ("type__exact=order&type__exact=quote", [("Type", "Order, Quote")]),
        ("type__exact=pigeon&deleted=yes", [("Type", "pigeon"), ("Deleted", "Deleted")]),
        ("ordered_at__year=2026", [("Ordered at", "2026")]),
        ("ordered_at__year=2026&ordered_at__month=2&ordered_at__day=3", [("Ordered at", "2026-02-03")]),
        ("id__exact=12&money=credit", [("Money", "In credit"), ("ID", "12")]),
    ],
)
def test_each_condition_is_a_chip(back_office: Client, query: str, wanted: list[tuple[str, str]]) -> None:
    assert chips(back_office, f"{PURCHASES}?{query}") == wanted


def test_a_chip_takes_its_condition_away_and_keeps_the_others(
    back_office: Client, site: Site, customer: Customer
) -> None:
    make_order(site, customer, identifiers={"visible": "JC-1"})
    address = f"{PURCHASES}?q=JC-1&type__exact=quote&ordered_at__year=2026&ordered_at__month=2&o=1"
    page: Any = back_office.get(address)
    assert page.context["cl"].result_count == 0
    left = {chip.name: chip.without for chip in page.context["cl"].chips}
    assert left == {
        "Search": "?o=1&ordered_at__month=2&ordered_at__year=2026&type__exact=quote",
        "Type": "?o=1&ordered_at__month=2&ordered_at__year=2026&q=JC-1",
        "Ordered at": "?o=1&q=JC-1&type__exact=quote",
    }
    assert all(link.replace("&", "&amp;") in page.content.decode() for link in left.values())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (PURCHASES, "customer__id__exact"),
        ("/admin/purchasing/package/", "customer"),
        ("/admin/purchasing/purchasetransaction/", "customer"),
    ],
)
def test_a_list_is_narrowed_to_a_customer_of_the_own_site(
    back_office: Client, site: Site, other_site: Site, customer: Customer, address: str, name: str
) -> None:
    for holder in (customer, make_customer(site, "Summit Supplies")):
        pay(make_order(site, holder, identifiers={"visible": f"O-{holder.pk}"}), "1.00")
    stranger = make_customer(other_site, "Elsewhere")
    page: Any = back_office.get(f"{address}?{name}={customer.pk}&site__id__exact={site.pk}")
    rows = [getattr(row, "purchase", row) for row in page.context["cl"].result_list]
    assert [row.customer_id for row in rows] == [customer.pk]
    assert ("Customer", str(customer)) in chips(back_office, f"{address}?{name}={customer.pk}")
    assert f'<input type="hidden" name="site__id__exact" value="{site.pk}">' in page.content.decode()
    other: Any = back_office.get(f"{address}?{name}={stranger.pk}")
    assert (other.context["cl"].result_count, "Elsewhere" in other.content.decode()) == (0, False)
    assert back_office.get(f"{address}?{name}=x")["Location"] == f"{address}?e=1"


def test_packages_are_found_by_the_day_of_their_purchase(back_office: Client, site: Site, customer: Customer) -> None:
    for number, day in (("A", "2025-12-31"), ("B", "2026-02-03")):
        make_order(site, customer, identifiers={"visible": number}, dates={"placed_at": f"{day}T12:00:00Z"})
    address = "/admin/purchasing/package/?purchase__ordered_at__year=2026"
    page = back_office.get(address).context["cl"]
    assert [row.purchase.visible_id for row in page.result_list] == ["B"]
    assert chips(back_office, address) == [("Ordered at", "2026")]
    assert [link.title for link in date_links(back_office.get("/admin/purchasing/package/").context["cl"]).choices] == [
        "2025",
        "2026",
    ]


def test_an_empty_list_says_whether_there_is_nothing_or_nothing_fits(back_office: Client, site: Site) -> None:
    def told(address: str) -> list[bool]:
        text = back_office.get(address).content.decode()
        return [words in text for words in ("No purchases yet", "Nothing fits", "Clear search and filters")]

    assert told(PURCHASES) == [True, False, False]
    assert told(f"{PURCHASES}?q=rope") == [False, True, True]
    make_order(site)
    assert told(PURCHASES) == [False, False, False]
    assert "Add price list" in back_office.get("/admin/pricing/pricelist/").content.decode()


def test_pages_are_called_by_what_they_show(back_office: Client, site: Site, customer: Customer) -> None:
    make_order(site, customer, identifiers={"visible": "JC-1"})
    purchase = Purchase.objects.get()
    price_list = make_price_list(site, "trade")
    names = {
        "/admin/": ("Overview", ["Overview"]),
        PURCHASES: ("Purchases", ["Purchases"]),
        f"{PURCHASES}{purchase.pk}/change/": ("JC-1 | Change purchase", ["Purchases", "JC-1"]),
        f"{PURCHASES}{purchase.pk}/ship/": ("Ship: JC-1", ["Purchases", "Ship: JC-1"]),
        f"{PURCHASES}new-quote/": ("New quote", ["Purchases", "New quote"]),
        "/admin/pricing/pricelist/add/": ("Add price list", ["Price lists", "Add price list"]),
        f"/admin/pricing/pricelist/{price_list.pk}/history/": (
            f"Change history: {price_list}",
            ["Price lists", str(price_list)],
        ),
        "/admin/password_change/": ("Password change", ["Password change"]),
    }
    found = {}
    for address in names:
        page: Any = back_office.get(address)
        title = page.content.decode().split("<title>")[1].split("</title>")[0].strip().removesuffix(" | sparkproject")
        found[address] = (title, [str(part["title"]) for part in way_here(page.context)["parts"]])
    assert found == names
