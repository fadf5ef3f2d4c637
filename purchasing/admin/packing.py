"""Packing lists: what goes into a package and where it goes, without prices; as a page to print and as a PDF.

They lie in the parcel, so they speak the first language of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core.downloads import pdf_download
from core.pdf import Column, Paper
from core.site_settings import settings_of
from customers.printing import writing_of
from purchasing.contents import Line, PackageView, contents_of
from purchasing.models import Purchase
from purchasing.status import PackageState

PACKED = (PackageState.PROCESSING, PackageState.SHIPPED)
"""States of packages that somebody packs; the others are cancelled or came back."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Of one package."""

    title: str
    package: PackageView
    facts: list[tuple[str, str]]
    rows: list[tuple[str, str, str, str]]
    """SKU, name, options and quantity of each line."""
    pieces: int


def packing_list(request: HttpRequest, purchase: Purchase, *, back: str, position: int | None = None) -> HttpResponse:
    """The page, or with `?format=pdf` the paper. `position`: of the one package; None: every one that is packed."""
    settings = settings_of(purchase.site)
    with override(settings.languages[0]), timezone.override(settings.time_zone):
        packages = contents_of(purchase).packages
        chosen = (
            [(number, package) for number, package in enumerate(packages, start=1) if package.state in PACKED]
            if position is None
            else [(position + 1, packages[position])]
        )
        sheets = [
            _sheet(purchase, package, number, of=len(packages), zone=settings.time_zone) for number, package in chosen
        ]
        if request.GET.get("format") == "pdf":
            name = re.sub(r"[^A-Za-z0-9._-]+", "-", purchase.number)[:60]
            return pdf_download(_paper(purchase, sheets, now=timezone.now()), name=f"packing-list-{name}")
        context = {"purchase": purchase, "sheets": sheets, "back": back, "language": get_language()}
        return render(request, "admin/purchasing/package/packing_list.html", context)


def _sheet(purchase: Purchase, package: PackageView, number: int, *, of: int, zone: ZoneInfo) -> Sheet:
    named = _("Package %(number)s") % {"number": package.number or f"{number}/{of}"}
    return Sheet(
        title=f"{_('Packing list')} · {named}",
        package=package,
        facts=[(name, text) for name, text in _facts(purchase, package, zone) if text],
        rows=[_row(line) for line in package.lines if line.quantity],
        pieces=package.quantity,
    )


def _facts(purchase: Purchase, package: PackageView, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    day = writing_of(zone).day
    yield _("From"), purchase.site.name
    yield _("Order"), purchase.number
    yield _("PO"), purchase.customer_reference
    yield _("Customer"), purchase.company
    yield _("Placed"), day(purchase.ordered_at)
    yield _("Ship to"), ", ".join(package.ship_to)
    yield _("Delivery"), package.shipping_name
    yield _("Shipped"), day(package.shipped_at)


def _row(line: Line) -> tuple[str, str, str, str]:
    options = [line.variant, *(f"{key}: {value}" for key, value in line.options)]
    return line.sku, line.name, ", ".join(filter(None, options)), str(line.quantity)


def _paper(purchase: Purchase, sheets: Sequence[Sheet], *, now: datetime) -> bytes:
    """Each package begins on a page of its own."""
    title = f"{_('Packing list')} · {_('Order %(number)s') % {'number': purchase.number}}"
    paper = Paper(
        title=title,
        head=f"{purchase.site.name} · {title}",
        language=get_language() or "en",
        page_of=_("Page {page} of {pages}"),
        now=now,
    )
    for number, sheet in enumerate(sheets):
        if number:
            paper.add_page()
        paper.facts([(sheet.title, ""), *sheet.facts])
        columns = [
            Column(_("SKU"), 38),
            Column(_("Product"), 70),
            Column(_("Options"), 52),
            Column(_("Quantity"), 20, "R"),
        ]
        total = ("", _("Pieces"), "", str(sheet.pieces))
        paper.rows(columns, [*sheet.rows, total], bold=(-1,))
    return paper.content()
