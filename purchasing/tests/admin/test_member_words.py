"""What people call the members of a document, and how their values look in a comparison."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from django.test import Client
from django.utils.translation import override
from pydantic import BaseModel

from core.models import Site
from customers.models import Customer
from purchasing.admin.columns import change_table
from purchasing.admin.member_words import ITEMS, SILENT, WORDS, words_of
from purchasing.comparison import Change, changes_between
from purchasing.documents import PurchaseDocument
from purchasing.models import PurchaseRevision
from purchasing.revisions import document_of
from purchasing.tests.admin.pages import save
from tests.cast import line, make_order, package

END = "</div></td></tr></tbody></table>"


def members_of(model: type[BaseModel]) -> set[str]:
    """The names of all members, at any depth."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found |= {name, *_below(field.annotation)}
    return found


def _below(annotation: Any) -> set[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return members_of(annotation)
    return {name for inner in get_args(annotation) for name in _below(inner)}


def test_every_member_has_a_word() -> None:
    assert sorted(members_of(PurchaseDocument) - set(WORDS)) == []
    assert {*ITEMS, *SILENT} <= members_of(PurchaseDocument)


@pytest.mark.parametrize(
    ("path", "english", "german"),
    [
        ("packages[0].line_items[1].quantity", "Package 1 › Line 2 › Quantity", "Paket 1 › Position 2 › Menge"),
        ("packages[0].line_items[1].line_total.total_net", "Package 1 › Line 2 › Net", "Paket 1 › Position 2 › Netto"),
        ("packages[2].dates.shipped_at", "Package 3 › Shipped at", "Paket 3 › Versandt am"),
        ("packages[0].shipments[0].tracking_url", "Package 1 › Shipment 1 › Tracking link", ""),
        ("purchase_identifiers.visible", "Number", "Nummer"),
        ("customer_identifiers.sparklayer", "Customer", "Kunde"),
        ("packages[0].line_items[0].identifiers.till_no", "Package 1 › Line 1 › till_no", ""),
        ("dates", "Dates", "Daten"),
        ("packages", "Packages", "Pakete"),
    ],
)
def test_a_path_in_words(path: str, english: str, german: str) -> None:
    assert words_of(path) == english
    with override("de"):
        assert german in ("", words_of(path))


def test_values_are_written_as_people_do() -> None:
    def told(value: Any) -> str:
        return change_table([Change("x", None, value)]).split('<td data-label="Now"><div>')[1].removesuffix(END)

    assert told({"number": "1234.5", "currency": "GBP"}) == "1,234.50 GBP"
    assert told("2026-03-01T10:00:00+00:00") == (
        '<time class="when" datetime="2026-03-01T10:00:00+00:00">2026-03-01 10:00</time>'
    )
    assert told("2026-03-01") == "2026-03-01"
    assert told([]) == "—"
    assert [told(value) for value in (False, "<b>")] == ["No", "&lt;b&gt;"]
    assert told({"id": 7, "identifiers": {"sku": "ROPE"}, "quantity": 2, "calculated_gross": 1, "barcode": ""}) == (
        "<div>SKU: ROPE</div><div>Quantity: 2</div>"
    )


def test_revisions_are_compared_in_words(back_office: Client, site: Site, customer: Customer) -> None:
    purchase = make_order(site, customer, packages=[package(line("ROPE"), line("CHALK", quantity=3))])
    save(back_office, purchase, **{"packages-0-lines-1-quantity": "2"}, customer_reference="PO 9")
    first, second = (document_of(row) for row in PurchaseRevision.objects.order_by("number"))
    table = change_table(changes_between(first, second))
    assert (
        '<td title="packages[0].line_items[1].quantity">Package 1 › Line 2 › Quantity</td>'
        '<td data-label="Before"><div>3</div></td><td data-label="Now"><div>2</div></td></tr>' in table
    )
    address = f"/admin/purchasing/purchase/{purchase.pk}/"
    assert table in back_office.get(f"{address}compare/").content.decode()
    assert "Revision 2: changed PO number, Packages" in back_office.get(f"{address}change/").content.decode()
