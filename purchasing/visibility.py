"""Whether a customer sees a purchase: `Purchase.objects.visible_to` again, for rows of the store and its lists."""

from __future__ import annotations

import orjson

from customers.models import Customer
from purchasing.store import StoredPurchase
from purchasing.store.listing import Condition

_NO_DRAFT = "NOT (type = 'quote' AND header ->> 'quote_status' = 'draft')"


def is_visible(purchase: StoredPurchase, *, reader: Customer | None) -> bool:
    """Whether the reader sees this purchase, whole, of his site; a program (None) does.

    At most two queries, none for own.
    """
    if reader is None:
        return True
    if not reader.is_sales_agent and is_draft(purchase):
        return False
    buyers = [number for number in (purchase.customer_id, purchase.child_id) if number is not None]
    return reader.pk in buyers or bool(buyers and Customer.objects.visible_to(reader).filter(pk__in=buyers).exists())


def is_draft(purchase: StoredPurchase) -> bool:
    """Whether it is a quote that was not sent yet, of which its customer knows nothing."""
    return purchase.type == "quote" and orjson.loads(purchase.header)["quote_status"] == "draft"


def seen_by(reader: Customer | None) -> list[Condition]:
    """What narrows a list to the purchases that the reader sees; nothing for a program."""
    if reader is None:
        return []
    sent = [] if reader.is_sales_agent else [Condition(_NO_DRAFT)]
    numbers = Customer.objects.numbers_visible_to(reader)
    if numbers is None:
        return [Condition("(customer_id IS NOT NULL OR child_id IS NOT NULL)", []), *sent]
    if len(numbers) == 1:
        return [Condition("(customer_id = %s OR child_id = %s)", numbers * 2, steady=False), *sent]
    buyers = "(customer_id = ANY(%s::bigint[]) OR child_id = ANY(%s::bigint[]))"
    return [Condition(buyers, [numbers, numbers], steady=False), *sent]
