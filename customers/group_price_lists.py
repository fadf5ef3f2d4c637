"""By which price lists the customers of a group are priced who have none of their own (`docs/customers.md`, groups)."""

from __future__ import annotations

from core.models import Site
from customers.group_chain import chain_of


def group_price_lists(*, site: Site, group_id: int) -> list[str]:
    """The slugs, in the order of trial: the group's own, else those of the nearest one above it that has some, at last
    those of `default`. One query.
    """
    return next((group.price_lists for group in chain_of(site=site, group_id=group_id) if group.price_lists), [])
