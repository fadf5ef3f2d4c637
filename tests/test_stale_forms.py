"""Two people have the same page of the back office open: who saves last does not undo what the other saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from catalog.models import Stock
from catalog.tests.cast import make_location, make_product, put_in_stock, variant_of
from core.models import Site
from pricing.models import Price
from pricing.tests.cast import make_price_list
from tests.cast import make_customer
from tests.html_forms import fields_of

NEWER = "Something newer was saved here while the form was open, so nothing was saved."


def stock_of(site: Site) -> Stock:
    location = make_location(site)
    put_in_stock(location, ROPE=5)
    return Stock.objects.get(sku="ROPE")


def product_of(site: Site) -> Model:
    return make_product(site, "ROPE", "CORD")


def variant_in(site: Site) -> Model:
    make_product(site, "A", variants=[{"sku": "ROPE", "rrp": [{"value": 3, "currency_code": "GBP"}]}])
    return variant_of(site, "ROPE")


def price_in(site: Site) -> Model:
    make_price_list(site, "base", ROPE=["10.00"])
    return Price.objects.get()


PAGES: dict[str, tuple[Callable[[Site], Model], tuple[str, str], tuple[str, str]]] = {
    "customer": (make_customer, ("accounting_id", "K-7"), ("external_id", "E-9")),
    "stock": (stock_of, ("stock_level", "3"), ("min_stock_level", "1")),
    "product": (product_of, ("title", "Ropes"), ("external_id", "E-9")),
    "variant row of a product": (product_of, ("variants-0-sku", "ROPE-2"), ("variants-0-position", "7")),
    "another row of a product": (product_of, ("variants-0-sku", "ROPE-2"), ("variants-1-sku", "CORD-2")),
    "variant": (variant_in, ("external_id", "V-7"), ("position", "7")),
    "row of a variant": (variant_in, ("rrp-0-value", "4"), ("rrp-0-currency_code", "EUR")),
    "price": (price_in, ("price", "9.00"), ("unit_of_measure", "m")),
    "price list": (lambda site: make_price_list(site, "base"), ("name", "Base 2"), ("slug", "base-2")),
}
"""A row, and what the first and the second of two people change on its page."""


def page_of(row: Model) -> tuple[str, str]:
    name = str(row._meta.model_name)
    return f"/admin/{row._meta.app_label}/{name}/{row.pk}/change/", f"{name}_form"


@pytest.mark.parametrize("name", PAGES)
def test_an_older_form_undoes_nothing(back_office: Client, site: Site, name: str) -> None:
    make, first, second = PAGES[name]
    path, form = page_of(make(site))
    opened: dict[str, Any] = fields_of(back_office.get(path), form)
    assert {first[0], second[0]} <= set(opened)

    assert back_office.post(path, {**opened, first[0]: first[1]}).status_code == 302
    stored = fields_of(back_office.get(path), form)
    refused = back_office.post(path, {**opened, second[0]: second[1]})

    assert (refused.status_code, NEWER in refused.content.decode()) == (200, True)
    assert fields_of(refused, form)[second[0]] == second[1]  # what was typed is kept
    assert fields_of(back_office.get(path), form) == stored
    assert back_office.post(path, {**stored, second[0]: second[1]}).status_code == 302


def test_a_refused_form_stays_refused(back_office: Client, site: Site) -> None:
    path, form = page_of(make_customer(site))
    opened = fields_of(back_office.get(path), form)
    assert back_office.post(path, {**opened, "accounting_id": "K-7"}).status_code == 302
    refused = back_office.post(path, {**opened, "external_id": "E-9"})
    again = back_office.post(path, fields_of(refused, form))
    assert (again.status_code, NEWER in again.content.decode()) == (200, True)
