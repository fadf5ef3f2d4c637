"""The ledger of a load, by COPY: entries in the order of their time, each with the balance after it.

What `customers.ledger` would post one purchase at a time. `verify_books` says whether it is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson

from core import sql
from core.actors import SYSTEM
from core.models import Site
from customers.ledger import Posting
from purchasing.demo.load.templates import copy_value

_OPEN = """
INSERT INTO customers_account (site_id, customer_id, currency_code, balance, posted_at)
SELECT $1, customer.id, 'GBP', 0, '-infinity' FROM unnest($2::bigint[]) AS customer(id)
ON CONFLICT (site_id, customer_id, currency_code) DO NOTHING
"""
_HELD = """
SELECT id, customer_id, balance FROM customers_account
WHERE site_id = $1 AND customer_id = ANY($2::bigint[]) AND currency_code = 'GBP'
ORDER BY customer_id FOR NO KEY UPDATE
"""
_CLOSE = """
UPDATE customers_account AS stored SET balance = sent.balance, posted_at = sent.posted_at
FROM json_to_recordset($2::json) AS sent(id bigint, balance numeric, posted_at timestamptz)
WHERE stored.site_id = $1 AND stored.id = sent.id
"""


class LoadLedger:
    """The accounts of a load while it is added. They hold their balances when it is closed, in the same transaction."""

    table = "customers_accountentry"
    columns = (
        "site_id",
        "account_id",
        "kind",
        "amount",
        "balance_after",
        "value_date",
        "due_date",
        "posted_at",
        "reference",
        "purchase_id",
        "purchase_spark_id",
        "transaction_id",
        "reason",
        "author",
    )

    def __init__(self, site: Site, *, net_terms_days: int) -> None:
        self._site = site
        self._terms = timedelta(days=net_terms_days)
        self._accounts: dict[int, int] = {}
        self._balances: dict[int, Decimal] = {}
        self._posted_at: dict[int, str] = {}
        self._lines: list[str] = []

    def open(self, customers: Iterable[int]) -> None:
        """Have an account for each of these customers."""
        new = sorted(set(customers) - self._accounts.keys())
        if not new:
            return
        sql.run(_OPEN, [self._site.pk, new])
        for account, customer, balance in sql.fetch(_HELD, [self._site.pk, new]):
            self._accounts[customer] = account
            self._balances[account] = balance

    def post(self, postings: Sequence[Posting], values: dict[str, Any]) -> None:
        """What a template posts, for a copy with these values. Called in the order of the purchases' times."""
        if not postings:
            return
        account = self._accounts[values["customer"]]
        self._posted_at[account] = values["placed_at"]
        for posting in postings:
            self._balances[account] += posting.amount
            of_transaction = posting.transaction_id is not None
            day = values["day"]
            row = (
                self._site.pk,
                account,
                posting.kind.value,
                posting.amount,
                self._balances[account],
                day,
                day + self._terms if posting.amount > 0 else None,
                values["placed_at"],
                f"PAY-{values['visible']}" if of_transaction else values["visible"],
                values["id"],
                values["spark"],
                values["transaction"] if of_transaction else None,
                "",
                SYSTEM,
            )
            self._lines.append("\t".join(map(copy_value, row)) + "\n")

    def take(self) -> list[str]:
        """The entries since the last call, as lines for COPY."""
        lines, self._lines = self._lines, []
        return lines

    def close(self) -> None:
        """Write the balances; an account without entries of this load stays as it is, and goes if it never had any."""
        sent = [
            {"id": account, "balance": str(self._balances[account]), "posted_at": posted_at}
            for account, posted_at in self._posted_at.items()
        ]
        sql.run(_CLOSE, [self._site.pk, orjson.dumps(sent).decode()])
        sql.run("DELETE FROM customers_account WHERE site_id = $1 AND posted_at = '-infinity'", [self._site.pk])
