"""What customers owe: the balances of the account behind each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connections

from core.replica.reading import database_to_read
from customers.models import AccountEntry
from customers.models.ledger import PostedQuerySet

OUTSIDE_PURCHASES = (AccountEntry.Kind.OPENING, AccountEntry.Kind.MANUAL)
"""Kinds of entries that stand for themselves; the others stand for a purchase."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What the customer `account_id` owes in one currency; below 0: what it has to its credit."""

    account_id: int
    currency_code: str
    amount: Decimal


_BALANCES = """
WITH RECURSIVE chain AS (
    SELECT id AS start, id, parent_id
    FROM customers_customer WHERE site_id = %(site_id)s AND id = ANY(%(customer_ids)s::bigint[])
    UNION
    SELECT chain.start, parent.id, parent.parent_id
    FROM chain JOIN customers_customer AS parent ON parent.site_id = %(site_id)s AND parent.id = chain.parent_id
)
SELECT chain.start, account.customer_id, account.currency_code, account.balance
FROM chain
JOIN customers_account AS account ON account.site_id = %(site_id)s AND account.customer_id = chain.id
WHERE chain.parent_id IS NULL
ORDER BY chain.start, account.currency_code
"""


def balances_of(*, site_id: int, customer_ids: Iterable[int]) -> dict[int, list[Balance]]:
    """For each of the customers the balances of the account that owes, its top-most parent; by currency, one query."""
    balances: dict[int, list[Balance]] = {customer_id: [] for customer_id in customer_ids}
    with connections[database_to_read()].cursor() as cursor:
        cursor.execute(_BALANCES, {"site_id": site_id, "customer_ids": list(balances)})
        for customer_id, account_id, currency_code, amount in cursor.fetchall():
            balances[customer_id].append(Balance(account_id, currency_code, amount))
    return balances


def entries_outside_purchases(*, site_id: int, account_id: int, currency_code: str) -> PostedQuerySet[AccountEntry]:
    """The opening and manual entries of one account in one currency, oldest first, each with its account.

    `account_id`: the customer who owes (`Customer.objects.account_of`). Their sum is what the account owes besides
    its purchases: `.aggregate(Sum("amount", default=0))`.
    """
    entries: PostedQuerySet[AccountEntry] = AccountEntry.objects.filter(
        site_id=site_id,
        account__customer_id=account_id,
        account__currency_code=currency_code,
        kind__in=OUTSIDE_PURCHASES,
    )
    return entries.select_related("account").order_by("posted_at", "id")
