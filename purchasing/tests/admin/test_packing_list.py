"""The packing list: what goes into a package and where, without prices; to print and as a PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from core.models import Site, StaffRole
from core.site_settings import set_setting
from purchasing.models import Package, Purchase
from purchasing.tests.pages.conftest import words_of
from tests.cast import line, make_customer, make_order, package
from tests.test_roles_of_staff import signed_in

PURCHASES, PACKAGES = "/admin/purchasing/purchase", "/admin/purchasing/package"
DEPOT = {"company": "Base Camp", "address_line1": "1 Quay", "city": "Hull", "country_code": "GB"}
FORBIDDEN = ("98.50", "197.00", "236.40", "GBP")


@pytest.fixture
def order(site: Site) -> Purchase:
    """Two packages that are packed and one that is cancelled."""
    rope = line(
        "ROPE-60",
        quantity=2,
        net="197.00",
        name_child="Blue",
        custom_attributes=[{"key": "Length", "value": "60 m"}],
    )
    method = {"name": "Courier", "line_total": {"total_net": {"number": "98.50", "currency": "GBP"}, "tax_rate": 20}}
    return make_order(
        site,
        make_customer(site),
        identifiers={"visible": "JC-1"},
        customer_reference="PO 7",
        dates={"placed_at": "2026-01-31T09:30:00Z"},
        packages=[
            package(rope, line("CHALK", quantity=3), shipping_address=DEPOT, shipping_method=method),
            package(line("SHOE-42"), identifiers={"visible": "P-2"}),
            package(line("GONE"), dates={"cancelled_at": "2026-01-31T09:30:00Z"}),
        ],
    )


def texts_of(paper: bytes) -> list[str]:
    """What each page says."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(paper)).pages]


def list_of(order: Purchase) -> str:
    return f"{PURCHASES}/{order.pk}/packing-list/"


def first_of(order: Purchase) -> Package:
    return Package.objects.filter(purchase=order).earliest("position")


def test_a_package_names_where_what_and_how_many(back_office: Client, order: Purchase) -> None:
    answer = back_office.get(f"{PACKAGES}/{first_of(order).pk}/packing-list/")
    [sheet] = answer.context["sheets"]
    facts = dict(sheet.facts)
    assert sheet.title == "Packing list · Package 1/3"
    assert facts["Ship to"] == "Base Camp, 1 Quay, Hull, United Kingdom"
    assert (facts["PO"], facts["Order"], facts["Delivery"]) == ("PO 7", "JC-1", "Courier")
    assert facts["Placed"] == "31 Jan 2026"
    assert sheet.rows == [
        ("ROPE-60", "Product ROPE-60", "Blue, Length: 60 m", "2"),
        ("CHALK", "Product CHALK", "", "3"),
    ]
    assert sheet.pieces == 5


def test_a_purchase_has_a_sheet_for_each_package_that_is_packed(back_office: Client, order: Purchase) -> None:
    sheets = back_office.get(list_of(order)).context["sheets"]
    assert [sheet.title for sheet in sheets] == ["Packing list · Package 1/3", "Packing list · Package P-2"]


def test_it_says_no_price(back_office: Client, order: Purchase) -> None:
    said = words_of(back_office.get(list_of(order)))
    paper = " ".join(texts_of(back_office.get(list_of(order), {"format": "pdf"}).getvalue()))
    for text in (said, paper):
        assert [word for word in FORBIDDEN if word in text] == []
        assert "ROPE-60" in text


def test_the_pdf_says_the_same(back_office: Client, order: Purchase) -> None:
    answer = back_office.get(list_of(order), {"format": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="packing-list-JC-1.pdf"'
    first, second = texts_of(answer.getvalue())
    for word in ("Packing list", "PO 7", "Base Camp, 1 Quay, Hull, United Kingdom", "ROPE-60", "Blue, Length: 60 m"):
        assert word in first
    assert ("SHOE-42" in first, "SHOE-42" in second, "GONE" in first + second) == (False, True, False)


def test_it_speaks_the_language_of_the_site(back_office: Client, order: Purchase) -> None:
    set_setting(site=order.site, key="languages", value=["de", "en"])
    said = words_of(back_office.get(list_of(order), headers={"accept-language": "en"}))
    assert "Packliste · Paket P-2" in said
    assert "Packliste" in texts_of(back_office.get(list_of(order), {"format": "pdf"}).getvalue())[0]


@pytest.mark.parametrize("role", StaffRole.values)
def test_everybody_prints(site: Site, order: Purchase, role: str) -> None:
    reader = signed_in(site, role)
    assert f"{list_of(order)}" in reader.get(f"{PURCHASES}/{order.pk}/change/").content.decode()
    assert reader.get(list_of(order)).status_code == 200


def test_another_site_has_none(back_office: Client, other_site: Site) -> None:
    there = make_order(other_site, make_customer(other_site))
    assert back_office.get(list_of(there)).status_code == 404
    assert back_office.get(f"{PACKAGES}/{first_of(there).pk}/packing-list/").status_code == 404


def test_where_nothing_is_packed_there_is_no_button(back_office: Client, site: Site) -> None:
    gone = make_order(site, packages=[package(dates={"cancelled_at": "2026-01-31T09:30:00Z"})])
    assert "packing-list" not in back_office.get(f"{PURCHASES}/{gone.pk}/change/").content.decode()
    assert "There is nothing to pack." in words_of(back_office.get(list_of(gone)))


def test_many_packages_cost_no_more(back_office: Client, site: Site) -> None:
    def cost(order: Purchase) -> int:
        with CaptureQueriesContext(connection) as asked:
            back_office.get(list_of(order))
        return len(asked)

    one = make_order(site)
    many: Any = [package(*(line(f"SKU-{number}") for number in range(20))) for _ in range(10)]
    cost(one)
    assert cost(make_order(site, packages=many)) == cost(one)
