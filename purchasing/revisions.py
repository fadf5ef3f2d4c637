"""The versions of a purchase's document: which there are, who made them, what changed."""

from __future__ import annotations

from typing import Any

import orjson

from core.models import Site
from purchasing.models import Purchase, PurchaseRevision
from purchasing.store import StoredPurchase


def list_revisions(*, site: Site, purchase_id: int) -> list[dict[str, Any]]:
    """`{revision, at, by, summary}` of every version, oldest first."""
    rows = []
    before: dict[str, Any] | None = None
    for revision in PurchaseRevision.objects.for_site(site).filter(purchase_id=purchase_id).order_by("number"):
        document = document_of(revision)
        rows.append(
            {
                "revision": revision.number,
                "at": revision.at.isoformat(),
                "by": revision.author,
                "summary": summarise(before, document),
            }
        )
        before = document
    return rows


def document_of(version: Purchase | StoredPurchase | PurchaseRevision) -> dict[str, Any]:
    """The document as it is, or as it was, packages and files included."""
    header: dict[str, Any] = orjson.loads(version.header)
    return header | orjson.loads(version.contents)


def summarise(before: dict[str, Any] | None, after: dict[str, Any]) -> str:
    """In one line: that it was created, or which members changed."""
    if before is None:
        return "created"
    changed = [name for name in after if after[name] != before.get(name)]
    return f"changed {', '.join(changed)}" if changed else "unchanged"
