"""What is worth a mail in what has just been written: the purchase as it stands now beside what it was before.

Mails are of today. What is loaded later than that (an old order, a package that left last month) tells nobody anything;
nor do imports and the bulk addresses, which do not ask here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson

from core.mail_settings import MailKind
from core.site_settings import Settings
from purchasing import store
from purchasing.decision import AWAITING, DecisionStatus
from purchasing.store import StoredPurchase

OF_TODAY = timedelta(hours=48)
"""So far back an order may have been placed, or a package have left, to be news; programs send the day before too."""

Event = tuple[MailKind, str]
"""What happened, and to which package or in which revision."""


def tell(purchase: StoredPurchase, *, before: StoredPurchase | None, settings: Settings, now: datetime) -> None:
    """Note what is to be mailed of this write, within its transaction; costs nothing while nothing is.

    `before`: the purchase as it stood; itself when only a decision was stored.
    """
    if not settings.mails:
        return
    events = [event for event in events_of(purchase, before=before, now=now) if event[0] in settings.mails]
    if events:
        store.note_mails(site_id=purchase.site_id, purchase_id=purchase.id, events=events, at=now)


def events_of(purchase: StoredPurchase, *, before: StoredPurchase | None, now: datetime) -> list[Event]:
    """In the order in which they are told."""
    decided = _decided_now(purchase, now)
    events = [*_of_type(purchase, before, approved=decided is DecisionStatus.APPROVED)]
    if before is None and not _is_of_today(purchase.ordered_at, now):
        events = []  # a late arrival; its packages have dates of their own
    if decided and before and before.type == AWAITING:
        kind = MailKind.APPROVED if decided is DecisionStatus.APPROVED else MailKind.REJECTED
        events.append((kind, str(purchase.revision)))
    if purchase.type == "order" and purchase.shipped_quantity and purchase is not before:
        events += _packages_that_left(purchase, before, now)
    return events


def _of_type(purchase: StoredPurchase, before: StoredPurchase | None, *, approved: bool) -> Iterator[Event]:
    was = before.type if before else None
    match purchase.type:
        case "order" if was != "order" and not approved:  # to hear that it is approved is enough
            yield MailKind.CONFIRMED, ""
        case "order_unconfirmed" if was not in ("order", "order_unconfirmed"):
            yield MailKind.RECEIVED, ""
        case "awaiting_approval":
            reconsidered = before is not None and before.approval is not None and purchase.approval is None
            if was != AWAITING or reconsidered:
                yield MailKind.APPROVAL_WANTED, str(purchase.revision)
        case "quote" if _is_sent(purchase) and not (before and before.type == "quote" and _is_sent(before)):
            yield MailKind.QUOTE_SENT, str(purchase.revision)


def _packages_that_left(purchase: StoredPurchase, before: StoredPurchase | None, now: datetime) -> Iterator[Event]:
    left_before = set(_shipped(before)) if before and before.shipped_quantity else set()
    for spark_id, shipped_at in _shipped(purchase).items():
        at = datetime.fromisoformat(shipped_at) if shipped_at else (now if before else purchase.ordered_at)
        if spark_id not in left_before and _is_of_today(at, now):
            yield MailKind.SHIPPED, spark_id


def _shipped(purchase: StoredPurchase) -> dict[str, str | None]:
    """When the packages left that have, by their SparkLayer ids."""
    packages = orjson.loads(purchase.contents)["packages"]
    return {
        package["identifiers"]["sparklayer_package_id"]: package["dates"]["shipped_at"]
        for package in packages
        if package["type"] == "shipment"
    }


def _decided_now(purchase: StoredPurchase, now: datetime) -> DecisionStatus | None:
    """What this very write decided: a decision says when it was made."""
    decision = orjson.loads(purchase.approval) if purchase.approval else None
    if decision is None or datetime.fromisoformat(decision["at"]) != now:
        return None
    return DecisionStatus(decision["status"])


def _is_sent(purchase: StoredPurchase) -> bool:
    return bool(orjson.loads(purchase.header)["quote_status"] == "sent")


def _is_of_today(at: datetime, now: datetime) -> bool:
    return now - at <= OF_TODAY
