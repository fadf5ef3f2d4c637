"""What the ledger and the purchase history say, read short."""

from __future__ import annotations

from decimal import Decimal

from customers.models import Account, AccountEntry, Customer
from purchasing.models import PurchaseHistory


def entries(customer: Customer | None = None, currency: str = "GBP") -> list[tuple[str, int]]:
    """Kind and amount of each entry, oldest first."""
    rows = AccountEntry.objects.filter(account__currency_code=currency).order_by("id")
    if customer is not None:
        rows = rows.filter(account__customer=customer)
    return [(kind, int(amount)) for kind, amount in rows.values_list("kind", "amount")]


def balance(customer: Customer, currency: str = "GBP") -> Decimal:
    account = Account.objects.filter(customer=customer, currency_code=currency).first()
    return account.balance if account else Decimal(0)


def told() -> list[tuple[str, Decimal]]:
    return list(PurchaseHistory.objects.order_by("transaction__platform_id").values_list("type", "total"))
