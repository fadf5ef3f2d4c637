"""What happened to a purchase, for staff: revisions, payments and refunds, comments, in one row of moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import orjson
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin.display import amount_text
from purchasing.admin.member_words import words_of
from purchasing.contents import PackageView, packages_of
from purchasing.models import Purchase, PurchaseComment, PurchaseRevision, PurchaseTransaction
from purchasing.revisions import list_revisions, newest_versions
from purchasing.status import PackageState

COMMENT, MONEY, REVISION = "comment", "money", "revision"
MOVED = {
    PackageState.SHIPPED: gettext_lazy("shipped %(goods)s"),
    PackageState.RETURNED: gettext_lazy("returned %(goods)s"),
    PackageState.CANCELLED: gettext_lazy("cancelled %(goods)s"),
}
NAMED = 5
"""Goods that one entry names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Event:
    """`what`: comment, money or revision. `revision`: its number, which can be looked at."""

    at: datetime
    what: str
    text: str
    by: str = ""
    revision: PurchaseRevision | None = None


def timeline_of(purchase: Purchase) -> list[Event]:
    """Everything, newest first. Five queries, however long the life was."""
    mine = {"site": purchase.site_id, "purchase": purchase.pk}
    told = {row["revision"]: row["summary"] for row in list_revisions(site=purchase.site, purchase_id=purchase.pk)}
    revisions = PurchaseRevision.objects.filter(**mine).defer("header", "contents")
    moved = dict(_moves(purchase))
    events = [
        Event(
            row.at, REVISION, _revision_text(row.number, told[row.number], moved.get(row.number, "")), row.author, row
        )
        for row in revisions
    ]
    for item in PurchaseTransaction.objects.filter(**mine).defer("full_transaction"):
        told_of = {"amount": amount_text(abs(item.total), item.currency_code), "id": item.platform_id}
        events.append(Event(item.created_at, MONEY, _money_words(item) % told_of, item.recorded_by))
    events += [Event(row.created_at, COMMENT, row.text, row.author) for row in PurchaseComment.objects.filter(**mine)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _moves(purchase: Purchase) -> Iterator[tuple[int, str]]:
    """What was shipped, returned or cancelled by each of the newest revisions, against the one before it."""
    rows = newest_versions(site_id=purchase.site_id, purchase_id=purchase.pk)
    read = [(number, _goods(packages_of(orjson.loads(contents)))) for number, _at, _by, _header, contents in rows]
    for (_number, before), (number, after) in pairwise(read):
        moved = [(words, after[state] - before[state]) for state, words in MOVED.items()]
        if told := ", ".join(str(words) % {"goods": _counted(goods)} for words, goods in moved if goods):
            yield number, told


def _goods(packages: list[PackageView]) -> dict[PackageState, Counter[str]]:
    """How many of each are in which state, by their names."""
    found: dict[PackageState, Counter[str]] = {state: Counter() for state in PackageState}
    for package in packages:
        for line in package.lines:
            found[package.state][" ".join(filter(None, (line.name, line.variant)))] += line.quantity
    return found


def _counted(goods: Counter[str]) -> str:
    """`2 × Rope, 1 × Sling`."""
    named = [f"{number_format(count, force_grouping=True)} × {name}" for name, count in goods.items()]
    if len(named) > NAMED:
        return _("%(goods)s and %(more)s more") % {"goods": ", ".join(named[:NAMED]), "more": len(named) - NAMED}
    return ", ".join(named)


def _revision_text(number: int, summary: str, moved: str) -> str:
    """The summary is the API's, in English: `created`, `unchanged`, or `changed` with the members.

    `moved`: what became of goods, which says more than that the packages changed.
    """
    match summary.split(" ", 1):
        case ["created"]:
            return _("Revision %(number)s: created") % {"number": number}
        case ["changed", members]:
            named = [words_of(name) for name in members.split(", ") if name != "packages" or not moved]
            if moved:
                also = _(", changed %(members)s") % {"members": ", ".join(named)} if named else ""
                return _("Revision %(number)s: %(moved)s") % {"number": number, "moved": f"{moved}{also}"}
            told = ", ".join(named)
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
