"""How far a quote or an approval is, and what this customer may do about it. Decides nothing: the operations do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from purchasing.decision import DecisionStatus
from purchasing.models import Purchase
from purchasing.pages.authors import names_told
from purchasing.pages.labels import APPROVALS, Label, decision_on

QUOTES = {
    "draft": Label(_("Draft"), "secondary"),
    "sent": Label(_("Waiting for your answer"), "warning"),
    "accepted": Label(_("Accepted"), "success"),
    "rejected": Label(_("Rejected"), "danger"),
    "expired": Label(_("Expired"), "secondary"),
}
NOBODY_S_ANSWER = Label(_("Waiting for an answer"), "warning")
"""To an agent, who answers for others at most."""
NOT_AN_APPROVER = _("A main user of the company has to decide on this.")
OWN_PURCHASE = _("Somebody else of your company has to decide on what you placed.")
ASK_FOR_A_NEW_QUOTE = _("Nothing is ordered. Whoever still wants it asks us for a new quote.")
ORDER_IT_ANEW = _(
    "Nothing is ordered. Whoever still wants it can order it again, for another decision, or ask us to change it."
)
TO_BE_PLACED = _("It is approved, and is ordered as soon as we have placed it.")


@dataclass(frozen=True, slots=True)
class Decidable:
    """`label`: how far it is. `why_not`: why this customer may not decide on what waits, where there is a reason.

    `expires_at`: until when a quote that nobody has answered can be accepted, if that ends; `has_expired`: that it did.
    `decided_at`, `decided_by` (empty where that is not told) and `reason`: of a decision that stands. `next_step`: what
    can be done about it.
    """

    label: Label
    is_quote: bool
    can_accept: bool = False
    can_approve: bool = False
    can_reject: bool = False
    why_not: Promise | None = None
    expires_at: datetime | None = None
    has_expired: bool = False
    decided_at: datetime | None = None
    decided_by: str = ""
    reason: str = ""
    next_step: Promise | None = None

    @property
    def may_decide(self) -> bool:
        return self.can_accept or self.can_approve or self.can_reject


def told_decidable(purchase: Purchase, reader: Customer, *, now: datetime) -> Decidable:
    """As `decidable`, and by whom it was decided, as this customer is told it. One query at most."""
    found, author = decidable(purchase, reader, now=now), (purchase.approval or {}).get("by") or ""
    return replace(found, decided_by=names_told([author], reader).get(author, ""))


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
        if word in ("accepted", "rejected") or (word == "expired" and expires_at and expires_at > now):
            expires_at = None
        is_open = word == "sent"
        return Decidable(
            NOBODY_S_ANSWER if is_open and reader.is_sales_agent else QUOTES[word],
            is_quote=True,
            can_accept=is_open,
            can_reject=is_open,
            expires_at=expires_at,
            has_expired=word == "expired",
            decided_at=decided_at,
            reason=reason,
            next_step=ASK_FOR_A_NEW_QUOTE if word in ("rejected", "expired") else None,
        )
    status = decision_on(purchase)
    why_not = _why_not(purchase, reader)
    return Decidable(
        APPROVALS[status],
        is_quote=False,
        can_approve=why_not is None and status is DecisionStatus.PENDING,
        can_reject=why_not is None and status is not DecisionStatus.REJECTED,
        why_not=why_not if status is DecisionStatus.PENDING else None,
        decided_at=decided_at,
        reason=reason,
        next_step={DecisionStatus.REJECTED: ORDER_IT_ANEW, DecisionStatus.APPROVED: TO_BE_PLACED}.get(status),
    )


def _why_not(purchase: Purchase, reader: Customer) -> Promise | None:
    if not reader.is_main_user:
        return NOT_AN_APPROVER
    return OWN_PURCHASE if reader.pk == (purchase.child_id or purchase.customer_id) else None
