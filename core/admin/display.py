"""How figures, links and foreign text look in the back office."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.money import money_text


def money(amount: Decimal, currency_code: str) -> SafeString:
    """A figure with its currency beside it, right-aligned."""
    return format_html(
        '<span class="money">{} <span class="currency">{}</span></span>',
        money_text(amount, currency_code),
        currency_code,
    )


def page_of(row: Any, text: str | None = None) -> SafeString | str:
    """A link to the page of a row; a dash for none."""
    if row is None:
        return "—"
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, text or str(row))


def formatted(text: str) -> SafeString:
    """Text of an outside system, never as markup: JSON indented, anything else as it came."""
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        pass
    return format_html('<pre class="formatted">{}</pre>', text)
