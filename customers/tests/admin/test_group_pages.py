"""Customer groups in the back office: saved by the operations of the API."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from core.models import Site
from customers.models import CustomerGroup, OrderMinimum
from customers.tests.cast import default_group, make_customer, make_group
from tests.html_forms import fields_of, unnamed_inputs

LIST = "/admin/customers/customergroup/"
FORM = "customergroup_form"


def page_of(group: CustomerGroup) -> str:
    return f"{LIST}{group.pk}/change/"


@pytest.fixture
def eu(site: Site) -> CustomerGroup:
    world = make_group(site, "world")
    return make_group(site, "eu", parent=world, price_lists=["euro", "base"], GBP="150", EUR="170.50")


def facts() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (CustomerGroup, OrderMinimum)]


def test_a_group_is_set_up(back_office: Client, site: Site) -> None:
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM)
    answer = back_office.post(f"{LIST}add/", {**sent, "slug": "eu", "name": "Europe", "price_lists": "euro,base-list"})

    assert answer.status_code == 302
    group = CustomerGroup.objects.for_site(site).get(slug="eu")
    assert (group.name, group.parent, group.price_lists) == ("Europe", None, ["euro", "base-list"])


@pytest.mark.parametrize(("slug", "message"), [("default", "already"), ("base", "already"), ("123", "digits alone")])
def test_what_the_api_refuses_stands_in_the_form(back_office: Client, slug: str, message: str) -> None:
    sent = fields_of(back_office.get(f"{LIST}add/"), FORM)
    answer = back_office.post(f"{LIST}add/", {**sent, "slug": slug, "name": "Europe"})

    assert answer.status_code == 200
    assert message in str(answer.context["adminform"].form.errors)


@pytest.mark.parametrize("slug", ["eu", "default"])
def test_saving_what_nobody_touched_changes_nothing(
    back_office: Client, site: Site, eu: CustomerGroup, slug: str
) -> None:
    group = CustomerGroup.objects.for_site(site).get(slug=slug)
    before = facts()

    assert back_office.post(page_of(group), fields_of(back_office.get(page_of(group)), FORM)).status_code == 302
    assert facts() == before


def test_a_group_and_its_minimums_are_changed(back_office: Client, eu: CustomerGroup) -> None:
    sent = fields_of(back_office.get(page_of(eu)), FORM)
    changes = {
        "name": "Europe",
        "parent": "",
        "price_lists": "base, trade",
        "order_minimums-0-minimum_value": "99",
        "order_minimums-1-DELETE": "on",
    }

    assert back_office.post(page_of(eu), {**sent, **changes}).status_code == 302

    eu.refresh_from_db()
    assert (eu.name, eu.parent, eu.price_lists) == ("Europe", None, ["base", "trade"])
    minimums = OrderMinimum.objects.values_list("currency_code", "minimum_value", "compare_type")
    assert list(minimums) == [("EUR", Decimal(99), "gross")]


def test_a_cycle_stands_in_the_form(back_office: Client, eu: CustomerGroup) -> None:
    assert eu.parent is not None
    sent = fields_of(back_office.get(page_of(eu.parent)), FORM)

    answer = back_office.post(page_of(eu.parent), {**sent, "parent": str(eu.pk)})

    assert "below it" in str(answer.context["adminform"].form.errors["parent"])


def test_a_group_goes_when_nobody_is_in_it(back_office: Client, site: Site, eu: CustomerGroup) -> None:
    path = f"{LIST}{eu.pk}/delete/"
    customer = make_customer(site, group=eu)
    assert "Customers are in this group" in back_office.post(path, {"post": "yes"}, follow=True).content.decode()
    customer.group = default_group(site)
    customer.save()

    assert back_office.post(path, {"post": "yes"}).status_code == 302
    assert not CustomerGroup.objects.filter(pk=eu.pk).exists()


def test_the_group_default_stays(back_office: Client, site: Site) -> None:
    group = default_group(site)

    assert back_office.post(f"{LIST}{group.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(group.pk)], "post": "yes"}
    assert back_office.post(LIST, chosen).status_code in (200, 302)
    assert CustomerGroup.objects.filter(pk=group.pk).exists()


def test_every_input_has_a_name(back_office: Client, eu: CustomerGroup) -> None:
    assert unnamed_inputs(back_office.get(page_of(eu)), FORM) == []
