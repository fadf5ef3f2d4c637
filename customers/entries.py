"""The entries of an account as ledger and statement show them, read in the order they were posted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from core import sql
from core.actors import told_to_customers
from customers.models import Account, AccountEntry, Customer

BATCH = 2_000
"""Entries read at a time where all of them are wanted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting: + is owed, − lowers what is owed."""

    id: int
    kind: str
    amount: Decimal
    currency_code: str
    balance_after: Decimal
    value_date: date
    due_date: date | None
    posted_at: datetime
    reference: str
    purchase_spark_id: UUID | None
    transaction_id: UUID | None
    reason: str
    author: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries of some accounts of one site: posted from `since` on and before `until`, up to the entry `last`."""

    site_id: int
    account_ids: Sequence[int]
    since: datetime | None = None
    until: datetime | None = None
    last: int | None = None
    names_authors: bool = True
    """Whether staff and programs are named as authors; customers are told `staff` and `client`."""


# Each account by itself, so that its index gives the order and no more than the page is read.
# $1 site, $2 accounts, $3 since, $4 until, $5 last entry, $6 and $7 the entry to go on behind, $8 limit, $9 offset
_READ = """
SELECT entry.id, entry.kind, entry.amount, account.currency_code, entry.balance_after, entry.value_date,
    entry.due_date, entry.posted_at, entry.reference, entry.purchase_spark_id, entry.transaction_id, entry.reason,
    entry.author
FROM unnest($2::bigint[]) AS wanted (id)
JOIN customers_account AS account ON account.site_id = $1 AND account.id = wanted.id
CROSS JOIN LATERAL (
    SELECT * FROM customers_accountentry AS held
    WHERE held.site_id = $1 AND held.account_id = wanted.id AND held.posted_at >= $3::timestamptz
        AND held.posted_at < $4::timestamptz AND held.id <= $5::bigint
        AND (held.posted_at, held.id) > ($6::timestamptz, $7::bigint)
    ORDER BY held.posted_at, held.id
    LIMIT $8::bigint + $9::bigint
) AS entry
ORDER BY entry.posted_at, entry.id
LIMIT $8::bigint OFFSET $9::bigint
"""
_ENDLESS = 2**63 - 1


def account_ids_of(*, account: Customer, currency_code: str | None = None) -> list[int]:
    """The accounts, one for each currency, of the customer who owes; or the one in this currency."""
    accounts = Account.objects.filter(site_id=account.site_id, customer=account)
    if currency_code is not None:
        accounts = accounts.filter(currency_code=currency_code)
    return list(accounts.order_by("currency_code").values_list("pk", flat=True))


def read_entries(stretch: Stretch, *, limit: int, offset: int = 0, behind: Entry | None = None) -> list[Entry]:
    """A page of the stretch, oldest first. `behind`: the entry after which it begins. One query."""
    rows = sql.fetch(
        _READ,
        [
            stretch.site_id,
            list(stretch.account_ids),
            _text(stretch.since, "-infinity"),
            _text(stretch.until, "infinity"),
            _ENDLESS if stretch.last is None else stretch.last,
            _text(behind.posted_at if behind else None, "-infinity"),
            behind.id if behind else 0,
            limit,
            offset,
        ],
    )
    entries = [Entry(*row) for row in rows]
    if stretch.names_authors:
        return entries
    return [replace(entry, author=told_to_customers(entry.author)) for entry in entries]


def each_entry(stretch: Stretch) -> Iterator[Entry]:
    """Every entry of the stretch, oldest first, a batch at a time: of a long account never all at once."""
    behind: Entry | None = None
    while batch := read_entries(stretch, limit=BATCH, behind=behind):
        yield from batch
        if len(batch) < BATCH:
            return
        behind = batch[-1]


def entry_of(entry: AccountEntry) -> Entry:
    """The same of a row that came with its account."""
    return Entry(**{field.name: getattr(entry, field.name) for field in fields(Entry)})


def _text(instant: datetime | None, otherwise: str) -> str:
    return otherwise if instant is None else instant.isoformat()
