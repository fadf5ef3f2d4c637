"""How figures, links and foreign text look in the back office."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from core.money import money_text, price_text


class Money(SafeString):
    """Money as a page shows it. `figure` is the plain one, whatever the reader's language: 1234.50."""

    figure: str
    currency_code: str


def figure_text(amount: Decimal, currency_code: str) -> str:
    """Rounded to the currency's decimals, as the reader's language writes it: 1,234.50 or 1.234,50."""
    return number_format(money_text(amount, currency_code), force_grouping=True)


def amount_text(amount: Decimal, currency_code: str) -> str:
    """A figure with its currency behind it, inside a sentence."""
    return f"{figure_text(amount, currency_code)} {currency_code}"


def money(amount: Decimal, currency_code: str) -> Money:
    """A figure with its currency beside it, right-aligned."""
    return _money(money_text(amount, currency_code), currency_code)


def price(amount: Decimal, currency_code: str) -> Money:
    """As `money`, unrounded: 14.70, and 0.0125 for what is sold by the thousand."""
    return _money(price_text(amount, currency_code), currency_code)


def _money(figure: str, currency_code: str) -> Money:
    written = number_format(figure, force_grouping=True)
    text = format_html('<span class="money">{} <span class="currency">{}</span></span>', written, currency_code)
    shown = Money(text)
    shown.figure, shown.currency_code = figure, currency_code
    return shown


def when(instant: datetime | None) -> SafeString | str:
    """A moment in one line, to the minute: `2026-01-31 09:30`, in German `31.01.2026 09:30`; a dash for none."""
    if instant is None:
        return "—"
    text = date_format(localtime(instant), "SHORT_DATETIME_FORMAT")
    return format_html('<time class="when" datetime="{}">{}</time>', instant.isoformat(), text)


def page_of(row: Any, text: str | None = None) -> SafeString | str:
    """A link to the page of a row; a dash for none."""
    if row is None:
        return "—"
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, text or str(row))


def formatted(text: str) -> SafeString:
    """Text of an outside system, never as markup: JSON indented, anything else as it came."""
    with contextlib.suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return format_html('<pre class="formatted" tabindex="0">{}</pre>', text)
