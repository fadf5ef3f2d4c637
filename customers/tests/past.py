"""Accounts with a past: entries as they would have been posted at other times than now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from customers.models import Account, AccountEntry, Customer

TERMS = timedelta(days=30)


@dataclass(frozen=True)
class Past:
    """An entry; what is owed is due 30 days after `value_date`, which is by default the day of posting."""

    posted_at: datetime
    amount: str | Decimal
    purchase_id: int | None = None
    value_date: date | None = None
    kind: str = ""
    reference: str = ""


def write_past(customer: Customer, *entries: Past, currency_code: str = "GBP") -> Account:
    """An account whose entries were posted one after the other at these moments, which have to be in order."""
    total = sum((Decimal(entry.amount) for entry in entries), Decimal(0))
    last = entries[-1].posted_at
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_account (site_id, customer_id, currency_code, balance, posted_at) "
            "VALUES (%s, %s, %s, %s, %s) RETURNING id",
            [customer.site_id, customer.pk, currency_code, total, last],
        )
        account = cursor.fetchone()[0]
        balance = Decimal(0)
        for entry in entries:
            amount = Decimal(entry.amount)
            balance += amount
            value_date = entry.value_date or entry.posted_at.date()
            usual = AccountEntry.Kind.MANUAL if entry.purchase_id is None else AccountEntry.Kind.CHARGE
            kind = entry.kind or usual
            cursor.execute(
                "INSERT INTO customers_accountentry (site_id, account_id, kind, amount, balance_after, value_date, "
                "due_date, posted_at, reference, reason, author, purchase_id, reference_owner_id) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'told', 'system', %s, %s)",
                [
                    customer.site_id,
                    account,
                    kind,
                    amount,
                    balance,
                    value_date,
                    value_date + TERMS if amount > 0 else None,
                    entry.posted_at,
                    entry.reference,
                    entry.purchase_id,
                    customer.pk if entry.reference and entry.purchase_id is None else None,
                ],
            )
    return Account.objects.get(pk=account)
