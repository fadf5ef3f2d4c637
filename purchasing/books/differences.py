"""Finding differences between what is stored and what should be, in batches that each see one moment in time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from django.db import connection

from core import sql
from core.actors import Actor, ActorKind
from core.money import EXPONENTS

REPAIRER = Actor(ActorKind.SYSTEM, "verify_books")
"""The author of what a repair posts; the balance chain of an account counts from its last repair on."""

BATCH = 1_000
"""Purchases, or accounts, in one statement."""
_ENDLESS = 2**62
_PURCHASES = "".join(path.read_text() for path in sorted(Path(__file__).parent.glob("purchases_*.sql")))
_ACCOUNTS = (Path(__file__).parent / "accounts.sql").read_text()
_EXPONENTS = json.dumps(EXPONENTS)

Row = dict[str, Any] | None


def _fields(stored: Row, should: Row) -> dict[str, tuple[Any, Any]]:
    """The fields that differ, each with what is stored and what should be; of a missing or stray row all of them."""
    return {
        name: ((stored or {}).get(name), (should or {}).get(name))
        for name in (should or stored or {})
        if stored is None or should is None or stored.get(name) != should.get(name)
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of a purchase that is not what it should be. No `stored`: it is missing; no `should`: it is stray.

    `part`: document, purchase, package, line, transaction, history or ledger. `key` names the row in its part: a
    number or UUID; of the ledger the account's customer, the currency and, unless it is the charge, the transaction.
    """

    part: str
    site_id: int
    purchase_id: int
    key: str
    stored: Row
    should: Row

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        return _fields(self.stored, self.should)


@dataclass(frozen=True, slots=True)
class AccountDifference:
    """An account whose balance is not the sum of its entries, or whose chain of balances is broken.

    `part`: account or chain. `key`: the account.
    """

    part: str
    site_id: int
    key: int
    customer_id: int
    currency_code: str
    stored: dict[str, Any]
    should: dict[str, Any]

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        return _fields(self.stored, self.should)


@dataclass(frozen=True, slots=True)
class Batch:
    """Purchases or accounts with numbers from `first` to `last`; `size` is how many are expected among them."""

    of: Literal["purchases", "accounts"]
    first: int
    last: int
    size: int


def batches(*, sites: Sequence[int]) -> list[Batch]:
    """Everything there is of these sites. The batches leave no number out, so that strays are seen too."""
    found: list[Batch] = []
    kinds: list[tuple[Literal["purchases", "accounts"], str]] = [
        ("purchases", "purchasing_purchase"),
        ("accounts", "customers_account"),
    ]
    with connection.cursor() as cursor:
        for of, table in kinds:
            cursor.execute(
                f"SELECT max(id), count(*) FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS batch "  # noqa: S608  # a fixed name
                f"FROM {table} WHERE site_id = ANY(%s)) AS numbered GROUP BY batch ORDER BY batch",
                [BATCH, list(sites)],
            )
            last_of_previous = 0
            for last, size in cursor.fetchall():
                found.append(Batch(of, last_of_previous + 1, last, size))
                last_of_previous = last
            found.append(Batch(of, last_of_previous + 1, _ENDLESS, 0))
    return found


def check(batch: Batch, *, sites: Sequence[int]) -> list[Difference | AccountDifference]:
    """The differences in one batch, seen in one statement."""
    if batch.of == "accounts":
        return [*check_accounts(sites=sites, first=batch.first, last=batch.last)]
    return [*check_purchases(sites=sites, first=batch.first, last=batch.last)]


def verify(*, sites: Sequence[int]) -> list[Difference | AccountDifference]:
    """Every difference in the books of these sites, each kind seen in one statement: for books that are not large."""
    whole = Batch("purchases", 1, _ENDLESS, 0), Batch("accounts", 1, _ENDLESS, 0)
    return [difference for batch in whole for difference in check(batch, sites=sites)]


def check_purchases(*, sites: Sequence[int], first: int, last: int) -> list[Difference]:
    """The differences of purchases with numbers from `first` to `last`."""
    rows = sql.fetch(_PURCHASES, [list(sites), first, last, _EXPONENTS])
    return [
        Difference(part, site_id, purchase_id, key, _decode(stored), _decode(should))
        for part, site_id, purchase_id, key, stored, should in rows
    ]


def check_accounts(*, sites: Sequence[int], first: int, last: int) -> list[AccountDifference]:
    """The differences of accounts with numbers from `first` to `last`."""
    rows = sql.fetch(_ACCOUNTS, [list(sites), first, last, str(REPAIRER)])
    return [
        AccountDifference(part, site_id, key, customer_id, code, _decode(stored) or {}, _decode(should) or {})
        for part, site_id, key, customer_id, code, stored, should in rows
    ]


def _decode(text: str | None) -> Row:
    return None if text is None else json.loads(text, parse_float=Decimal)
