"""Warnings in plain words, and what the timeline says of goods and money."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from core.models import Site, User
from purchasing.admin.timeline import timeline_of
from purchasing.admin.warning_words import warning_shown, warning_text
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.warnings import TOTAL_MISMATCH
from tests.cast import line, make_order, package, pay

LINE = {"packages": [{"line_items": [{"identifiers": {}}, {"identifiers": {"sku": "ROPE"}}]}]}
GROSS = "packages[0].line_items[1].line_total.total_gross"


def warned(property: str | None, message: str) -> dict[str, Any]:
    return {"code": TOTAL_MISMATCH, "property": property, "message": message}


@pytest.mark.parametrize(
    ("warning", "english", "german"),
    [
        (
            warned(GROSS, "total_gross is -0.01 GBP off net and tax"),
            "Package 1 › Line 2 (ROPE): the gross amount differs by 0.01 GBP from net and tax.",
            "Paket 1 › Position 2 (ROPE): Der Bruttobetrag weicht um 0,01 GBP von Netto und Steuer ab.",
        ),
        (
            warned("tax_lines", "tax lines differ by 2.00 GBP from the taxes"),
            "The tax lines differ by 2.00 GBP from the taxes.",
            "Die Steuerzeilen weichen um 2,00 GBP von den Steuern ab.",
        ),
        (
            warned("packages[0].dates", "a shipped package without its date"),
            "Package 1: its state is “Shipped”, but no date is said.",
            "Paket 1: Der Stand ist „Versandt“, aber es ist kein Datum genannt.",
        ),
        (warned(None, "nobody knows this"), "Nobody knows this.", "Nobody knows this."),
    ],
)
def test_a_warning_says_where_and_by_how_much(warning: dict[str, Any], english: str, german: str) -> None:
    assert warning_text(warning, LINE) == english
    with override("de"):
        assert warning_text(warning, LINE) == german


def test_its_code_stands_behind_and_its_text_is_no_markup() -> None:
    shown = warning_shown(warned("packages[7].line_items[3].quantity", "<b>"), LINE)
    assert shown == 'Package 8 › Line 4: &lt;b&gt;. <small class="code">total-mismatch</small>'


def test_the_page_of_a_purchase_says_them_so(back_office: Client, site: Site) -> None:
    amounts = {"total_net": "10", "total_tax": "2", "total_gross": "12.05"}
    off = line(line_total={name: {"number": value, "currency": "GBP"} for name, value in amounts.items()})
    purchase = make_order(site, packages=[package(off)])
    page = back_office.get(f"/admin/purchasing/purchase/{purchase.pk}/change/").content.decode()
    code = '<small class="code">total-mismatch</small>'
    assert f"Package 1 › Line 1 (ROPE-60): the gross amount differs by 0.05 GBP from net and tax. {code}" in page


def test_the_timeline_says_what_was_shipped_and_who_recorded_money(
    back_office: Client, site: Site, staff: User, purchase: Purchase
) -> None:
    page = f"/admin/purchasing/purchase/{purchase.pk}/ship/"
    form: Any = back_office.get(page).context["form"]
    sent = {field.html_name: field.value() or "" for field in form if field.html_name != "shipped_at"}
    sent |= {"shipped_at_0": "2026-03-01", "shipped_at_1": "12:00:00"}
    assert back_office.post(page, sent).status_code == 302
    payment = pay(purchase, "5.00")
    told = [(event.text, event.by) for event in timeline_of(Purchase.objects.get(pk=purchase.pk))]
    assert told == [
        (f"Payment of 5.00 GBP ({payment.platform_id}), in the customer's history", "system"),
        ("Revision 2: shipped 3 × Product ROPE-60, 10 × Product CHALK", f"staff:{staff.email}"),
        ("Revision 1: created", "system"),
    ]
    assert PurchaseTransaction.objects.get().recorded_by == "system"
