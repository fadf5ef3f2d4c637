"""What all accounts of a site owe today, by age: for lists and the overview of staff (`customers.ageing`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core import sql
from core.money import ZERO
from customers.ageing import DAYS_PAST_DUE, YOUNG, Ageing, age

# As for a statement, of every account with a balance above 0 at once.
# $1 site, $2 day, $3 where buckets begin, $4 the earliest due date
_OWING = """
WITH owing AS (
    SELECT id, currency_code, balance FROM customers_account WHERE site_id = $1 AND balance > 0
), young AS (
    SELECT entry.account_id, entry.purchase_id, entry.amount, entry.due_date
    FROM owing JOIN customers_accountentry AS entry
        ON entry.site_id = $1 AND entry.account_id = owing.id AND entry.due_date >= $4::date
), item AS (
    SELECT entry.account_id, sum(entry.amount) AS amount, min(entry.due_date) AS due_date
    FROM (SELECT DISTINCT account_id, purchase_id FROM young WHERE purchase_id IS NOT NULL) AS bought
    JOIN customers_accountentry AS entry
        ON entry.site_id = $1 AND entry.purchase_id = bought.purchase_id AND entry.account_id = bought.account_id
    GROUP BY entry.account_id, entry.purchase_id
    UNION ALL
    SELECT account_id, amount, due_date FROM young WHERE purchase_id IS NULL
), bucket AS (
    SELECT account_id, width_bucket($2::date - due_date, $3::integer[]) AS number, sum(amount) AS amount
    FROM item WHERE amount > 0 AND due_date >= $4::date
    GROUP BY 1, 2
)
SELECT owing.id, owing.currency_code, owing.balance, bucket.number, bucket.amount
FROM owing LEFT JOIN bucket ON bucket.account_id = owing.id
"""


@dataclass(frozen=True, slots=True)
class Receivable:
    """What one account owes in its currency, by age."""

    account_id: int
    currency_code: str
    ageing: Ageing


def receivables_of(*, site_id: int, day: date) -> list[Receivable]:
    """Every account of the site with a balance above 0, aged on this day (of the site's time zone). One query."""
    held: dict[int, tuple[str, Decimal, dict[int, Decimal]]] = {}
    earliest = day - timedelta(days=YOUNG)
    for account_id, code, balance, bucket, amount in sql.fetch(_OWING, [site_id, day, list(DAYS_PAST_DUE), earliest]):
        sums = held.setdefault(account_id, (code, balance, {}))[2]
        if bucket is not None:
            sums[bucket] = amount
    return [
        Receivable(account_id, code, age(balance, [sums.get(number, ZERO) for number in range(len(DAYS_PAST_DUE))]))
        for account_id, (code, balance, sums) in held.items()
    ]
