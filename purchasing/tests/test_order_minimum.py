"""Order minimums bind what customers place, and programs where the site says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.errors import Conflict
from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer, OrderMinimum
from customers.tests.cast import make_group
from purchasing.order_minimum import net_total
from purchasing.putting import Outcome
from purchasing.tests import orders
from purchasing.tests.bakers import accept, line, make_customer, order, package, put, stored
from purchasing.tests.bodies import PURCHASES
from tests.callers import ApiCaller

TAXED: dict[str, Any] = {"total": {"tax_rate": 20}}


@pytest.fixture
def buyer(site: Site, company: Customer) -> Customer:
    """Of a group that asks for 150 pounds."""
    company.group = make_group(site, "uk", GBP="150")
    company.save()
    return company


@pytest.fixture
def bound(site: Site) -> None:
    """Programs are bound too."""
    set_setting(site=site, key="enforce_order_minimum_for_api", value=True)


def quote(site: Site, buyer: Customer, net: str = "100", **members: Any) -> None:
    put(site, order(package(line(net)), customer=buyer, type="quote", **members))


# --- customers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("net", "is_refused"), [("149.99", True), ("150", False)])
@pytest.mark.parametrize("role", ["main", "limited-customer"])
def test_a_customer_s_acceptance_has_to_come_to_it(
    site: Site, buyer: Customer, net: str, is_refused: bool, role: str
) -> None:
    quote(site, buyer, net)
    buyer.role = role
    if not is_refused:
        assert accept(site, reader=buyer).purchase.type == ("order" if role == "main" else "awaiting_approval")
        return
    with pytest.raises(Conflict) as refusal:
        accept(site, reader=buyer)
    assert refusal.value.title == "order-minimum"
    assert refusal.value.members == {"minimum": {"number": "150.00", "currency": "GBP"}}
    assert stored(site).type == "quote"


def test_the_group_of_who_buys_is_asked_not_that_of_who_accepts(site: Site, buyer: Customer) -> None:
    agent = make_customer(site, "Agent", role="sales-agent")
    quote(site, buyer)

    with pytest.raises(Conflict, match="150"):
        accept(site, reader=agent)


def test_another_currency_is_not_asked(site: Site, buyer: Customer) -> None:
    put(site, order(package(line("1", currency="EUR")), customer=buyer, type="quote"))

    assert accept(site, reader=buyer).purchase.type == "order"


@pytest.mark.parametrize(("compare_type", "is_refused"), [("gross", False), ("net", True)])
def test_gross_is_with_tax_and_freight_net_without_tax(
    site: Site, buyer: Customer, compare_type: str, is_refused: bool
) -> None:
    OrderMinimum.objects.update(compare_type=compare_type)
    cancelled = package(line("500"), type="cancelled")
    sent = package(line("115", **TAXED), shipping="12")
    put(site, order(sent, cancelled, customer=buyer, type="quote"))
    assert (stored(site).calculated_total, net_total(stored(site))) == (Decimal(150), Decimal(127))

    if is_refused:
        with pytest.raises(Conflict):
            accept(site, reader=buyer)
    else:
        assert accept(site, reader=buyer).purchase.type == "order"


# --- programs ---------------------------------------------------------------------------------------------------------


def test_programs_are_trusted(site: Site, buyer: Customer, api: ApiCaller) -> None:
    quote(site, buyer)

    assert accept(site).outcome is Outcome.UPDATED
    assert api.post(orders.ORDERS, json=orders.order_body(buyer)).status_code == 200


def test_an_order_of_a_program_has_to_come_to_it_where_the_site_says_so(
    site: Site, buyer: Customer, api: ApiCaller, bound: None
) -> None:
    answer = api.post(orders.ORDERS, json=orders.order_body(buyer))

    assert answer.status_code == 400
    assert [(error["code"], error["property"]) for error in answer.json()["errors"]] == [("order-minimum", "packages")]
    assert answer.json()["minimum"] == {"number": "150.00", "currency": "GBP"}
    enough = orders.parcel(orders.item(net=125, gross=150))
    assert api.post(orders.ORDERS, json=orders.order_body(buyer, enough)).status_code == 200


@pytest.mark.parametrize("type", ["order", "order_unconfirmed", "awaiting_approval"])
def test_a_put_that_places_has_to_come_to_it(
    site: Site, buyer: Customer, api: ApiCaller, bound: None, type: str
) -> None:
    def sent(net: str, **members: Any) -> int:
        body = order(package(line(net)), customer=buyer, **members)
        return int(api.put(f"{PURCHASES}/internal/I-1", json=body).status_code)

    assert [sent("100", type=type), sent("100", type="quote"), sent("100", type=type)] == [400, 200, 400]
    assert [sent("150", type=type), sent("100", type=type)] == [200, 200]  # what was placed may shrink


def test_a_program_s_acceptance_has_to_come_to_it(site: Site, buyer: Customer, api: ApiCaller, bound: None) -> None:
    api.put(f"{PURCHASES}/internal/I-1", json=order(package(line("100")), customer=buyer, type="quote"))

    answer = api.post(f"{PURCHASES}/internal/I-1/accept", json={"revision": 1})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "order-minimum")


def test_nobody_s_order_is_asked_nothing(api: ApiCaller, buyer: Customer, bound: None) -> None:
    assert api.put(f"{PURCHASES}/internal/I-1", json=order(package(line("1")))).status_code == 200
