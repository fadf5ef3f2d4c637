"""Shipping methods in the back office: saved by the operations of the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from core.models import Site
from purchasing.models import ShippingBand, ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from tests.html_forms import fields_of, unnamed_inputs

LIST = "/admin/purchasing/shippingmethod/"
FORM = "shippingmethod_form"
FIXED = {"type": "fixed", "amount": "4.90", "currency_code": "GBP"}
BANDS: list[dict[str, Any]] = [
    {"name": "light", "requirement": {"type": "weight", "max": 2000}, "cost": FIXED},
    {
        "name": "worth it",
        "requirement": {"type": "price", "min": 250, "currency_code": "GBP"},
        "cost": {"type": "free"},
    },
    {"name": "any", "priority": 9, "sku": "ANY", "cost": {"type": "free"}},
]


@pytest.fixture
def method(site: Site) -> ShippingMethod:
    return make_shipping_method(site, "VAN", bands=BANDS, groups=["eu", "default"], priority=3)


def page_of(method: ShippingMethod) -> str:
    return f"{LIST}{method.pk}/change/"


def facts() -> list[Any]:
    bands = ShippingBand.objects.order_by("position")
    return [list(ShippingMethod.objects.values()), [{**row, "id": 0} for row in bands.values()]]


def test_a_method_is_set_up(back_office: Client, site: Site) -> None:
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM)
    answer = back_office.post(f"{LIST}add/", {**sent, "sku": "VAN", "title": "Van", "countries": "GB,IE"})

    assert answer.status_code == 302
    method = ShippingMethod.objects.for_site(site).get()
    assert (method.sku, method.countries, method.groups) == ("VAN", ["GB", "IE"], ["default"])


def test_what_the_api_refuses_stands_in_the_form(back_office: Client) -> None:
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM)
    answer = back_office.post(f"{LIST}add/", {**sent, "sku": "sm_1", "title": "Van", "countries": "GB"})

    assert "must not start with sm_" in str(answer.context["adminform"].form.errors["sku"])


@pytest.mark.parametrize(
    ("countries", "said"),
    [
        ("GB,G8", "Eintrag 2: muss aus zwei oder drei Buchstaben bestehen, etwa GB."),
        ("GBRR", "Eintrag 1: Bitte sicherstellen, dass der Wert aus höchstens 3 Zeichen besteht."),
    ],
)
def test_a_country_that_is_none_is_told_beside_its_field(back_office: Client, countries: str, said: str) -> None:
    """In the language of the page, also where a rule of programs says it."""
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM) | {"sku": "VAN", "title": "Van", "countries": countries}

    answer = back_office.post(f"{LIST}add/", sent, headers={"Accept-Language": "de"})

    with override("de"):
        assert str(answer.context["adminform"].form.errors["countries"][0]).startswith(said)


def test_saving_what_nobody_touched_changes_nothing(back_office: Client, method: ShippingMethod) -> None:
    before = facts()

    answer = back_office.post(page_of(method), fields_of(back_office.get(page_of(method)), FORM))

    assert (answer.status_code, facts()) == (302, before)


def test_a_method_and_its_bands_are_changed(back_office: Client, method: ShippingMethod) -> None:
    sent = fields_of(back_office.get(page_of(method)), FORM)
    changes = {"title": "Lorry", "priority": "0", "bands-0-amount": "5.5", "bands-1-DELETE": "on"}

    assert back_office.post(page_of(method), {**sent, **changes}).status_code == 302

    method.refresh_from_db()
    assert (method.title, method.priority, method.groups) == ("Lorry", 0, ["eu", "default"])
    assert list(method.bands.values_list("name", "amount", "maximum", "currency_code")) == [
        ("light", Decimal("5.5"), Decimal(2000), "GBP"),
        ("any", None, None, ""),
    ]


def test_a_fixed_cost_needs_an_amount(back_office: Client, method: ShippingMethod) -> None:
    sent = fields_of(back_office.get(page_of(method)), FORM)
    before = facts()

    answer = back_office.post(page_of(method), {**sent, "bands-0-amount": ""})

    assert (answer.status_code, facts()) == (200, before)


def test_every_input_has_a_name(back_office: Client, method: ShippingMethod) -> None:
    assert unnamed_inputs(back_office.get(page_of(method)), FORM) == []


def test_no_method_is_deleted(back_office: Client, method: ShippingMethod) -> None:
    assert back_office.post(f"{LIST}{method.pk}/delete/", {"post": "yes"}).status_code == 403
