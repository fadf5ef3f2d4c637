"""What happened to a purchase, for staff: revisions, payments and refunds, comments, in one row of moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.money import money_text
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
        Event(row.at, REVISION, f"Revision {row.number}: {told[row.number]}", row.author, row) for row in revisions
    ]
    for item in PurchaseTransaction.objects.filter(**mine).defer("full_transaction"):
        kind = "Payment" if item.total > 0 else "Refund"
        amount = f"{money_text(abs(item.total), item.currency_code)} {item.currency_code}"
        effect = "in the customer's history" if item.apply_to_balance else "for information, without effect"
        events.append(Event(item.created_at, MONEY, f"{kind} of {amount} ({item.platform_id}), {effect}"))
    events += [Event(row.created_at, COMMENT, row.text, row.author) for row in PurchaseComment.objects.filter(**mine)]
    return sorted(events, key=lambda event: event.at, reverse=True)
