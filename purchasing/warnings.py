"""What a write answers as `warnings`: said, stored as a badge, never silently repaired, never blocking."""

from __future__ import annotations

from typing import TypedDict

TOTAL_MISMATCH = "total-mismatch"
PACKAGE_DATE_MISSING = "package-date-missing"
USD_RATE_MISSING = "usd-rate-missing"
REFUND_WITHOUT_CREDIT = "refund-without-credit"
OVER_REFUNDED = "over-refunded"
SUSPECTED_DUPLICATE = "suspected-duplicate-transaction"
STALE_SOURCE_DATE = "stale-source-date"

OF_DOCUMENT = frozenset({TOTAL_MISMATCH, PACKAGE_DATE_MISSING, USD_RATE_MISSING})
"""Worked out from the document; the others come from the payments."""
OF_TRANSACTIONS = frozenset({SUSPECTED_DUPLICATE})
"""Worked out from the transactions; stand until a transaction changes."""
NOT_A_BADGE = frozenset({USD_RATE_MISSING})
"""Not counted in the back office's badge."""
BADGES = (TOTAL_MISMATCH, PACKAGE_DATE_MISSING, REFUND_WITHOUT_CREDIT, OVER_REFUNDED, SUSPECTED_DUPLICATE)
"""Those that a stored purchase can carry and that are counted."""


class PurchaseWarning(TypedDict):
    code: str
    property: str | None
    message: str


def warn(code: str, property: str | None, message: str) -> PurchaseWarning:
    return {"code": code, "property": property, "message": message}
