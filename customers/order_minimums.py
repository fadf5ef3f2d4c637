"""What an order of a customer has to come to (`docs/customers.md`, order minimums)."""

from __future__ import annotations

from decimal import Decimal

from core.models import Site
from customers.group_chain import chain_of
from customers.models import OrderMinimum


def order_minimum_of(*, site: Site, group_id: int, currency_code: str) -> OrderMinimum | None:
    """The minimum that binds customers of this group in this currency; None: nothing is asked for.

    The group's own, else that of the nearest one above it, at last that of `default`. A minimum of 0 asks for nothing
    and hides those above. Two queries.
    """
    found = OrderMinimum.objects.for_site(site).filter(currency_code=currency_code)
    minimums = {minimum.group_id: minimum for minimum in found}
    if not minimums:
        return None
    for group in chain_of(site=site, group_id=group_id):
        if group.pk in minimums:
            minimum = minimums[group.pk]
            return minimum if minimum.minimum_value else None
    return None


def falls_short(minimum: OrderMinimum, *, gross: Decimal, net: Decimal) -> bool:
    """Whether an order of these totals is below the minimum."""
    counted = net if minimum.compare_type == OrderMinimum.CompareType.NET else gross
    return counted < minimum.minimum_value
