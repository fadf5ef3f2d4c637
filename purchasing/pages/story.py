"""What became of an order between its shipments and payments, in words: decisions on it, and changes of its goods.

Told from the stored revisions, each compared with the one before it. What packages say themselves (shipped, returned,
cancelled) is no change here, and neither are lines that move from one package to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from django.utils.translation import gettext as _

from customers.models import Customer
from purchasing.contents import PackageView, packages_of
from purchasing.decision import DecisionStatus
from purchasing.drafts import SUBMITTED_TYPES
from purchasing.models import Purchase
from purchasing.pages.authors import names_told
from purchasing.pages.differences import amount_of, freight_of, goods_changes
from purchasing.pages.labels import payment_label
from purchasing.pages.reader import Reader
from purchasing.pages.timeline import Event, EventKind
from purchasing.revisions import newest_versions


@dataclass(frozen=True, slots=True)
class Story:
    """`whole`: whether it goes back to the first revision; else earlier changes are left out."""

    events: list[Event]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Version:
    at: datetime
    author: str
    header: dict[str, Any]
    text: str
    packages: list[PackageView]

    @property
    def currency_code(self) -> str:
        code: str = self.header["currency_code"]
        return code


def story_of(purchase: Purchase, *, customer: Customer, reader: Reader) -> Story:
    """Decisions and changes, as `customer` is told them. Two queries at most, however long the life was.

    Persons are named when they are of his own company; staff are staff; nobody else is named.
    """
    rows = newest_versions(site_id=purchase.site_id, purchase_id=purchase.pk)
    versions = list(_read(rows))
    decision = purchase.approval or {}
    authors = {version.author for version in versions[1:]} | {decision.get("by") or ""}
    names = names_told(authors, customer)
    events = [event for before, after in pairwise(versions) for event in _between(before, after, names, reader)]
    events += _decided(decision, names)
    return Story(events, whole=not rows or rows[0][0] == 1)


def _read(rows: Iterable[Any]) -> Iterator[_Version]:
    """Contents that stayed as they were are read once."""
    text, packages = "", list[PackageView]()
    for _number, at, author, header, contents in rows:
        if contents != text:
            text, packages = contents, packages_of(orjson.loads(contents))
        yield _Version(at, author, orjson.loads(header), text, packages)


def _between(before: _Version, after: _Version, names: dict[str, str], reader: Reader) -> Iterator[Event]:
    """What was a quote or a cart before was no order yet, so that its changes are none of the order."""
    was, now = before.header["type"], after.header["type"]
    who = names.get(after.author, "")
    if was == Purchase.Type.QUOTE and now in SUBMITTED_TYPES:
        yield Event(after.at, EventKind.ACCEPTED, by=who)
    if was not in SUBMITTED_TYPES:
        return
    if (was, now) == (Purchase.Type.ORDER_UNCONFIRMED, Purchase.Type.ORDER):
        yield Event(after.at, EventKind.CONFIRMED, by=who)
    if changes := [*_of_goods(before, after, reader), *_of_header(before, after)]:
        yield Event(after.at, EventKind.CHANGED, by=who, details=changes)


def _of_goods(before: _Version, after: _Version, reader: Reader) -> Iterator[str]:
    """Goods, freight, and then what it comes to: a cancellation alone, which lowers it, says so itself."""
    if before.text == after.text and before.currency_code == after.currency_code:
        return

    def money(version: _Version, amount: Any) -> str:
        return reader.money(amount, version.currency_code)

    told = False
    for name, old, new in goods_changes(before.packages, after.packages, every=True):
        told = True
        values = {"name": name, "before": reader.number(old.quantity), "after": reader.number(new.quantity)}
        if not old.quantity:
            yield _("Added: %(after)s × %(name)s") % values
        elif not new.quantity:
            yield _("Removed: %(before)s × %(name)s") % values
        elif old.quantity != new.quantity:
            yield _("%(name)s: quantity changed from %(before)s to %(after)s") % values
        else:
            prices = {"before": money(before, old.gross), "after": money(after, new.gross)}
            yield _("%(name)s: price changed from %(before)s to %(after)s") % {**values, **prices}
    old_freight, new_freight = freight_of(before.packages), freight_of(after.packages)
    if old_freight != new_freight:
        told = True
        values = {"before": money(before, old_freight), "after": money(after, new_freight)}
        yield _("Shipping changed from %(before)s to %(after)s") % values
    was, now = money(before, amount_of(before.packages)), money(after, amount_of(after.packages))
    if was != now and (told or before.currency_code != after.currency_code):
        yield _("Total changed from %(before)s to %(after)s") % {"before": was, "after": now}


def _of_header(before: _Version, after: _Version) -> Iterator[str]:
    """PO, payment method, and where it goes: to which addresses over all packages."""
    reference, method = after.header["customer_reference"], after.header["payment_method"]
    if reference != before.header["customer_reference"]:
        yield _("PO changed to %(after)s") % {"after": reference} if reference else _("PO removed")
    if method != before.header["payment_method"]:
        named = {"after": payment_label(method)}
        yield _("Payment method changed to %(after)s") % named if method else _("Payment method removed")
    goes_to = _addresses(after)
    if goes_to and set(goes_to) != set(_addresses(before)):
        yield _("Ship-to changed to %(after)s") % {"after": "; ".join(goes_to)}


def _addresses(version: _Version) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(", ".join(package.ship_to) for package in version.packages if package.ship_to))


def _decided(decision: dict[str, Any], names: dict[str, str]) -> Iterator[Event]:
    """The decision that stands; one that a later change has voided is not kept."""
    if not decision.get("at"):
        return
    rejected = decision["status"] == DecisionStatus.REJECTED
    reason = [_("Reason: %(reason)s") % {"reason": decision["reason"]}] if decision["reason"] else []
    yield Event(
        datetime.fromisoformat(decision["at"]),
        EventKind.REJECTED if rejected else EventKind.APPROVED,
        by=names.get(decision["by"] or "", ""),
        details=reason,
    )
