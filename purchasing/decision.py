"""What somebody decided on a purchase: approved or rejected; and how long that stands. Pure functions.

A decision is a fact beside the document, stored as it is answered (`approval`). It speaks of one revision: whatever
changes the document afterwards voids it, and the purchase waits again. Becoming the order changes nothing that was
decided on, so an order keeps who approved it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import orjson

from core.actors import told_to_customers
from core.money import money_text


class DecisionStatus(StrEnum):
    """`approval.status`."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


AWAITING = "awaiting_approval"
_SAID_BY_THE_TYPE = ("type", "quote_status", "quote_expires_at")
"""Members of the header that change when a quote or an approval becomes the order, without another content."""


def decision_text(
    status: DecisionStatus,
    *,
    revision: int,
    total: Decimal,
    currency_code: str,
    by: str | None = None,
    at: datetime | None = None,
    reason: str = "",
) -> str:
    """A decision on this revision with this total, as JSON text; without `by` and `at` it is still to be made."""
    return orjson.dumps(
        {
            "status": status.value,
            "revision": revision,
            "total": {"number": money_text(total, currency_code), "currency": currency_code},
            "by": by,
            "at": at.isoformat() if at else None,
            "reason": reason,
        }
    ).decode()


def status_of(decision: str | None) -> DecisionStatus:
    """What was decided; pending when nothing was, or nothing that still stands."""
    return DecisionStatus(orjson.loads(decision)["status"]) if decision else DecisionStatus.PENDING


def told_decision(decision: str) -> str:
    """The decision as customers are told it: neither staff nor programs have a name in it."""
    told = orjson.loads(decision)
    return orjson.dumps(told | {"by": told["by"] and told_to_customers(told["by"])}).decode()


def still_standing(
    decision: str | None, *, before: Mapping[str, Any], after: Mapping[str, Any], same_contents: bool
) -> str | None:
    """The decision after its purchase's document has changed, None when the change voids it.

    `before` and `after`: the two headers. `same_contents`: packages and files are what they were.
    """
    if decision is None or before["type"] == "order":
        return decision
    if not same_contents or _content_of(before) != _content_of(after):
        return None
    status = status_of(decision)
    placed = after["type"] == "order" and status is DecisionStatus.APPROVED
    turned_down = after["quote_status"] == "rejected" and status is DecisionStatus.REJECTED
    return decision if placed or turned_down else None


def _content_of(header: Mapping[str, Any]) -> dict[str, Any]:
    dates = {
        name: value for name, value in header["dates"].items() if name not in ("updated_at", "calculated_submitted_at")
    }
    return {name: value for name, value in header.items() if name not in _SAID_BY_THE_TYPE} | {"dates": dates}
