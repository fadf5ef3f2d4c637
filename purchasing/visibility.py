"""Whether a customer sees a purchase: `Purchase.objects.visible_to` again, for rows of the store and its lists."""

from __future__ import annotations

from customers.models import Customer
from purchasing.store import StoredPurchase
from purchasing.store.listing import Condition


def is_visible(purchase: StoredPurchase, *, reader: Customer | None) -> bool:
    """Whether the reader sees this purchase of his site; a program (None) does. At most two queries, none for own."""
    if reader is None:
        return True
    buyers = [number for number in (purchase.customer_id, purchase.child_id) if number is not None]
    return reader.pk in buyers or bool(buyers and Customer.objects.visible_to(reader).filter(pk__in=buyers).exists())


def seen_by(reader: Customer | None) -> list[Condition]:
    """What narrows a list to the purchases that the reader sees; nothing for a program."""
    if reader is None:
        return []
    numbers = Customer.objects.numbers_visible_to(reader)
    if numbers is None:
        return [Condition("(customer_id IS NOT NULL OR child_id IS NOT NULL)", [])]
    if len(numbers) == 1:
        return [Condition("(customer_id = %s OR child_id = %s)", numbers * 2, steady=False)]
    buyers = "(customer_id = ANY(%s::bigint[]) OR child_id = ANY(%s::bigint[]))"
    return [Condition(buyers, [numbers, numbers], steady=False)]
