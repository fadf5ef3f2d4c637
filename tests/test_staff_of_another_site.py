"""To staff of one site the rows of another are unknown, on every page and button, and are not chosen anywhere.

Driven by the registry (`tests.office`): a new page, button, list or download is asked for by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from core.models import Site, StaffMembership, StaffRole
from customers.tests.past import Past, write_past
from purchasing.models import PurchaseMail
from tests.callers import make_staff
from tests.cast import line, make_customer, make_order, package, pay
from tests.html_forms import form_of
from tests.office import LEADS_ON, READS, Office, make_office, routes
from tests.test_every_back_office_page import AUTOCOMPLETES, SHARED, SUPERUSERS_ONLY, WORLD, base_of, fill, label
from tests.test_roles_of_staff import OF_EVERY_ROW

TEN_EUROS = {"total_net": {"number": "10.00", "currency": "EUR"}}

LISTS = [(name, route) for name, route in routes() if "<" not in route and name in WORLD]
"""What names no row: lists, files of them, empty forms."""


def test_every_page_and_button_of_another_site_s_rows_is_unknown(
    back_office: Client, site: Site, other_site: Site
) -> None:
    """Rows in every state that a button is for, read and posted to; and the files they uploaded."""
    office = make_office(other_site)
    seen = {}
    for name, route, address in office.addresses():
        if "<" not in route or name in SHARED:
            continue
        if name in SUPERUSERS_ONLY:
            answers = {back_office.get(address, follow=True).status_code}
            assert answers <= {403, 404}, address
            continue
        posted = [] if route in LEADS_ON else [back_office.post(address, {"post": "yes"}).status_code]
        seen[address] = {back_office.get(address, follow=True).status_code, *posted}
    assert {address: codes for address, codes in seen.items() if codes != {404}} == {}
    assert len(seen) > len(WORLD) * 4


def choices_of(page: Any) -> Iterator[tuple[str, Any]]:
    """Fields of a page's forms that choose a row: what they are sent as, and the model."""
    context = page.context or {}
    forms = [context[name].form for name in ("adminform",) if context.get(name)]
    if not forms and hasattr(context.get("form"), "fields"):
        forms = [context["form"]]
    for formset in context.get("inline_admin_formsets") or ():
        forms += formset.formset.forms if formset.has_change_permission else []  # what is only read is not taken
    for form in forms:
        for name, field in form.fields.items():
            rows = getattr(field, "queryset", None)
            if rows is not None and label(rows.model) in WORLD:
                yield form.add_prefix(name), rows.model


def errors_of(page: Any) -> set[str]:
    context = page.context or {}
    forms = [context[name].form for name in ("adminform",) if context.get(name)] or [context.get("form")]
    for formset in context.get("inline_admin_formsets") or ():
        forms += formset.formset.forms
    return {form.add_prefix(name) for form in forms if form is not None for name in form.errors if name != "__all__"}


CHOOSING = {
    "catalog.product",
    "catalog.stock",
    "catalog.stocklocation",
    "core.apiclient",
    "customers.accountentry",
    "customers.customer",
    "customers.customergroup",
    "pricing.price",
    "pricing.pricelist",
    "purchasing.purchase",
    "purchasing.purchasetransaction",
    "purchasing.shippingmethod",
}
"""Models with a form that chooses a row."""


EVER_NEW = re.compile(rb'name="(?:csrfmiddlewaretoken|spark_id|platform_id)" value="[^"]*"|in [\d.]+ seconds')
"""What no two answers have in common: tokens, ids that are proposed, how long a search took."""

FOR_ALL = ("/admin/", "/admin/search/?s=Tom&extended=1", "/admin/search/?s=JC-1&extended=1")
"""Pages of no model that count or find rows."""


def letters_of(browser: Client) -> dict[str, bytes]:
    """What staff read without naming a row, to the letter: lists with their filters and dates, searches, empty forms,
    files of lists, look-ups of choices, the first page.
    """
    addresses = [*FOR_ALL, *(f"{base_of(name)}{route}" for name, route in LISTS if route != "export.xlsx")]
    addresses += [f"{base_of(name)}?q=Tom" for name, route in LISTS if route == ""]
    for model, field in AUTOCOMPLETES:
        named = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field}"
        addresses.append(f"/admin/autocomplete/?{named}&term=")
    found = {}
    for address in addresses:
        answer: Any = browser.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = EVER_NEW.sub(b"", content)
    return found


def fill_with_what_waits(site: Site) -> None:
    """Besides a row of every kind, what the first page and the sidebar count and sum."""
    fill(site)
    for kind in ("order_unconfirmed", "awaiting_approval", "order"):
        order = make_order(site, type=kind, currency_code="EUR", packages=[package(line(line_total=TEN_EUROS))])
    for number in ("A", "B"):
        pay(order, "3.00", platform_id=number)
    PurchaseMail.objects.create(site=site, purchase=order, kind="shipped", state="failed", noted_at=order.stored_at)
    write_past(make_customer(site, email="late@example.com"), Past(datetime(2026, 1, 1, tzinfo=UTC), "10.00"))


def test_a_row_of_another_site_is_not_chosen(site: Site, other_site: Site) -> None:
    """On every page, empty form, import and dialog: its number is refused beside its field, as one that is none. And
    what staff read is the same to the letter, be the other site empty or full.
    """
    office = make_office(site)
    browser = Client()
    browser.force_login(office.manager)
    alone = letters_of(browser)
    with transaction.atomic():
        fill_with_what_waits(other_site)
        cache.clear()
        beside = letters_of(browser)
        transaction.set_rollback(True)
    assert [address for address, text in alone.items() if text != beside[address]] == []
    assert len(alone) > len(WORLD) * 4
    fill(other_site)
    accepted, tried = [], set()
    for name, route, address in office.addresses():
        if name not in WORLD or route in LEADS_ON or route.startswith("export."):
            continue
        page = browser.get(address)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        form_id = f"{name.split('.')[1]}_form" if page.context.get("adminform") else None
        for sent_as, model in choices_of(page):
            tried.add(name)
            sent = {**form_of(page, form_id).fields, sent_as: str(WORLD[label(model)](other_site).pk)}
            answers = [browser.post(address, sent), browser.get(address, sent)]
            if not any(sent_as in errors_of(answer) for answer in answers if answer.status_code == 200):
                accepted.append((address, sent_as, [answer.status_code for answer in answers]))
    assert accepted == []
    assert tried == CHOOSING


@pytest.fixture
def of_two(site: Site, other_site: Site) -> tuple[Client, Office]:
    """A manager of one site who reads the other, and what the other holds."""
    office = make_office(other_site)
    user = make_staff(site, email="both@example.com")
    StaffMembership.objects.create(site=other_site, user=user, role=StaffRole.READ_ONLY)
    browser = Client()
    browser.force_login(user)
    return browser, office


def test_a_manager_here_only_reads_there(of_two: tuple[Client, Office]) -> None:
    """Every page of a row there is read and nothing of it is changed; every button that does something refuses."""
    browser, office = of_two
    wrong = {}
    for name, route, address in office.addresses():
        if name not in WORLD or "<path:object_id>" not in route or route in LEADS_ON:
            continue
        reads = (name, route) in READS or route in OF_EVERY_ROW - {"<path:object_id>/delete/"}
        got = browser.get(address).status_code
        posted = 403 if reads and (name, route) in READS else browser.post(address, {"post": "yes"}).status_code
        wanted = (200 if reads else 403, 200 if route == "<path:object_id>/history/" else 403)
        if (got, posted) != wanted:
            wrong[address] = got, posted
    assert wrong == {}


def test_a_manager_here_adds_nothing_there(of_two: tuple[Client, Office], site: Site) -> None:
    """Where a page asks for the site of a new row or file, there is one to choose."""
    browser, _office = of_two
    asked_for = {}
    for name, route in LISTS:
        if route.startswith("export."):
            continue
        page = browser.get(base_of(name) + route)
        for sent_as, model in choices_of(page) if page.status_code == 200 and page.context else ():
            if model is Site:
                shown = (page.context.get("adminform") and page.context["adminform"].form) or page.context["form"]
                asked_for[name, route] = list(shown.fields[sent_as].queryset)
    assert len(asked_for) > 5
    assert {key: sites for key, sites in asked_for.items() if sites != [site]} == {}
