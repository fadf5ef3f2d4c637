"""What the list of purchases and the head of a purchase's page show of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models.functions import Collate
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin.display import amount_text, money, page_of, when
from core.documents import read_instant
from core.money import ZERO, plain
from core.sentences import spoken
from pricing.rates import DOLLAR
from purchasing.admin.columns import FULFILMENT_LABELS, PAYMENT_LABELS, line_table
from purchasing.admin.forms import QUOTE_WORDS
from purchasing.admin.parts import package_of
from purchasing.admin.warning_words import coded, warning_shown
from purchasing.contents import files_in
from purchasing.documents import PurchaseAddress
from purchasing.models import FailedSubmission, Purchase
from purchasing.normal_form import one_line
from purchasing.payment import PAID_TYPES
from purchasing.quoting import word_of
from purchasing.warnings import NOT_A_BADGE


def _quote(header: dict[str, Any]) -> str:
    word, expires_at = word_of(header, now=timezone.now()), header["quote_expires_at"]
    shown = str(QUOTE_WORDS.get(word, word))
    if not expires_at:
        return shown
    until = date_format(localtime(read_instant(expires_at)), "SHORT_DATETIME_FORMAT")
    return gettext("%(word)s, until %(when)s") % {"word": shown, "when": until}


def _dollars(purchase: Purchase) -> str:
    if purchase.usd_rate is None:
        return str(_("no exchange rate"))
    about = {
        "total": amount_text(purchase.calculated_total_usd or ZERO, DOLLAR),
        "rate": localize(plain(Decimal(f"{purchase.usd_rate:.6g}"))),
        "source": purchase.usd_rate_source,
        "date": date_format(purchase.usd_rate_date, "SHORT_DATE_FORMAT") if purchase.usd_rate_date else "",
    }
    return str(_("%(total)s at %(rate)s (%(source)s, %(date)s)") % about)


class PurchaseColumns:
    """Columns and read-only figures; everything is in the purchase's own row."""

    @display(description=_("number"), ordering=Collate("visible_id", "C"))
    def number_shown(self, purchase: Purchase) -> str:
        return purchase.number

    @display(description=_("customer"), ordering="customer__company_name", empty_value="—")
    def customer_shown(self, purchase: Purchase) -> str | None:
        return str(purchase.customer) if purchase.customer_id else None

    @display(description=_("fulfilment"), ordering="calculated_fulfilment_status", label=FULFILMENT_LABELS)
    def fulfilment(self, purchase: Purchase) -> Any:
        status = purchase.calculated_fulfilment_status
        return (status, purchase.get_calculated_fulfilment_status_display()) if status else None

    @display(description=_("payment"), ordering="calculated_payment_status", label=PAYMENT_LABELS)
    def payment(self, purchase: Purchase) -> Any:
        status = purchase.calculated_payment_status
        return (status, purchase.get_calculated_payment_status_display()) if status else None

    @display(description=_("total"), ordering="calculated_total")
    def total(self, purchase: Purchase) -> SafeString:
        return money(purchase.calculated_total, purchase.currency_code)

    @display(description=_("outstanding"), ordering="outstanding")
    def outstanding_shown(self, purchase: Purchase) -> SafeString | str:
        return money(purchase.outstanding, purchase.currency_code) if purchase.outstanding else "—"

    @display(description=_("placed"), ordering="ordered_at")
    def placed(self, purchase: Purchase) -> SafeString | str:
        return when(purchase.ordered_at)

    @display(description=_("warnings"), label="danger")
    def badge(self, purchase: Purchase) -> int | None:
        return sum(item["code"] not in NOT_A_BADGE for item in purchase.warnings) or None

    @display(description=_("figures"))
    def figures(self, purchase: Purchase) -> SafeString:
        """Everything that is worked out, in one table."""
        code = purchase.currency_code
        rows: list[tuple[Any, Any]] = [
            (_("Fulfilment"), purchase.get_calculated_fulfilment_status_display() or "—"),
            (
                _("Quantities"),
                _("%(open)s open, %(shipped)s shipped, %(returned)s returned, %(cancelled)s cancelled")
                % {
                    "open": purchase.open_quantity,
                    "shipped": purchase.shipped_quantity,
                    "returned": purchase.returned_quantity,
                    "cancelled": purchase.cancelled_quantity,
                },
            ),
            (_("Total"), amount_text(purchase.calculated_total, code)),
        ]
        if purchase.type == Purchase.Type.QUOTE:
            rows.append((_("Quote"), _quote(purchase.opened.document)))  # type: ignore[attr-defined]  # set by get_object
        if code != DOLLAR:
            rows.append((_("In US dollars"), _dollars(purchase)))
        if purchase.credited:
            rows.append((_("Credited"), amount_text(purchase.credited, code)))
        if purchase.type in PAID_TYPES:
            rows += [
                (_("Payment"), purchase.get_calculated_payment_status_display() or "—"),
                (_("Paid"), amount_text(purchase.net_paid, code)),
                (_("Outstanding"), amount_text(purchase.outstanding, code)),
            ]
        if purchase.credit:
            rows.append((_("Credit"), amount_text(purchase.credit, code)))
        body = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows)
        return format_html('<dl class="figures">{}</dl>', body)

    @display(description=_("warnings"), empty_value=_("None"))
    def warnings_shown(self, purchase: Purchase) -> SafeString | None:
        shown = [item for item in purchase.warnings if item["code"] not in NOT_A_BADGE]
        if not shown:
            return None
        document = purchase.opened.document  # type: ignore[attr-defined]  # set by get_object
        rows = [(warning_shown(item, document),) for item in shown]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows))

    @display(description=_("last attempt to submit"))
    def failed_submission(self, purchase: Purchase) -> SafeString | None:
        """When a customer's program could not submit it, by whom, and what was in the way."""
        failed: FailedSubmission | None = purchase.failed  # type: ignore[attr-defined]  # set by get_object
        if failed is None:
            return None
        faults = ((coded(spoken(each["message"]), each["code"]),) for each in failed.faults)
        told = format_html_join("", "<li>{}</li>", faults)
        return format_html("<p>{} {}</p><ul>{}</ul>", when(failed.at), failed.author, told)

    @display(description=_("Files"))
    def files_shown(self, purchase: Purchase) -> SafeString:
        """Of the purchase and of its packages, kept elsewhere: each is a link where it is one of the web."""
        link = '<li><a href="{}" rel="noopener noreferrer" target="_blank">{}</a></li>'
        files = files_in(purchase.opened.document)  # type: ignore[attr-defined]  # set by get_object
        rows = (
            format_html(link, file.url, file.name or file.url) if file.url else format_html("<li>{}</li>", file.name)
            for file in files
        )
        return format_html("<ul>{}</ul>", format_html_join("", "{}", ((row,) for row in rows)))

    @display(description=_("packages"))
    def packages_shown(self, purchase: Purchase) -> SafeString:
        """Of a purchase with many of them: each with its lines, to read; the number leads to its own page."""
        parts = []
        for package in purchase.opened.document["packages"]:  # type: ignore[attr-defined]  # set by get_object
            row = package_of(purchase, package)
            parts.append((page_of(row), row.get_state_display(), line_table(package)))
        return format_html_join("", "<h3>{} {}</h3>{}", parts)

    @display(description=_("billing address"), empty_value="—")
    def billing_address(self, purchase: Purchase) -> str | None:
        address = purchase.opened.document["billing_address"]  # type: ignore[attr-defined]  # set by get_object
        return one_line(PurchaseAddress.model_construct(**address)) if address else None

    @display(description=_("shipping address"), empty_value="—")
    def shipping_address(self, purchase: Purchase) -> str | None:
        return purchase.opened.document["calculated_shipping_address"] or None  # type: ignore[attr-defined]  # as above
