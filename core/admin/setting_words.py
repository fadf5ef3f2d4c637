"""What settings and their values are called, on the page of their site and in its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.mail_settings import MailKind
from core.site_settings import ChargePosting

LABELS: dict[str, Any] = {
    "charge_posting": _("What creates a debt"),
    "default_currency": _("Default currency"),
    "default_tax_rate": _("Usual tax rate, in percent"),
    "time_zone": _("Time zone"),
    "languages": _("Languages"),
    "net_terms_days": _("Days to pay"),
    "approval_places_order": _("An approval places the order at once"),
    "enforce_order_minimum_for_api": _("Programs keep to order minimums"),
    "throttle_per_minute": _("Calls of a program in a minute"),
    "mails": _("Mails to buyers"),
    "mail_from": _("Sender of mails"),
    "mail_reply_to": _("Where answers to mails go"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "charge_posting": {
        ChargePosting.ON_ACCOUNT: _("Orders paid on account"),
        ChargePosting.ALL_ORDERS: _("Every order"),
        ChargePosting.OFF: _("Nothing here: an outside system owns debts"),
    },
    "languages": {"en": pgettext_lazy("language", "English"), "de": pgettext_lazy("language", "German")},
    "mails": {
        MailKind.RECEIVED: _("Order received"),
        MailKind.CONFIRMED: _("Order confirmed"),
        MailKind.SHIPPED: _("Package sent"),
        MailKind.APPROVAL_WANTED: _("Approval wanted"),
        MailKind.APPROVED: _("Purchase approved"),
        MailKind.REJECTED: _("Purchase rejected"),
        MailKind.QUOTE_SENT: _("Quote sent"),
    },
}


def in_words(key: str, value: Any) -> str:
    """A value of a setting for people; a list in one line."""
    names: Mapping[Any, Any] = CHOICES.get(key, {})
    match value:
        case None | "" | []:
            return "—"
        case bool():
            return str(_("Yes") if value else _("No"))
        case list():
            return ", ".join(str(names.get(item, item)) for item in value)
    return f"{value} %" if key == "default_tax_rate" else str(names.get(value, value))
