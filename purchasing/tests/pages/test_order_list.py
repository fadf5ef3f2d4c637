"""GET /account/orders/."""

from __future__ import annotations

from django.test import Client

from core.models import Site
from customers.models import Customer
from tests.cast import make_order


def test_an_order_is_listed_with_its_number_and_total(browser: Client, site: Site, buyer: Customer) -> None:
    order = make_order(site, buyer, identifiers={"visible": "SO-1"})

    page = browser.get("/account/orders/")

    assert page.status_code == 200
    assert f'<a href="/account/orders/{order.spark_id}/">SO-1</a>' in page.content.decode()
    assert "£10.00" in page.content.decode()
