"""Opening and saving the page of a purchase, as a browser without scripts would."""

from __future__ import annotations

from typing import Any

from django.test import Client

from purchasing.models import Purchase
from purchasing.revisions import document_of
from tests.html_forms import fields_of

SHIPPED = {"packages-0-shipped_at_0": "2026-03-01", "packages-0-shipped_at_1": "12:00:00"}


def address(purchase: Purchase) -> str:
    return f"/admin/purchasing/purchase/{purchase.pk}/change/"


def opened(browser: Client, purchase: Purchase) -> dict[str, Any]:
    """What the page would send if nobody touched it."""
    return fields_of(browser.get(address(purchase)), "purchase_form")


def save(browser: Client, purchase: Purchase, **changes: Any) -> Any:
    return browser.post(address(purchase), {**opened(browser, purchase), **changes})


def current(purchase: Purchase) -> dict[str, Any]:
    return document_of(Purchase.objects.get(pk=purchase.pk))
