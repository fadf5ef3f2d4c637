"""Lists of purchases, by keyset or offset: page 1 and page 1,000 cost about the same by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from core import sql


@dataclass(slots=True)
class ListedPurchase:
    """A purchase as a list shows it. `header`, `warnings` and `approval` are JSON text."""

    id: int
    type: str
    currency_code: str
    header: str
    revision: int
    revision_at: datetime
    calculated_total: Decimal
    amount_due: Decimal
    open_quantity: int
    shipped_quantity: int
    returned_quantity: int
    cancelled_quantity: int
    calculated_fulfilment_status: str | None
    paid: Decimal
    refunded: Decimal
    calculated_payment_status: str | None
    outstanding: Decimal
    credit: Decimal
    calculated_total_usd: Decimal | None
    warnings: str
    approval: str | None
    ordered_at: datetime


@dataclass(slots=True)
class Place:
    """A place in a list ordered newest first: the page continues behind it."""

    ordered_at: datetime
    id: int


@dataclass(slots=True)
class Condition:
    """A condition in SQL with its values."""

    sql: str
    values: Sequence[datetime | int | str | list[int]]


_COLUMNS = ", ".join(
    f"{field.name}::text" if field.name in ("header", "warnings", "approval") else field.name
    for field in fields(ListedPurchase)
)

_CUSTOMER = (
    "(SELECT id FROM customers_customer "
    "WHERE site_id = %s AND deleted_at IS NULL AND external_id = %s AND external_id <> '')"
)


def of_customer(column: str, *, site_id: int, number: int | None, external_id: str) -> Condition:
    """Purchases whose customer, child or agent has this number, else this external id; a blank one is nobody's."""
    if number is not None:
        return Condition(f"{column} = %s", [number])
    return Condition(f"{column} = {_CUSTOMER}", [site_id, external_id])


def list_purchases(
    *, site_id: int, conditions: list[Condition], limit: int, offset: int = 0, after: Place | None = None
) -> list[ListedPurchase]:
    """Purchases of the site that meet all conditions, newest first (placed, else submitted, else created; number)."""
    if after is not None:
        conditions = [*conditions, Condition("(ordered_at, id) < (%s, %s)", [after.ordered_at, after.id])]
    where = "".join(f" AND {condition.sql}" for condition in conditions)
    values = [value for condition in conditions for value in condition.values]
    text = (
        f"SELECT {_COLUMNS} FROM purchasing_purchase WHERE site_id = %s AND deleted_at IS NULL{where} "  # noqa: S608  # fixed parts
        "ORDER BY ordered_at DESC, id DESC LIMIT %s OFFSET %s"
    )
    rows = sql.fetch(_numbered(text), [site_id, *values, limit, offset])
    return [ListedPurchase(*row) for row in rows]


@lru_cache(maxsize=256)
def _numbered(text: str) -> str:
    """`%s` in their order as `$1`, `$2`…: conditions are put together before anybody knows their places."""
    first, *others = text.split("%s")
    return first + "".join(f"${place}{part}" for place, part in enumerate(others, start=1))
