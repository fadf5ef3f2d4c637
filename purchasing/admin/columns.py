"""How figures, states and documents look in the back office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.admin.display import amount_text, price, when
from core.money import plain
from purchasing.admin.member_words import words_of
from purchasing.comparison import DERIVED, Change
from purchasing.models import Package
from purchasing.payment import PaymentStatus
from purchasing.status import FulfilmentStatus, PackageState

_CLASSES = ("", "", *["number"] * 5)
"""Of the columns of lines: figures stand right, below each other."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?\+00:00")
"""As documents are stored."""

FULFILMENT_LABELS = {
    FulfilmentStatus.PROCESSING: "info",
    FulfilmentStatus.PARTIALLY_SHIPPED: "warning",
    FulfilmentStatus.SHIPPED: "success",
    FulfilmentStatus.PARTIALLY_RETURNED: "warning",
    FulfilmentStatus.RETURNED: "primary",
    FulfilmentStatus.CANCELLED: "danger",
}
PAYMENT_LABELS = {
    PaymentStatus.UNPAID: "danger",
    PaymentStatus.PARTIALLY_PAID: "warning",
    PaymentStatus.PAID: "success",
    PaymentStatus.OVERPAID: "info",
    PaymentStatus.PARTIALLY_REFUNDED: "primary",
    PaymentStatus.REFUNDED: "primary",
}
STATE_LABELS = {
    PackageState.PROCESSING: "info",
    PackageState.SHIPPED: "success",
    PackageState.RETURNED: "primary",
    PackageState.CANCELLED: "danger",
}
"""Colours of the labels."""


def change_table(changes: Iterable[Change]) -> SafeString:
    """Each change of a document: which member, what it was, what it is. The member's path is the title of its name."""
    before, now = str(_("Before")), str(_("Now"))
    rows = [
        (change.path, words_of(change.path), before, _shown(change.old), now, _shown(change.new)) for change in changes
    ]
    body = format_html_join(
        "",
        '<tr><td title="{}">{}</td><td data-label="{}"><div>{}</div></td><td data-label="{}"><div>{}</div></td></tr>',
        rows,
    )
    return format_html(
        '<table class="plain changes stacked"><thead><tr><th scope="col">{}</th><th scope="col">{}</th>'
        '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        *(_("Property"), before, now),
        body,
    )


def lines_of(package: Package) -> SafeString:
    """The table of a package's lines, made once: the templates ask for a field five times over."""
    shown: SafeString | None = getattr(package, "lines_shown", None)
    if shown is None:
        shown = package.lines_shown = line_table(package.stored)  # type: ignore[attr-defined]  # set with the package
    return shown


def line_table(package: dict[str, Any]) -> SafeString:
    """The lines of a package, to read; amounts are for the whole quantity."""
    titles = [
        escape(title) for title in (_("SKU"), _("Name"), _("Quantity"), _("Net"), _("Tax %"), _("Gross"), _("Credited"))
    ]
    cells = "".join(
        f'<td data-label="{title}" class="{name}">{{}}</td>' for title, name in zip(titles, _CLASSES, strict=True)
    )
    return format_html(
        '<table class="plain stacked"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        format_html_join("", '<th scope="col" class="{}">{}</th>', zip(_CLASSES, titles, strict=True)),
        format_html_join("", f"<tr>{cells}</tr>", map(_line_texts, package["line_items"])),
    )


def _line_texts(line: dict[str, Any]) -> list[Any]:
    total, credited = line["line_total"], (line["refund_total"] or {}).get("gross")
    rate = total.get("tax_rate")
    return [
        line["identifiers"].get("sku", ""),
        f"{line['name_parent']} {line['name_child']}".strip(),
        line["quantity"],
        _price(total["total_net"]),
        "—" if rate is None else number_format(f"{plain(Decimal(str(rate))):f}"),
        _price(total["calculated_gross"]),
        _price(credited) if credited else "—",
    ]


def _price(amount: dict[str, str]) -> SafeString:
    return price(Decimal(amount["number"]), amount["currency"])


def _shown(value: Any) -> str:
    """A value of a document as people write it; of something whole, such as a line, what is said in it."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, dict) and set(value) == {"number", "currency"}:
        return amount_text(Decimal(value["number"]), value["currency"])
    if isinstance(value, (dict, list)):
        said = [(words_of(path), _shown(each)) for path, each in _leaves(value, "") if each not in (None, "", [], {})]
        return format_html_join("", "<div>{}: {}</div>", said) or "—"
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return when(datetime.fromisoformat(value))
    return str(value)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """What stands in it, each with its path; what is calculated follows from the rest."""
    if isinstance(value, dict) and set(value) != {"number", "currency"}:
        for name, member in value.items():
            if name not in DERIVED and not name.startswith("calculated_"):
                yield from _leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for number, member in enumerate(value):
            yield from _leaves(member, f"{path}[{number}]")
    else:
        yield path, value
