"""What each mail says first, and when it has nothing to say any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.mail_settings import MailKind
from purchasing.contents import Contents, PackageView
from purchasing.decision import DecisionStatus
from purchasing.models import Purchase
from purchasing.status import PackageState


@dataclass(frozen=True, slots=True)
class Wording:
    """`subject` and `opening` may name the `number` of the purchase and the `name` of its buyer."""

    subject: Promise
    opening: Promise


WORDINGS: Mapping[MailKind, Wording] = {
    MailKind.RECEIVED: Wording(
        _("We have received your order %(number)s"),
        _("Thank you. Your order has come in. It is binding when it has been confirmed."),
    ),
    MailKind.CONFIRMED: Wording(_("Your order %(number)s is confirmed"), _("Thank you. Your order is confirmed.")),
    MailKind.SHIPPED: Wording(
        _("A package of your order %(number)s is on its way"), _("A package with these items has left.")
    ),
    MailKind.APPROVAL_WANTED: Wording(
        _("Please approve the order %(number)s"), _("%(name)s has placed an order that waits for your approval.")
    ),
    MailKind.APPROVED: Wording(_("Your order %(number)s is approved"), _("Your order is approved.")),
    MailKind.REJECTED: Wording(_("Your order %(number)s was not approved"), _("Your order was not approved.")),
    MailKind.QUOTE_SENT: Wording(_("Your quote %(number)s"), _("We have a quote for you.")),
}


def package_of(contents: Contents, spark_id: str) -> PackageView | None:
    """The package that has left, while it still counts as shipped."""
    found = (package for package in contents.packages if package.spark_id == spark_id)
    return next((package for package in found if package.state is PackageState.SHIPPED), None)


def still_says(kind: MailKind, subject: str, purchase: Purchase, contents: Contents, *, now: datetime) -> bool:
    """Whether what happened still stands when the mail is to be sent."""
    if purchase.deleted_at is not None:
        return False
    stands: Mapping[MailKind, Callable[[], bool]] = {
        MailKind.RECEIVED: lambda: purchase.type == Purchase.Type.ORDER_UNCONFIRMED and _is_live(contents),
        MailKind.CONFIRMED: lambda: purchase.type == Purchase.Type.ORDER and _is_live(contents),
        MailKind.SHIPPED: lambda: package_of(contents, subject) is not None,
        MailKind.APPROVAL_WANTED: lambda: (
            purchase.type == Purchase.Type.AWAITING_APPROVAL and purchase.approval is None
        ),
        MailKind.APPROVED: lambda: _decision(purchase) is DecisionStatus.APPROVED,
        MailKind.REJECTED: lambda: _decision(purchase) is DecisionStatus.REJECTED,
        MailKind.QUOTE_SENT: lambda: _is_open_quote(purchase, now),
    }
    return stands[kind]()


def expiry_of(purchase: Purchase) -> datetime | None:
    """Until when a quote may be accepted."""
    text = orjson.loads(purchase.header)["quote_expires_at"]
    return datetime.fromisoformat(text) if text else None


def _is_live(contents: Contents) -> bool:
    return not contents.packages or any(package.is_live for package in contents.packages)


def _decision(purchase: Purchase) -> DecisionStatus:
    return DecisionStatus(purchase.approval["status"]) if purchase.approval else DecisionStatus.PENDING


def _is_open_quote(purchase: Purchase, now: datetime) -> bool:
    expires_at = expiry_of(purchase)
    is_sent = purchase.type == Purchase.Type.QUOTE and orjson.loads(purchase.header)["quote_status"] == "sent"
    return is_sent and (expires_at is None or now <= expires_at)
