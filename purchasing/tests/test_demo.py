"""The demo: what it holds, that it is made once, and that its books are right."""

from __future__ import annotations

import contextlib
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from dotenv import dotenv_values

from catalog.availability import available
from catalog.models import ProductVariant, Stock
from core.models import ApiClient, Site, StaffMembership, User
from customers.models import Customer
from pricing.choose import Item, prices_for_customer
from purchasing.models import LineItem, Purchase, PurchaseTransaction
from purchasing.payment import PaymentStatus
from purchasing.status import FulfilmentStatus

NAMES = [
    "BASE_URL",
    "SITE_ID",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SITE2_ID",
    "SITE2_CLIENT_ID",
    "SITE2_CLIENT_SECRET",
    "RO_CLIENT_ID",
    "RO_CLIENT_SECRET",
    "CUSTOMER1_USER",
    "CUSTOMER1_PASSWORD",
    "CUSTOMER1_ID",
    "CUSTOMER2_USER",
    "CUSTOMER2_PASSWORD",
    "CUSTOMER2_ID",
    "ADMIN1_USER",
    "ADMIN1_PASSWORD",
    "ADMIN2_USER",
    "ADMIN2_PASSWORD",
]


def differences_in_the_books() -> list[dict[str, object]]:
    out = StringIO()
    with contextlib.suppress(SystemExit):  # how it says that it found some
        call_command("verify_books", json=True, stdout=out, stderr=StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def state_of_everything() -> list[object]:
    return [
        list(Purchase.objects.order_by("id").values_list("id", "revision", "changed_at")),
        list(PurchaseTransaction.objects.order_by("id").values_list("id", "updated_at")),
        list(User.objects.order_by("id").values_list("email", "password")),
        list(ApiClient.objects.order_by("id").values_list("client_id", "client_secret")),
    ]


@pytest.fixture
def demo(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The demo, made; answers the credentials it wrote."""
    monkeypatch.setenv("BASE_URL", "http://127.0.0.1:8123")
    call_command("demo", credentials=tmp_path / "demo.env", stdout=StringIO())
    return {name: value or "" for name, value in dotenv_values(tmp_path / "demo.env").items()}


def test_it_makes_two_sites_once_with_right_books(demo: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "demo.env"
    assert list(demo) == NAMES
    assert all(demo.values())
    assert demo["BASE_URL"] == "http://127.0.0.1:8123"
    assert path.stat().st_mode & 0o777 == 0o600
    assert {site.slug for site in Site.objects.all()} == {demo["SITE_ID"], demo["SITE2_ID"]}
    assert demo["SITE_ID"] == "jones-climbing"
    assert differences_in_the_books() == []

    before, written = state_of_everything(), path.read_text()
    call_command("demo", credentials=path, stdout=StringIO())
    assert state_of_everything() == before
    assert path.read_text() == written


def test_its_logins_and_clients_are_what_they_are_said_to_be(demo: dict[str, str]) -> None:
    site, other = Site.objects.get(slug=demo["SITE_ID"]), Site.objects.get(slug=demo["SITE2_ID"])
    assert ApiClient.objects.get(client_id=demo["CLIENT_ID"]).site == site
    assert ApiClient.objects.get(client_id=demo["SITE2_CLIENT_ID"]).site == other
    assert ApiClient.objects.get(client_id=demo["RO_CLIENT_ID"]).scopes == ["orders.read"]
    for number in ("1", "2"):
        customer = Customer.objects.get(pk=demo[f"CUSTOMER{number}_ID"].removeprefix("cu_"))
        assert (customer.site, customer.parent, customer.children.count()) == (site, None, 0)
        assert customer.user is not None
        assert customer.user.email == demo[f"CUSTOMER{number}_USER"]
        assert customer.user.check_password(demo[f"CUSTOMER{number}_PASSWORD"])
        assert not customer.user.is_staff
        assert customer.purchases.filter(child=None, impersonator=None).count() == customer.purchases.count() > 25
    for number, own in (("1", site), ("2", other)):
        admin = User.objects.get(email=demo[f"ADMIN{number}_USER"])
        assert (admin.is_staff, admin.is_superuser) == (True, False)
        assert admin.check_password(demo[f"ADMIN{number}_PASSWORD"])
        assert [membership.site for membership in StaffMembership.objects.filter(user=admin)] == [own]
    [root] = User.objects.filter(is_superuser=True)
    assert root.email not in demo.values()


def test_its_totals_are_shown_in_us_dollars_too(demo: dict[str, str]) -> None:
    assert not Purchase.objects.filter(calculated_total_usd=None).exists()
    rates = dict(Purchase.objects.order_by("id").values_list("currency_code", "usd_rate"))
    assert rates["USD"] == 1
    assert rates["GBP"] is not None
    assert 1 < rates["GBP"] < 2
    assert not any(
        warning["code"] == "usd-rate-missing" for purchase in Purchase.objects.all() for warning in purchase.warnings
    )


def test_its_stories_cover_every_state_and_both_sites_hold_the_same_names(demo: dict[str, str]) -> None:
    purchases = Purchase.objects.filter(site__slug=demo["SITE_ID"])
    assert set(purchases.values_list("type", flat=True)) == set(Purchase.Type.values)
    statuses = set(
        purchases.exclude(calculated_fulfilment_status=None).values_list("calculated_fulfilment_status", flat=True)
    )
    assert statuses == {status.value for status in FulfilmentStatus}
    payments = set(
        purchases.exclude(calculated_payment_status=None).values_list("calculated_payment_status", flat=True)
    )
    assert payments == {status.value for status in PaymentStatus}
    assert len(set(purchases.values_list("currency_code", flat=True))) >= 4
    for model, name in ((Purchase, "visible_id"), (Customer, "email"), (LineItem, "sku")):
        here, there = (
            set(model.objects.filter(site__slug=demo[key]).values_list(name, flat=True))
            for key in ("SITE_ID", "SITE2_ID")
        )
        assert here & there


def test_what_is_ordered_stands_on_the_shelves(demo: dict[str, str]) -> None:
    for key in ("SITE_ID", "SITE2_ID"):
        site = Site.objects.get(slug=demo[key])
        variants = ProductVariant.objects.for_site(site)
        skus = set(variants.values_list("sku", flat=True))
        assert set(LineItem.objects.filter(site=site).values_list("sku", flat=True)) <= skus
        assert {"live", "pending", "discontinued"} <= set(variants.values_list("status", flat=True))
        assert all(variant.options.all() and variant.rrp.count() >= 2 for variant in variants)
        stock = Stock.objects.for_site(site)
        assert set(stock.values_list("location__external_id", flat=True)) == {"default", "shop"}
        assert stock.filter(restock_date__isnull=False).exists()
        held = available(site=site, skus=skus)
        assert held.keys() == skus
        assert {item.pieces > 0 for item in held.values()} == {True, False}
        for customer in Customer.objects.for_site(site):
            items = [Item(sku, 1) for sku in skus]
            prices = prices_for_customer(site=site, customer=customer, items=items)
            codes = {price.choice and price.choice.currency_code for price in prices}
            assert codes == {customer.currency_code}
            assert all(price.price and price.price.price > 0 for price in prices)


def test_scale_refuses_nothing_to_do(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("demo", scale=0, stdout=StringIO())
    assert not Site.objects.exists()
