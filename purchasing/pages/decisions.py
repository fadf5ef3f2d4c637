"""How far a quote or an approval is, and what this customer may do about it. Decides nothing: the operations do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from purchasing.decision import DecisionStatus
from purchasing.models import Purchase
from purchasing.pages.labels import Label

QUOTES = {
    "draft": Label(_("Draft"), "secondary"),
    "sent": Label(_("Waiting for your answer"), "warning"),
    "accepted": Label(_("Accepted"), "success"),
    "rejected": Label(_("Rejected"), "danger"),
    "expired": Label(_("Expired"), "secondary"),
}
APPROVALS = {
    DecisionStatus.PENDING: Label(_("Awaiting approval"), "warning"),
    DecisionStatus.APPROVED: Label(_("Approved"), "success"),
    DecisionStatus.REJECTED: Label(_("Rejected"), "danger"),
}
NOT_AN_APPROVER = _("A main user of your company has to decide on this.")
OWN_PURCHASE = _("Somebody else of your company has to decide on what you placed.")


@dataclass(frozen=True, slots=True)
class Decidable:
    """`label`: how far it is. `why_not`: why this customer may not decide on what waits, where there is a reason.

    `expires_at`: of a quote, if it does. `decided_at` and `reason`: of a decision that stands.
    """

    label: Label
    is_quote: bool
    can_accept: bool = False
    can_approve: bool = False
    can_reject: bool = False
    why_not: Promise | None = None
    expires_at: datetime | None = None
    decided_at: datetime | None = None
    reason: str = ""


def decidable(purchase: Purchase, reader: Customer, *, now: datetime) -> Decidable:
    """Of a quote, or of what waits for approval, as it stands `now`."""
    decision = purchase.approval or {}
    decided_at = datetime.fromisoformat(decision["at"]) if decision.get("at") else None
    reason = decision.get("reason", "")
    if purchase.type == Purchase.Type.QUOTE:
        header = orjson.loads(purchase.header)
        expires_at = datetime.fromisoformat(header["quote_expires_at"]) if header["quote_expires_at"] else None
        word = header["quote_status"]
        if word == "sent" and expires_at and now > expires_at:
            word = "expired"
        is_open = word == "sent"
        return Decidable(
            QUOTES[word],
            is_quote=True,
            can_accept=is_open,
            can_reject=is_open,
            expires_at=expires_at,
            decided_at=decided_at,
            reason=reason,
        )
    status = DecisionStatus(decision["status"]) if decision else DecisionStatus.PENDING
    why_not = _why_not(purchase, reader)
    return Decidable(
        APPROVALS[status],
        is_quote=False,
        can_approve=why_not is None and status is DecisionStatus.PENDING,
        can_reject=why_not is None and status is not DecisionStatus.REJECTED,
        why_not=why_not if status is DecisionStatus.PENDING else None,
        decided_at=decided_at,
        reason=reason,
    )


def _why_not(purchase: Purchase, reader: Customer) -> Promise | None:
    if not reader.is_main_user:
        return NOT_AN_APPROVER
    return OWN_PURCHASE if reader.pk == (purchase.child_id or purchase.customer_id) else None
