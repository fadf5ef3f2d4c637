"""Exchange rates in the back office: staff look, superusers change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from core.models import User
from pricing.models import ExchangeRate
from pricing.tests.rates import FRIDAY, publish

LIST = "/admin/pricing/exchangerate/"
FORM = {"currency_code": "gbp", "date": str(FRIDAY), "usd_per_unit": "1.25", "source": "treasury"}


@pytest.fixture
def superuser(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.com", "a long password"))
    return browser


def test_staff_read_and_search_them(back_office: Client) -> None:
    rate = publish("0.0000551018807734", "IDR")
    publish("1.25")

    page = back_office.get(LIST, {"q": "IDR"})

    assert [row.pk for row in page.context["cl"].result_list] == [rate.pk]
    assert "0.0000551018807734" in page.content.decode()
    assert back_office.get(f"{LIST}{rate.pk}/change/").status_code == 200


def test_staff_change_nothing_of_what_all_sites_share(back_office: Client) -> None:
    rate = publish("1.25")
    assert back_office.get(f"{LIST}add/").status_code == 403
    assert back_office.post(f"{LIST}add/", FORM).status_code == 403
    assert back_office.post(f"{LIST}{rate.pk}/change/", FORM | {"usd_per_unit": "2"}).status_code == 403
    assert back_office.post(f"{LIST}{rate.pk}/delete/", {"post": "yes"}).status_code == 403
    back_office.post(LIST, {"action": "delete_selected", "_selected_action": [str(rate.pk)], "post": "yes"})
    assert ExchangeRate.objects.get().usd_per_unit == Decimal("1.25")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"currency_code": "XXX"}, "currency_code"),
        ({"currency_code": "USD"}, "currency_code"),
        ({"usd_per_unit": "10000"}, "usd_per_unit"),
        ({"usd_per_unit": "0"}, None),
        ({"usd_per_unit": "-1"}, None),
        ({"source": ""}, "source"),
        ({"date": "never"}, "date"),
    ],
)
def test_what_cannot_be_a_rate_is_refused_in_the_form(
    superuser: Client, values: dict[str, str], field: str | None
) -> None:
    page = superuser.post(f"{LIST}add/", FORM | values)
    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [field or "__all__"]
    assert not ExchangeRate.objects.exists()


def test_a_day_has_one_rate(superuser: Client) -> None:
    publish("1.25")
    page = superuser.post(f"{LIST}add/", FORM)
    assert page.status_code == 200
    assert ExchangeRate.objects.count() == 1


def test_superusers_delete_many_at_once(superuser: Client) -> None:
    """Rates belong to no site; one that was not chosen stays."""
    chosen, kept = [publish("1.25"), publish("1.17", "EUR")], publish("0.09", "SEK")
    body = {"action": "delete_selected", "_selected_action": [str(rate.pk) for rate in chosen]}
    assert superuser.post(LIST, body).status_code == 200
    assert superuser.post(LIST, {**body, "post": "yes"}).status_code == 302
    assert ExchangeRate.objects.get() == kept
