"""What a refused precondition is told: which version stands, and what happened since the one that was named."""

from __future__ import annotations

from typing import Any

from core.api.etag import Tags
from purchasing.decision import AWAITING
from purchasing.models import PurchaseRevision
from purchasing.rendering import calculated_members
from purchasing.revisions import changes_of
from purchasing.store import StoredPurchase
from purchasing.version import Version, version_of


def what_happened_since(named: Tags | None, stored: StoredPurchase | None) -> dict[str, Any]:
    """`{current_etag, revisions, changes}` for the problem object.

    `revisions`: `{revision, at, by}` of each after the named version; `changes`: `{path, old, new}` between the two
    documents, one item for money that moved, one for a decision. Both None when no version that this purchase ever
    had was named. At most two queries, and of all the documents between only the two that are compared.
    """
    version = _version_named(named, stored)
    rows: list[tuple[Any, ...]] = []
    if stored and version:
        kept = PurchaseRevision.objects.filter(
            site=stored.site_id, purchase=stored.id, number__gte=version.revision, number__lte=stored.revision
        )
        rows = list(kept.order_by("number").values_list("number", "at", "author"))
    if not stored or not version or not rows or rows[0][0] != version.revision:
        return {"current_etag": stored.etag if stored else None, "revisions": None, "changes": None}
    changes = changes_of(site_id=stored.site_id, purchase_id=stored.id, before=version.revision, after=stored.revision)
    if version.changes != stored.changes:
        calculated = calculated_members(stored)
        changes.append({"path": "calculated_payment", "new": calculated["calculated_payment"]})
        if stored.approval and stored.type == AWAITING:
            changes.append({"path": "approval", "new": calculated["approval"]})
    revisions = [{"revision": number, "at": at.isoformat(), "by": author} for number, at, author in rows[1:]]
    return {"current_etag": stored.etag, "revisions": revisions, "changes": changes}


def _version_named(named: Tags | None, stored: StoredPurchase | None) -> Version | None:
    """The first of the tags that is a version which this purchase has or had."""
    if not named or not stored:
        return None
    versions = (version_of(tag, number=stored.id) for tag in named.values)
    return next((version for version in versions if version and version.changes <= stored.changes), None)
