"""The version of a purchase that a form was opened with, and what became of it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from purchasing.comparison import Change, changes_between
from purchasing.models import Purchase, PurchaseRevision
from purchasing.revisions import document_of
from purchasing.version import revision_of

EDITABLE_LINES = 50
EDITABLE_PACKAGES = 50


@dataclass(frozen=True, slots=True)
class Opened:
    """`document`: what the form shows, also when it is no longer what is stored. `since`: newer revisions."""

    version: str
    document: dict[str, Any]
    stale: bool = False
    since: list[PurchaseRevision] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def lines_are_editable(self) -> bool:
        """A form of thousands of fields helps nobody: many lines are a table to read."""
        return sum(len(package["line_items"]) for package in self.document["packages"]) <= EDITABLE_LINES

    @property
    def packages_are_editable(self) -> bool:
        """As for lines; each package still has a page of its own."""
        return len(self.document["packages"]) <= EDITABLE_PACKAGES


def opened_with(purchase: Purchase, version: str | None) -> Opened:
    """What a form that names this version shows; without one, the version that stands."""
    stored = document_of(purchase)
    if version is None or version == purchase.etag:
        return Opened(purchase.etag, stored)
    number = revision_of(version, number=purchase.pk)
    revisions = PurchaseRevision.objects.filter(site=purchase.site_id, purchase=purchase.pk)
    before = revisions.filter(number=number).first() if number else None
    if before is None:
        return Opened(version, stored, stale=True)
    document = document_of(before)
    since = list(revisions.filter(number__gt=before.number).defer("header", "contents").order_by("number"))
    return Opened(version, document, stale=True, since=since, changes=changes_between(document, stored))
