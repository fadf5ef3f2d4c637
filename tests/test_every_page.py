"""A walk over every page of the back office: a member of staff finds nothing of another site anywhere.

It follows the addresses themselves, so a new page is walked as soon as it is mounted; a new kind of row fails the walk
until the other site holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.admin import SiteAdmin
from core.models import Site
from customers.tests.cast import post_manual
from tests.callers import make_caller, make_staff
from tests.cast import make_customer, make_order, package, pay

MARK = "zanzibar"
"""Stands in every name of the other site, and nowhere else."""

OF_THE_INSTALLATION = {"procrastinate.ProcrastinateJob", "core.User"}
"""What belongs to no site: superusers only."""


def pages(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns, route)
        elif route.startswith("admin/"):
            yield route


def models_by_prefix() -> dict[str, type[models.Model]]:
    return {f"admin/{model._meta.app_label}/{model._meta.model_name}/": model for model in admin.site._registry}


def model_of(route: str) -> type[models.Model] | None:
    return next((model for prefix, model in models_by_prefix().items() if route.startswith(prefix)), None)


ROUTES = sorted(set(pages(get_resolver().url_patterns)))
OF_ONE_ROW = [route for route in ROUTES if model_of(route) and "<path:object_id>" in route]
OF_SITES = [model for model in admin.site._registry if model._meta.label not in OF_THE_INSTALLATION]
OF_NO_ROW = [route for route in ROUTES if "<" not in route and not route.startswith("admin/logout")]


@pytest.fixture
def foreign(other_site: Site) -> Site:
    """The other site, with a row of every kind."""
    other_site.name = MARK
    other_site.save()
    customer = make_customer(other_site, f"{MARK} Outfitters", first_name=MARK, external_id=f"{MARK}-1")
    order = make_order(
        other_site,
        customer,
        identifiers={"internal": f"{MARK}-7", "visible": f"{MARK}-8"},
        payment_method="on_account",
        customer_reference=f"{MARK}-po",
        packages=[package(dates={"shipped_at": "2026-03-01T10:00:00Z"}, identifiers={"visible": f"{MARK}-parcel"})],
    )
    pay(order, "4.00", platform_id=f"{MARK}-pay")
    post_manual(customer, "12.00", reference=f"{MARK}-manual")
    make_caller(other_site, name=MARK)
    make_staff(other_site, email=f"{MARK}@example.com")
    return other_site


@pytest.fixture(autouse=True)
def own(site: Site) -> None:
    """Rows of the reader's own, so that there is something to choose from."""
    customer = make_customer(site)
    pay(make_order(site, customer, payment_method="on_account"), "4.00")
    post_manual(customer, "12.00", reference="m-1")


def row_of(model: type[models.Model], site: Site) -> models.Model:
    row = site if model is Site else model._base_manager.filter(site=site).first()
    assert row is not None, f"the other site holds no {model.__name__}"
    return row


def told(browser: Client, method: str, address: str, pk: object) -> tuple[int, str, str]:
    """What the reader is told, without the number that was asked for."""
    answer = browser.generic(method, address.format(pk), b"post=yes", "application/x-www-form-urlencoded")
    text = answer.content.decode()
    assert MARK not in text.lower()
    where, said = (re.sub(rf"{pk}|\d+", "#", part) for part in (answer.headers.get("Location", ""), text))
    return answer.status_code, where, said


def everything() -> dict[str, list[object]]:
    """Every row of the business as it stands."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label in ("core", "customers", "purchasing")
    }


def test_every_page_is_scoped_or_for_superusers() -> None:
    unscoped = {
        model._meta.label
        for model, page in admin.site._registry.items()
        if not isinstance(page, SiteAdmin) or model._meta.label == "core.User"
    }
    assert unscoped == OF_THE_INSTALLATION


@pytest.mark.parametrize("model", OF_SITES, ids=lambda model: model._meta.label)
def test_a_foreign_row_is_told_from_an_unknown_one_by_nothing(
    back_office: Client, foreign: Site, model: type[models.Model]
) -> None:
    before = everything()
    pk = row_of(model, foreign).pk
    unknown = uuid4() if isinstance(pk, UUID) else 987_654_321
    for route in [route for route in OF_ONE_ROW if model_of(route) is model]:
        address = "/" + re.sub(r"<[^>]+>", "1", route.replace("<path:object_id>", "{}"))
        for method in ("GET", "POST"):
            of_foreign, of_unknown = (told(back_office, method, address, number) for number in (pk, unknown))
            assert of_foreign == of_unknown, (method, route)
            assert of_foreign[0] in (302, 403, 404, 405), (method, route)
    assert everything() == before


def test_lists_and_empty_forms_name_nothing_of_another_site(back_office: Client, foreign: Site) -> None:
    for route in OF_NO_ROW:
        for query in ("", f"?q={MARK[:5]}", f"?site__id__exact={foreign.pk}"):
            answer = back_office.get(f"/{route}{query}", follow=True)
            assert answer.status_code in (200, 400, 403, 404, 405), (route, query)
            assert MARK not in answer.content.decode().lower(), (route, query)


def choices() -> list[tuple[type[models.Model], str]]:
    """Every reference that a form of the back office offers by autocomplete."""
    return [
        (model, name)
        for model, page in admin.site._registry.items()
        for name in (*page.autocomplete_fields, *(n for i in page.inlines for n in i.autocomplete_fields))
    ]


def test_an_autocomplete_offers_nothing_of_another_site(back_office: Client, foreign: Site) -> None:
    assert choices()
    for model, name in choices():
        named: dict[str, Any] = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": name,
        }
        offered = back_office.get("/admin/autocomplete/", {**named, "term": ""}).json()["results"]
        assert MARK not in str(offered).lower()
        assert back_office.get("/admin/autocomplete/", {**named, "term": MARK}).json()["results"] == []


@pytest.mark.parametrize("model", OF_SITES, ids=lambda model: model._meta.label)
def test_no_action_reaches_rows_of_another_site(back_office: Client, foreign: Site, model: type[models.Model]) -> None:
    before = everything()
    page: Any = admin.site._registry[model]
    for action, *_ in page._get_base_actions():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        name = action.__name__ if hasattr(action, "__name__") else str(action)
        values = {"action": name, "_selected_action": [row_of(model, foreign).pk], "post": "yes"}
        answer = back_office.post(address, values, follow=True)
        assert MARK not in answer.content.decode().lower()
    assert everything() == before
