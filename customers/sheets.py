"""Ledger and statement as CSV: the same columns for both, so that one can be laid below the other.

`what` is the word that people read: it tells payments and refunds apart, which are both of the kind `transaction`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.money import money_text
from core.spreadsheets import csv_of
from customers.ageing import BUCKETS
from customers.entries import Entry
from customers.entry_words import What, told
from customers.statement import Statement

COLUMNS = (
    "posted_at",
    "kind",
    "what",
    "reference",
    "reason",
    "value_date",
    "due_date",
    "amount",
    "balance",
    "currency_code",
    "purchase_spark_id",
    "transaction_id",
    "author",
    "id",
)
FIGURES = ("opening", "closing", *BUCKETS, "overdue")
"""Rows of a statement that are no entries, by the word in their column `line`; they have a balance and no amount."""


def ledger_csv(entries: Iterable[Entry], *, site_id: int) -> Iterator[bytes]:
    """Entries of this site in their order, below a row of titles."""
    yield from csv_of([COLUMNS])
    yield from csv_of(_cells(entry, what) for entry, what in told(entries, site_id=site_id))


def statement_csv(statement: Statement) -> Iterator[bytes]:
    """A row for the opening, the entries, and a row for the closing and every figure of its age.

    The column `amount` sums to closing less opening; `line` says what a row is.
    """
    figures = statement.figures()
    opening, *others = FIGURES
    yield from csv_of([("line", *COLUMNS), _figure(opening, figures[opening], statement.currency_code)])
    lines = told(statement.lines(), site_id=statement.account.site_id)
    yield from csv_of(("entry", *_cells(line, what)) for line, what in lines)
    yield from csv_of(_figure(name, figures[name], statement.currency_code) for name in others)


def _cells(entry: Entry, what: What) -> tuple[object, ...]:
    return (
        entry.posted_at.isoformat(),
        entry.kind,
        what.value,
        entry.reference,
        entry.reason,
        entry.value_date,
        entry.due_date,
        money_text(entry.amount, entry.currency_code),
        money_text(entry.balance_after, entry.currency_code),
        entry.currency_code,
        entry.purchase_spark_id,
        entry.transaction_id,
        entry.author,
        entry.id,
    )


def _figure(name: str, figure: str, currency_code: str) -> tuple[object, ...]:
    known = {"balance": figure, "currency_code": currency_code}
    return (name, *(known.get(column) for column in COLUMNS))
