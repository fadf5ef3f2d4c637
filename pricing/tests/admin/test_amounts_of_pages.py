"""Amounts in lists, on pages to read and in forms have their currency's decimals, and lose none of their own."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils.translation import override

from core.admin.display import price
from core.models import Site, StaffMembership
from core.money import price_text
from customers.models import Customer
from pricing.models import Price
from pricing.tests.cast import make_price_list
from tests.cast import make_customer
from tests.html_forms import fields_of

PRICES = "/admin/pricing/price/"


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("14.700000", "GBP", "14.70"),
        ("0.012500", "GBP", "0.0125"),
        ("5000.0000", "JPY", "5000"),
        ("0", "GBP", "0.00"),
        ("1.5", "KWD", "1.500"),
    ],
)
def test_a_price_loses_nothing(amount: str, currency: str, told: str) -> None:
    assert price_text(Decimal(amount), currency) == told
    with override("de"):
        assert price(Decimal(amount), currency).figure == told


def test_prices_are_money(back_office: Client, site: Site) -> None:
    make_price_list(site, "base", ROPE=["14.7"])
    row = Price.objects.get()
    page = f"{PRICES}{row.pk}/change/"
    assert '14.70 <span class="currency">GBP</span>' in back_office.get(PRICES).content.decode()
    assert fields_of(back_office.get(page), "price_form")["price"] == "14.70"
    StaffMembership.objects.update(role="clerk")
    assert '14.70 <span class="currency">GBP</span>' in back_office.get(page).content.decode()


def test_a_credit_limit_is_money(back_office: Client, site: Site) -> None:
    customer = make_customer(site, payment_on_account=True)
    Customer.objects.filter(pk=customer.pk).update(credit_limit="5000", credit_currency_code="GBP")
    page = f"/admin/customers/customer/{customer.pk}/change/"
    assert fields_of(back_office.get(page), "customer_form")["credit_limit"] == "5000.00"
    StaffMembership.objects.update(role="clerk")
    assert "5,000.00 GBP" in back_office.get(page).content.decode()
