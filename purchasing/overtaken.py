"""What a refused precondition is told: which version stands, and what happened since the one that was named."""

from __future__ import annotations

from typing import Any

from core.api.etag import Tags
from purchasing.comparison import changes_between
from purchasing.decision import AWAITING
from purchasing.models import PurchaseRevision
from purchasing.rendering import calculated_members
from purchasing.revisions import document_of
from purchasing.store import StoredPurchase
from purchasing.version import version_of


def what_happened_since(named: Tags | None, stored: StoredPurchase | None) -> dict[str, Any]:
    """`{current_etag, revisions, changes}` for the problem object.

    `revisions`: `{revision, at, by}` of each after the named version; `changes`: `{path, old, new}` between the two
    documents, and one item for money that moved, one for a decision. Both None when no version of this purchase was
    named.
    """
    current_etag = stored.etag if stored else None
    versions = [version_of(tag, number=stored.id) for tag in named.values] if named and stored else []
    version = next(filter(None, versions), None)
    rows = []
    if stored and version:
        rows = list(
            PurchaseRevision.objects.filter(
                site=stored.site_id, purchase=stored.id, number__gte=version.revision
            ).order_by("number")
        )
    if not stored or not version or not rows or rows[0].number != version.revision:
        return {"current_etag": current_etag, "revisions": None, "changes": None}
    changes: list[dict[str, Any]] = [
        {"path": change.path, "old": change.old, "new": change.new}
        for change in changes_between(document_of(rows[0]), document_of(rows[-1]))
    ]
    if version.changes != stored.changes:
        calculated = calculated_members(stored)
        changes.append({"path": "calculated_payment", "new": calculated["calculated_payment"]})
        if stored.approval and stored.type == AWAITING:
            changes.append({"path": "approval", "new": calculated["approval"]})
    revisions = [{"revision": row.number, "at": row.at.isoformat(), "by": row.author} for row in rows[1:]]
    return {"current_etag": current_etag, "revisions": revisions, "changes": changes}
