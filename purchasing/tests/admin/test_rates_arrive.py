"""A rate that is typed in, corrected or deleted in the back office, and the purchases of its day."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from core.models import Site, User
from pricing.models import ExchangeRate
from pricing.tests.rates import FRIDAY, publish
from purchasing.tests.bakers import order, put, stored

LIST = "/admin/pricing/exchangerate/"
FORM = {"currency_code": "gbp", "date": str(FRIDAY), "usd_per_unit": "1.25", "source": "treasury"}


@pytest.fixture
def superuser(site: Site) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.com", "a long password"))
    return browser


@pytest.mark.django_db(transaction=True)
def test_a_rate_that_a_superuser_adds_fills_what_waited_for_it(superuser: Client, site: Site) -> None:
    put(site, order(dates={"placed_at": f"{FRIDAY}T10:00:00Z"}))

    assert superuser.post(f"{LIST}add/", FORM).status_code == 302

    assert stored(site).calculated_total_usd == Decimal("125.00")


def test_a_rate_that_is_changed_or_deleted_changes_no_purchase(superuser: Client, site: Site) -> None:
    rate = publish("1.25")
    put(site, order(dates={"placed_at": f"{FRIDAY}T10:00:00Z"}))
    before = stored(site)

    assert superuser.post(f"{LIST}{rate.pk}/change/", FORM | {"usd_per_unit": "2"}).status_code == 302
    assert superuser.post(f"{LIST}{rate.pk}/delete/", {"post": "yes"}).status_code == 302

    after = stored(site)
    assert not ExchangeRate.objects.exists()
    assert (after.calculated_total_usd, after.etag) == (Decimal("125.00"), before.etag)


def test_staff_see_the_rate_of_a_purchase(back_office: Client, site: Site) -> None:
    publish("1.25")
    put(site, order(dates={"placed_at": f"{FRIDAY}T10:00:00Z"}), "A-1")
    page = back_office.get(f"/admin/purchasing/purchase/{stored(site).pk}/change/").content.decode()
    assert "125.00 USD at 1.25 (ECB, 2026-01-02)" in page
