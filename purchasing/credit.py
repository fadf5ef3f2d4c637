"""What a customer may still buy on account: the limit, less what is used of it, less what is promised already.

Every figure is the sum of rows that can be shown. They are summed in one statement, hence at one moment: a purchase is
never in two of them. Rows are read only where they are shown, in the same statement. Rules: `docs/money.md`, 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from core import sql
from core.errors import Conflict
from core.money import ZERO, money_text
from core.site_settings import ChargePosting, Settings
from customers.models import AccountEntry
from purchasing.payment import ON_ACCOUNT_METHODS, is_on_account
from purchasing.store import StoredPurchase


class Part(StrEnum):
    """What a row counts among. The first three are used, the last is committed."""

    ENTRIES = "entries"
    """Opening and manual entries."""
    CHARGES = "charges"
    """Orders with a charge: the charge less what was paid."""
    BALANCE = "balance"
    """The balance, where an outside system owns the debts."""
    COMMITTED = "committed"
    """Purchases on account that post nothing yet: what is due less what was paid."""


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One thing that takes from the limit (below 0: that gives to it). `figure` − `net_paid` = `amount`.

    `id`: of the entry, our number of the purchase, or of the customer whose balance it is. `kind`: of the entry, or
    the type of the purchase. `reference`: of the entry, or the number that people use.
    """

    part: Part
    id: int
    spark_id: UUID | None
    kind: str
    reference: str
    figure: Decimal
    net_paid: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """Of all rows of a part, listed or not."""

    rows: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit of the customer who owes, in one currency.

    `currency_code` is None when nothing says which it is: then nothing can be counted. `limit` is None when there is
    none. `on_account`: whether the customer may buy on account at all. `rows`: those that were asked for.
    """

    account_id: int
    currency_code: str | None
    on_account: bool
    limit: Decimal | None
    sums: Mapping[Part, Sum]
    rows: Sequence[CreditRow] = ()

    def of(self, part: Part) -> list[CreditRow]:
        return [row for row in self.rows if row.part is part]

    def sum_of(self, part: Part) -> Sum:
        return self.sums.get(part, Sum())

    @property
    def used(self) -> Decimal:
        return sum((found.amount for part, found in self.sums.items() if part is not Part.COMMITTED), ZERO)

    @property
    def committed(self) -> Decimal:
        return self.sum_of(Part.COMMITTED).amount

    @property
    def available(self) -> Decimal | None:
        """Limit − used − committed, below 0 when it is exceeded; None: no limit; 0 where nothing may be bought so."""
        if not self.on_account:
            return ZERO
        if self.limit is None:
            return None
        return ZERO if self.currency_code is None else self.limit - self.used - self.committed

    def without_promise(self, amount: Decimal) -> Credit:
        """As it would be if a purchase that commits so much were not counted."""
        counted = self.sum_of(Part.COMMITTED)
        return replace(self, sums={**self.sums, Part.COMMITTED: Sum(counted.rows - 1, counted.amount - amount)})

    def covers(self, amount: Decimal, currency_code: str) -> bool:
        """Whether so much more may be bought on account. In another currency than the limit's there is no credit."""
        if not self.on_account:
            return False
        if self.currency_code not in (None, currency_code):
            return amount <= 0
        return amount <= 0 or self.available is None or amount <= self.available


# $1 site, $2 account. The lock is what two who buy at once meet at: an account has no row before its first posting.
_TERMS = """
SELECT payment_on_account, credit_limit, COALESCE(NULLIF(credit_currency_code, ''), NULLIF(currency_code, ''))
FROM customers_customer WHERE site_id = $1 AND id = $2
"""
_LOCK_CUSTOMER = " FOR NO KEY UPDATE"
_LOCK_ACCOUNT = """
SELECT FROM customers_account WHERE site_id = $1 AND customer_id = $2 AND currency_code = $3 FOR NO KEY UPDATE
"""

# $1 site, $2 account, $3 currency, $4 whether an outside system owns the debts, $5 methods of payment on account,
# $6 a purchase that is left out (0: none). The account of what has nothing posted is the top-most parent today. A
# charge is what is due; so what has neither outstanding nor credit is settled, and indexes need not hold it.
_NUMBER = "COALESCE(NULLIF(visible_id, ''), NULLIF(internal_id, ''), NULLIF(platform_id, ''), 'o_' || id)"
_PROMISING = ("order_unconfirmed", "awaiting_approval")
_FAMILY = """
WITH RECURSIVE family AS (
    SELECT id FROM customers_customer WHERE site_id = $1 AND id = $2
    UNION
    SELECT child.id
    FROM family JOIN customers_customer AS child ON child.site_id = $1 AND child.parent_id = family.id
)"""
_PROMISE = """
FROM purchasing_purchase
WHERE site_id = $1 AND deleted_at IS NULL AND currency_code = $3 AND lower(payment_method) = ANY($5::text[])
    AND amount_due > paid - refunded AND id <> $6"""
_OPEN_ORDER = "AND $4 AND type = 'order' AND open_quantity > 0 AND posted_charge = 0"


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows of a part. `figure` − `net_paid` is their amount; `about`: spark id, kind, reference."""

    part: Part
    id: str
    about: str
    figure: str
    net_paid: str
    rows: str

    @property
    def listed(self) -> str:
        amount = f"{self.figure} - ({self.net_paid})"
        return f"SELECT '{self.part}', {self.id}, {self.about}, {self.figure}, {self.net_paid}, {amount} {self.rows}"

    @property
    def summed(self) -> str:
        """Of few columns, so that an index can hold them all."""
        return f"SELECT '{self.part}', count(*), sum({self.figure} - ({self.net_paid})) {self.rows}"


def _promise(rows: str) -> _Source:
    about = f"spark_id, type, {_NUMBER}"
    return _Source(Part.COMMITTED, "id", about, "amount_due", "paid - refunded", f"{_PROMISE} {rows}")


_SOURCES = (
    _Source(
        Part.ENTRIES,
        "entry.id",
        "NULL::uuid, entry.kind, entry.reference",
        "entry.amount",
        "0::numeric",
        f"""
FROM customers_accountentry AS entry
JOIN customers_account AS account ON account.site_id = $1 AND account.id = entry.account_id
WHERE NOT $4 AND entry.site_id = $1 AND account.customer_id = $2 AND account.currency_code = $3
    AND entry.kind IN ('{AccountEntry.Kind.OPENING}', '{AccountEntry.Kind.MANUAL}')""",
    ),
    _Source(
        Part.CHARGES,
        "id",
        f"spark_id, type, {_NUMBER}",
        "posted_charge",
        "paid - refunded",
        """
FROM purchasing_purchase
WHERE NOT $4 AND site_id = $1 AND account_id = $2 AND posted_currency_code = $3 AND id <> $6
    AND posted_charge <> 0 AND (outstanding <> 0 OR credit <> 0)""",
    ),
    _Source(
        Part.BALANCE,
        "customer_id",
        "NULL, 'balance', ''",
        "balance",
        "0",
        """
FROM customers_account
WHERE $4 AND site_id = $1 AND customer_id = $2 AND currency_code = $3 AND balance <> 0""",
    ),
    # Whose account it is, is what an index knows: where it stands posted, else who pays.
    _promise(f"""AND type IN {_PROMISING} AND (account_id = $2 OR account_id IS NULL)
    AND COALESCE(account_id, customer_id, child_id) = ANY(ARRAY(SELECT id FROM family))"""),  # noqa: S608  # fixed parts
    _promise(f"{_OPEN_ORDER} AND account_id = $2 AND (outstanding <> 0 OR credit <> 0)"),
    _promise(f"""{_OPEN_ORDER} AND account_id IS NULL
    AND (customer_id = ANY(ARRAY(SELECT id FROM family))
        OR customer_id IS NULL AND child_id = ANY(ARRAY(SELECT id FROM family)))"""),  # noqa: S608  # fixed parts
)
_COUNTED = f"""{_FAMILY}, counted AS (
    SELECT part, sum(rows)::bigint AS rows, sum(total) AS total
    FROM ({" UNION ALL ".join(source.summed for source in _SOURCES)}) AS summed (part, rows, total)
    GROUP BY part HAVING sum(rows) > 0
)"""  # noqa: S608  # fixed parts
_SUMS = f"{_COUNTED} SELECT part, rows, total FROM counted"  # noqa: S608  # fixed parts
# $7 how many rows of each source, NULL: all of them.
_SUMS_AND_ROWS = f"""{_COUNTED}, listed (part, id, spark_id, kind, reference, figure, net_paid, amount) AS (
    {" UNION ALL ".join(f"({source.listed} ORDER BY 2 LIMIT $7)" for source in _SOURCES)}
)
SELECT rows, total, part, id, spark_id, kind, reference, figure, net_paid, amount
FROM counted JOIN listed USING (part) ORDER BY part, id
"""  # noqa: S608  # fixed parts


def read_credit(
    *,
    site_id: int,
    account_id: int,
    settings: Settings,
    leaving_out: int = 0,
    lock: bool = False,
    most_rows: int | None = 0,
) -> Credit:
    """The credit of the customer who owes (`Customer.objects.account_of`), as it is now.

    `leaving_out`: our number of a purchase that is about to be counted anew. `lock`: until the transaction ends nobody
    else reads with it, and nothing is posted to the account; the caller holds its purchases' locks already.
    `most_rows`: how many rows of each part are listed, lowest number first; None: all.
    """
    [(on_account, limit, code)] = sql.fetch(_TERMS + (_LOCK_CUSTOMER if lock else ""), [site_id, account_id])
    currency_code = code or settings.default_currency
    if not currency_code:
        return Credit(account_id, currency_code, on_account, limit, {})
    if lock:
        sql.run(_LOCK_ACCOUNT, [site_id, account_id, currency_code])
    outside = settings.charge_posting == ChargePosting.OFF
    values = [site_id, account_id, currency_code, outside, sorted(ON_ACCOUNT_METHODS), leaving_out]
    if most_rows == 0:
        sums = {Part(part): Sum(*figures) for part, *figures in sql.fetch(_SUMS, values)}
        return Credit(account_id, currency_code, on_account, limit, sums)
    found = sql.fetch(_SUMS_AND_ROWS, [*values, most_rows])
    sums = {Part(part): Sum(rows, total) for rows, total, part, *_row in found}
    listed: dict[Part, list[CreditRow]] = {}
    for _rows, _total, part, *row in found:
        listed.setdefault(Part(part), []).append(CreditRow(Part(part), *row))
    return Credit(
        account_id, currency_code, on_account, limit, sums, [r for rows in listed.values() for r in rows[:most_rows]]
    )


def check_credit(purchase: StoredPurchase, *, account_id: int, settings: Settings) -> None:
    """Raises Conflict `credit-exceeded`, with what is available, when the account's credit does not cover what is
    still to be paid of this purchase on account; with any other payment method nothing is asked.

    Takes the account's lock, the purchase's being held: of two who buy at once the second sees the first.
    """
    refusal = credit_refusal(purchase, account_id=account_id, settings=settings, lock=True)
    if refusal is not None:
        raise refusal


def credit_refusal(
    purchase: StoredPurchase,
    *,
    account_id: int,
    settings: Settings,
    lock: bool = False,
    known: dict[int, Credit] | None = None,
) -> Conflict | None:
    """The refusal that `check_credit` would raise; without `lock` as things are now, which may be others then.

    `known`: the credit of accounts, read at one time for many purchases; what is missing is added. Those purchases
    wait (for approval, for being confirmed, as a quote), so that they count as a promise if at all.
    """
    if not is_on_account(purchase.payment_method):
        return None
    needed = purchase.amount_due - (purchase.paid - purchase.refunded)
    code = purchase.currency_code
    if known is None:
        credit = read_credit(
            site_id=purchase.site_id, account_id=account_id, settings=settings, leaving_out=purchase.id, lock=lock
        )
    else:
        if account_id not in known:
            known[account_id] = read_credit(site_id=purchase.site_id, account_id=account_id, settings=settings)
        credit = known[account_id]
        if purchase.type in _PROMISING and needed > 0 and code == credit.currency_code:
            credit = credit.without_promise(needed)
    if credit.covers(needed, code):
        return None
    in_that_currency = credit.currency_code in (None, code)
    available = money_text((credit.available if in_that_currency else None) or ZERO, code)
    return Conflict(
        f"{money_text(needed, code)} {code} on account is needed, {available} {code} is available.",
        code="credit-exceeded",
        available=available,
        currency_code=code,
    )
