"""A mail as it is handed over: in the language of who gets it, as text and as HTML, with the link to its page.

Texts of merchants and buyers go into the HTML escaped, and into a header on one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings as installation
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.mail_settings import MailKind, named_address, sender_of
from core.site_settings import Settings
from customers.models import Customer
from purchasing.contents import Contents, Line, Parcel
from purchasing.mailing.wording import WORDINGS, expiry_of, package_of
from purchasing.models import Purchase, PurchaseMail
from purchasing.pages.labels import payment_method_of
from purchasing.pages.reader import Reader, locale_for

MOST_LINES = 100
"""A longer order is read on its page."""
TO_DECIDE = (MailKind.APPROVAL_WANTED, MailKind.REJECTED, MailKind.QUOTE_SENT)
"""Whose link leads to the page of quotes and approvals."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order, each of its texts on one line."""

    quantity: str
    name: str
    sku: str
    amount: str


def letter_for(
    customer: Customer, mail: PurchaseMail, purchase: Purchase, contents: Contents, *, settings: Settings
) -> EmailMultiAlternatives:
    """The mail for one of those it concerns."""
    kind, site = MailKind(mail.kind), purchase.site
    with override(language_of(customer, settings)):
        reader = Reader(locale_for(language_of(customer, settings)), settings.time_zone)
        words = {"number": purchase.number, "name": purchase.buyer.full_name if purchase.buyer else ""}
        wording = WORDINGS[kind]
        package = package_of(contents, mail.subject) if kind is MailKind.SHIPPED else None
        lines = (
            package.lines if package else [line for item in contents.packages if item.is_live for line in item.lines]
        )
        context = {
            "site": site,
            "language": language_of(customer, settings),
            "name": one_line(customer.full_name),
            "opening": one_line(str(wording.opening) % words),
            "facts": _facts(kind, purchase, contents, reader),
            "rows": [_row(line, purchase, reader) for line in lines[:MOST_LINES]],
            "more": max(0, len(lines) - MOST_LINES),
            "parcels": [_parcel(parcel) for parcel in package.parcels] if package else [],
            "link": _link(kind, purchase, customer),
        }
        subject = one_line(str(wording.subject) % words)
        text = render_to_string("mails/purchase.txt", context)
        html = render_to_string("mails/purchase.html", context)
    sender = sender_of(site_name=site.name, mail_from=settings.mail_from)
    letter = EmailMultiAlternatives(
        subject,
        text,
        from_email=sender,
        to=[named_address(customer.full_name, customer.email)],
        reply_to=[settings.mail_reply_to] if settings.mail_reply_to else None,
        headers={
            # The same at every attempt: who gets it twice after a crash can tell that it is one.
            "Message-ID": f"<purchase-mail.{mail.pk}.{customer.pk}@{parseaddr(sender)[1].rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(html, "text/html")
    return letter


def language_of(customer: Customer, settings: Settings) -> str:
    """The language that the person has chosen, else the first of the site."""
    chosen = customer.user.language if customer.user else ""
    return chosen or settings.languages[0]


def one_line(text: str) -> str:
    return " ".join(text.split())


def _facts(kind: MailKind, purchase: Purchase, contents: Contents, reader: Reader) -> Sequence[tuple[str, str]]:
    """What the mail says of the purchase, where there is something to say."""
    expires_at = expiry_of(purchase) if kind is MailKind.QUOTE_SENT else None
    ship_to = list(dict.fromkeys(", ".join(package.ship_to) for package in contents.packages if package.ship_to))
    facts = [
        (_("Number"), purchase.number),
        (_("PO"), purchase.customer_reference),
        (_("Reason"), purchase.approval["reason"] if kind is MailKind.REJECTED and purchase.approval else ""),
        (_("Valid until"), reader.day(expires_at) if expires_at else ""),
        (_("Payment method"), str(payment_method_of(purchase))),
        (_("Ship to"), ship_to[0] if len(ship_to) == 1 else ""),
        (_("Total"), reader.money(purchase.calculated_total, purchase.currency_code)),
    ]
    return [(name, one_line(value)) for name, value in facts if value.strip()]


def _row(line: Line, purchase: Purchase, reader: Reader) -> Row:
    return Row(
        reader.number(line.quantity),
        one_line(f"{line.name} {line.variant}"),
        one_line(line.sku),
        reader.money(line.gross, purchase.currency_code),
    )


def _parcel(parcel: Parcel) -> Parcel:
    return Parcel(one_line(parcel.carrier), one_line(parcel.number), parcel.url)


def _link(kind: MailKind, purchase: Purchase, customer: Customer) -> str:
    """The page of the purchase, for who can sign in; empty where nobody has said under which address pages are."""
    base = installation.BASE_URL
    if purchase.site.host:
        base = f"{'https' if installation.SESSION_COOKIE_SECURE else 'http'}://{purchase.site.host}"
    if not base or customer.user is None:
        return ""
    return base + reverse(f"account:{'quote' if kind in TO_DECIDE else 'order'}", args=[purchase.spark_id])
