"""How long a decision stands: the table of what may change beside it. No database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from purchasing.decision import DecisionStatus, decision_text, status_of, still_standing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def decided(status: DecisionStatus) -> str:
    return decision_text(
        status, revision=3, total=Decimal("1.5"), currency_code="GBP", by="customer:cu_5", at=NOW, reason="no"
    )


def header(type: str, **members: Any) -> dict[str, Any]:
    dates = {"placed_at": None, "updated_at": None, "calculated_submitted_at": None}
    quote = {"quote_status": "sent" if type == "quote" else None, "quote_expires_at": None}
    return {"type": type, "dates": dates, "customer_reference": "", **quote} | members


WAITING, ORDER, QUOTE = header("awaiting_approval"), header("order"), header("quote")
APPROVED, REJECTED = DecisionStatus.APPROVED, DecisionStatus.REJECTED
LATER = {"placed_at": None, "updated_at": "2026-03-02", "calculated_submitted_at": "2026-03-02"}
PLACED = {"placed_at": "2026-03-02", "updated_at": None, "calculated_submitted_at": None}


@pytest.mark.parametrize(
    ("status", "before", "after", "same_contents", "stands"),
    [
        (APPROVED, WAITING, ORDER, True, True),
        (APPROVED, WAITING, header("order", dates=LATER), True, True),
        (APPROVED, WAITING, header("order", dates=PLACED), True, False),
        (APPROVED, WAITING, header("order", customer_reference="PO 1"), True, False),
        (APPROVED, WAITING, ORDER, False, False),
        (APPROVED, WAITING, header("awaiting_approval", customer_reference="PO 1"), True, False),
        (APPROVED, WAITING, header("awaiting_approval"), False, False),
        (APPROVED, WAITING, header("order_unconfirmed"), True, False),
        (REJECTED, WAITING, ORDER, True, False),
        (REJECTED, WAITING, header("awaiting_approval"), False, False),
        (APPROVED, ORDER, header("order", customer_reference="PO 1"), False, True),
        (REJECTED, QUOTE, header("quote", quote_status="rejected"), True, True),
        (REJECTED, QUOTE, header("quote", quote_status="rejected"), False, False),
        (REJECTED, header("quote", quote_status="rejected"), QUOTE, True, False),
        (REJECTED, header("quote", quote_status="rejected"), ORDER, True, False),
    ],
)
def test_what_a_change_leaves_of_a_decision(
    status: DecisionStatus, before: dict[str, Any], after: dict[str, Any], same_contents: bool, stands: bool
) -> None:
    decision = decided(status)
    after_all = still_standing(decision, before=before, after=after, same_contents=same_contents)
    assert after_all == (decision if stands else None)


def test_nothing_decided_stays_so() -> None:
    assert still_standing(None, before=WAITING, after=ORDER, same_contents=True) is None


@pytest.mark.parametrize("status", [APPROVED, REJECTED])
def test_a_decision_says_what_was_decided(status: DecisionStatus) -> None:
    assert status_of(decided(status)) is status
    assert status_of(None) is DecisionStatus.PENDING
    assert decided(status) == (
        f'{{"status":"{status}","revision":3,"total":{{"number":"1.50","currency":"GBP"}},"by":"customer:cu_5",'
        '"at":"2026-03-02T09:00:00+00:00","reason":"no"}'
    )
