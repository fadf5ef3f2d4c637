"""What happened to a purchase, for staff: revisions, payments and refunds, comments, in one row of moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.admin.display import amount_text
from purchasing.admin.member_words import words_of
from purchasing.models import Purchase, PurchaseComment, PurchaseRevision, PurchaseTransaction
from purchasing.revisions import list_revisions

COMMENT, MONEY, REVISION = "comment", "money", "revision"


@dataclass(frozen=True, slots=True)
class Event:
    """`what`: comment, money or revision. `revision`: its number, which can be looked at."""

    at: datetime
    what: str
    text: str
    by: str = ""
    revision: PurchaseRevision | None = None


def timeline_of(purchase: Purchase) -> list[Event]:
    """Everything, newest first. Four queries, however long the life was."""
    mine = {"site": purchase.site_id, "purchase": purchase.pk}
    told = {row["revision"]: row["summary"] for row in list_revisions(site=purchase.site, purchase_id=purchase.pk)}
    revisions = PurchaseRevision.objects.filter(**mine).defer("header", "contents")
    events = [
        Event(row.at, REVISION, _revision_text(row.number, told[row.number]), row.author, row) for row in revisions
    ]
    for item in PurchaseTransaction.objects.filter(**mine).defer("full_transaction"):
        told_of = {"amount": amount_text(abs(item.total), item.currency_code), "id": item.platform_id}
        events.append(Event(item.created_at, MONEY, _money_words(item) % told_of))
    events += [Event(row.created_at, COMMENT, row.text, row.author) for row in PurchaseComment.objects.filter(**mine)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _revision_text(number: int, summary: str) -> str:
    """The summary is the API's, in English: `created`, `unchanged`, or `changed` with the members."""
    match summary.split(" ", 1):
        case ["created"]:
            return _("Revision %(number)s: created") % {"number": number}
        case ["changed", members]:
            told = ", ".join(words_of(name) for name in members.split(", "))
            return _("Revision %(number)s: changed %(members)s") % {"number": number, "members": told}
    return _("Revision %(number)s: unchanged") % {"number": number}


def _money_words(item: PurchaseTransaction) -> str:
    if item.total > 0:
        return (
            _("Payment of %(amount)s (%(id)s), in the customer's history")
            if item.apply_to_balance
            else _("Payment of %(amount)s (%(id)s), for information, without effect")
        )
    return (
        _("Refund of %(amount)s (%(id)s), in the customer's history")
        if item.apply_to_balance
        else _("Refund of %(amount)s (%(id)s), for information, without effect")
    )
