"""A form that was refused begins with its faults: of the page, of rows inside it, of rows inside those."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from core.models import Site
from purchasing.tests.admin.pages import address, opened
from tests.cast import line, make_order, package
from tests.office import make_office


def told(answer: Any) -> list[tuple[str, str]]:
    """The faults of the summary: the words of the link, and where it leads."""
    text = answer.content.decode()
    summary = text[text.index('id="error-summary"') :].split("</div>")[0]
    return [(unescape(words), target) for target, words in re.findall(r'href="#([^"]*)">([^<]*)</a>', summary)]


def test_faults_of_nested_rows_lead_to_their_fields(back_office: Client, site: Site) -> None:
    order = make_order(site, packages=[package(line("ROPE"), line("AXE")), package(line("CHALK"))])
    sent = opened(back_office, order)
    changes = {
        "placed_at_0": "never",
        "packages-0-tracking_url": "javascript:alert(1)",
        "packages-0-lines-1-total_net": "much",
        "packages-1-lines-0-quantity": "",
    }
    answer = back_office.post(address(order), {**sent, **changes})
    faults = told(answer)
    assert faults == [
        ("Placed at", "id_placed_at_0"),
        ("Package 1: Tracking link", "id_packages-0-tracking_url"),
        ("Package 1, line 2: Net", "id_packages-0-lines-1-total_net"),
        ("Package 2, line 1: Quantity", "id_packages-1-lines-0-quantity"),
    ]
    for _, target in faults:
        assert f'id="{target}"' in answer.content.decode()


def test_one_fault_is_one(back_office: Client, site: Site) -> None:
    answer = back_office.post("/admin/catalog/stocklocation/add/", {"site": site.pk, "name": ""})
    text = answer.content.decode()
    assert ("Name", "id_name") in told(answer)
    assert "Please correct the errors below" in text or "Please correct the error below" in text


def test_import_pages_say_what_is_wrong_and_what_they_take(back_office: Client, site: Site) -> None:
    page = back_office.get("/admin/catalog/stock/import/").content.decode()
    assert "At most 5000 rows" in page
    assert "import_stock" in page
    assert '<td class="p-2">stock_level' in page
    assert told(back_office.post("/admin/catalog/stock/import/", {"site": site.pk})) == [("File", "id_file")]


def test_every_row_has_a_name(site: Site) -> None:
    """What pages call a row is no name of a class with a number."""
    rows: dict[str, Model] = make_office(site).rows
    for model in admin.site._registry:
        label = model._meta.label_lower
        assert not re.search(r"object \(", str(rows[label])), label
    for model in apps.get_models():
        if model._meta.app_label in ("core", "customers", "catalog", "pricing", "purchasing"):
            assert model.__str__ is not Model.__str__, model
