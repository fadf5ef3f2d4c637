"""The only writer of balances.

Every posting appends an entry and moves the stored balance by it in one statement, under the account's lock, so that
balance = sum of entries at every commit. Callers hold the purchase's lock already: purchases are locked before
accounts, accounts in id order. Rules: `docs/money.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import orjson

from core import sql
from core.actors import Actor
from customers.models import AccountEntry

Kind = AccountEntry.Kind


@dataclass(frozen=True, slots=True)
class Posting:
    """What to append to one account: a signed amount (+ is owed) in `currency_code`, never 0."""

    customer_id: int
    currency_code: str
    kind: AccountEntry.Kind
    amount: Decimal
    value_date: date
    purchase_id: int | None = None
    purchase_spark_id: UUID | None = None
    transaction_id: UUID | None = None
    reference: str = ""
    reason: str = ""


# $1 site, $2 customer, $3 currency, $4 sum of the postings, $5 postings, $6 net terms of the site, $7 author.
# The upsert takes the account's lock (or makes the account) before any entry refers to it, and reads the balance it
# moves under that lock. The clock is read after the lock is held, so that entries of one account are in time order.
_POST = """
WITH posting AS (
    SELECT *, sum(amount) OVER (ORDER BY ordinality) AS running
    FROM ROWS FROM (json_to_recordset($5::json) AS (
        kind text, amount numeric, value_date date, purchase_id bigint, purchase_spark_id uuid,
        transaction_id uuid, reference text, reason text
    )) WITH ORDINALITY
), account AS (
    INSERT INTO customers_account AS stored (site_id, customer_id, currency_code, balance, posted_at)
    VALUES ($1, $2, $3, $4::numeric, clock_timestamp())
    ON CONFLICT (site_id, customer_id, currency_code) DO UPDATE
    SET balance = stored.balance + EXCLUDED.balance, posted_at = GREATEST(stored.posted_at, clock_timestamp())
    RETURNING id, balance, posted_at
)
INSERT INTO customers_accountentry (
    site_id, account_id, kind, amount, balance_after, value_date, due_date, posted_at, reference, purchase_id,
    purchase_spark_id, transaction_id, reason, author, reference_owner_id
)
SELECT $1, account.id, posting.kind, posting.amount, account.balance - $4::numeric + posting.running,
    posting.value_date,
    CASE WHEN posting.amount > 0
        THEN LEAST(posting.value_date + COALESCE(customer.net_terms, $6::integer), DATE '9999-12-31') END,
    account.posted_at, posting.reference, posting.purchase_id, posting.purchase_spark_id, posting.transaction_id,
    posting.reason, $7, CASE WHEN posting.kind IN ('opening', 'manual') AND posting.reference <> '' THEN $2 END
FROM posting CROSS JOIN account
JOIN customers_customer AS customer ON customer.id = $2
ORDER BY posting.ordinality
"""


def post(*, site_id: int, postings: Sequence[Posting], author: Actor, net_terms_days: int) -> None:
    """Append the postings and move the balances. Amounts of 0 are dropped: no entry of 0 is ever made.

    `net_terms_days`: the site's, for accounts that have no terms of their own. Runs inside the caller's transaction.
    """
    by_account: dict[tuple[int, str], list[Posting]] = {}
    for posting in postings:
        if posting.amount:
            by_account.setdefault((posting.customer_id, posting.currency_code), []).append(posting)
    for (customer_id, currency_code), group in sorted(by_account.items()):
        sql.run(
            _POST,
            [
                site_id,
                customer_id,
                currency_code,
                str(sum(posting.amount for posting in group)),
                orjson.dumps([_row(posting) for posting in group]).decode(),
                net_terms_days,
                str(author)[:255],
            ],
        )


def lock_accounts(*, site_id: int, customer_ids: Collection[int]) -> None:
    """Lock the accounts of these customers in their order, for a transaction that posts to several, one by one.

    An account that is opened later is not held.
    """
    sql.run(
        "SELECT FROM customers_account WHERE site_id = $1 AND customer_id = ANY($2::bigint[]) "
        "ORDER BY customer_id, currency_code FOR NO KEY UPDATE",
        [site_id, list(customer_ids)],
    )


_LOCKED = """
SELECT balance FROM customers_account
WHERE site_id = $1 AND customer_id = $2 AND currency_code = $3 FOR NO KEY UPDATE
"""
_OPEN = """
INSERT INTO customers_account (site_id, customer_id, currency_code, balance, posted_at)
VALUES ($1, $2, $3, 0, clock_timestamp())
ON CONFLICT (site_id, customer_id, currency_code) DO NOTHING
"""


def locked_balance(*, site_id: int, customer_id: int, currency_code: str) -> Decimal:
    """The balance of an account, which nobody else moves until the transaction ends. Opens it when there is none."""
    account = [site_id, customer_id, currency_code]
    rows = sql.fetch(_LOCKED, account)
    if not rows:
        sql.run(_OPEN, account)
        rows = sql.fetch(_LOCKED, account)
    return rows[0][0]


def _row(posting: Posting) -> dict[str, object]:
    return {
        "kind": posting.kind.value,
        "amount": str(posting.amount),
        "value_date": posting.value_date,
        "purchase_id": posting.purchase_id,
        "purchase_spark_id": posting.purchase_spark_id,
        "transaction_id": posting.transaction_id,
        "reference": posting.reference,
        "reason": posting.reason,
    }
