"""Files of a purchase and of its packages on the purchase's page."""

from __future__ import annotations

from typing import Any

from django.test import Client

from core.models import Site
from purchasing.contents import File, files_in
from purchasing.tests.admin.pages import address
from tests.cast import make_order, package


def file_of(kind: str, number: str, uri: str) -> dict[str, Any]:
    return {"file_type": kind, "identifiers": {"visible": number}, "data": {"type": "uri", "uri": uri}}


def test_files_of_purchase_and_packages_are_links(back_office: Client, site: Site) -> None:
    invoice = file_of("invoice", "R-1 <b>", "https://files.example.com/r-1.pdf?a=1&b=2")
    slip = file_of("", "", "http://files.example.com/slip.pdf")
    order = make_order(site, accounting_files=[invoice], packages=[package(accounting_files=[slip])])
    shown = back_office.get(address(order)).content.decode()
    link = '<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>'
    assert link.format("https://files.example.com/r-1.pdf?a=1&amp;b=2", "Invoice R-1 &lt;b&gt;") in shown
    assert link.format("http://files.example.com/slip.pdf", "http://files.example.com/slip.pdf") in shown


def test_a_purchase_without_files_has_no_section_for_them(back_office: Client, site: Site) -> None:
    assert "files_shown" not in back_office.get(address(make_order(site))).content.decode()


def test_what_is_no_address_of_the_web_is_no_link() -> None:
    document = {"accounting_files": [file_of("invoice", "R-1", "javascript:alert(1)")], "packages": []}
    assert files_in(document) == [File("Invoice R-1", "")]
