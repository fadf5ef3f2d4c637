"""Warnings of a purchase in plain words: where, what, and by how much; the code that programs know stands behind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.admin.display import amount_text
from core.sentences import spoken
from purchasing.admin.member_words import words_of
from purchasing.models import Package

_LINE = re.compile(r"packages\[(\d+)\](?:\.line_items\[(\d+)\])?")
_OFF: list[tuple[re.Pattern[str], Any]] = [
    (
        re.compile(r"total_gross is (-?[\d.]+) ([A-Z]{3}) off net and tax"),
        _("the gross amount differs by %(amount)s from net and tax"),
    ),
    (
        re.compile(r"tax lines differ by (-?[\d.]+) ([A-Z]{3}) from the taxes"),
        _("the tax lines differ by %(amount)s from the taxes"),
    ),
]
"""As `purchasing.compose` says them, with the difference."""
_NO_DATE = re.compile(r"a (\w+) package without its date")


def warning_text(warning: Mapping[str, Any], document: Mapping[str, Any] | None = None) -> str:
    """In one sentence. `document`: of the purchase, where its lines may be named by their SKU."""
    said = _said(str(warning["message"]))
    place = _place(str(warning["property"] or ""), document)
    return f"{place}: {said}." if place else f"{capfirst(said)}."


def _said(message: str) -> str:
    for pattern, words in _OFF:
        if found := pattern.fullmatch(message):
            return str(words % {"amount": amount_text(abs(Decimal(found[1])), found[2])})
    if found := _NO_DATE.fullmatch(message):
        states = dict(Package._meta.get_field("state").flatchoices)
        return str(_("its state is “%(state)s”, but no date is said") % {"state": states.get(found[1], found[1])})
    return spoken(message)


def warning_shown(warning: Mapping[str, Any], document: Mapping[str, Any] | None = None) -> SafeString:
    return coded(warning_text(warning, document), warning["code"])


def coded(text: str, code: str) -> SafeString:
    """What is told, with the code that programs know it by."""
    return format_html('{} <small class="code">{}</small>', text, code)


def _place(path: str, document: Mapping[str, Any] | None) -> str:
    """`Package 1 › Line 2 (ROPE)`; empty where it is the purchase as a whole."""
    found = _LINE.match(path)
    if found is None:
        return ""
    place = words_of(found[0])
    try:
        line = document["packages"][int(found[1])]["line_items"][int(found[2])] if document and found[2] else {}
    except IndexError:  # the document has changed since
        line = {}
    sku = line.get("identifiers", {}).get("sku")
    return f"{place} ({sku})" if sku else place
