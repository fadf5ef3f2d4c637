"""What an order of a customer has to come to (`docs/customers.md`, order minimums)."""

from __future__ import annotations

from decimal import Decimal

from core.models import Site
from customers.models import DEFAULT_GROUP, CustomerGroup, OrderMinimum


def order_minimum_of(*, site: Site, group_id: int, currency_code: str) -> OrderMinimum | None:
    """The minimum that binds customers of this group in this currency; None: nothing is asked for.

    The group's own, else that of the nearest one above it, at last that of `default`. A minimum of 0 asks for nothing
    and hides those above. Two queries.
    """
    found = OrderMinimum.objects.for_site(site).filter(currency_code=currency_code)
    minimums = {minimum.group_id: minimum for minimum in found}
    if not minimums:
        return None
    groups = {group.pk: group for group in CustomerGroup.objects.for_site(site)}
    for number in _upwards(groups, group_id):
        if number in minimums:
            minimum = minimums[number]
            return minimum if minimum.minimum_value else None
    return None


def falls_short(minimum: OrderMinimum, *, gross: Decimal, net: Decimal) -> bool:
    """Whether an order of these totals is below the minimum."""
    counted = net if minimum.compare_type == OrderMinimum.CompareType.NET else gross
    return counted < minimum.minimum_value


def _upwards(groups: dict[int, CustomerGroup], group_id: int) -> list[int]:
    """The group, those above it, and `default`. A cycle that came in past every guard ends the walk."""
    chain: list[int] = []
    number: int | None = group_id
    while number is not None and number not in chain:
        chain.append(number)
        number = groups[number].parent_id
    return chain + [group.pk for group in groups.values() if group.slug == DEFAULT_GROUP]
