"""Where a customer group stands: what holds for it when it says nothing itself."""

from __future__ import annotations

from core.models import Site
from customers.models import DEFAULT_GROUP, CustomerGroup


def chain_of(*, site: Site, group_id: int) -> list[CustomerGroup]:
    """The group, those above it, nearest first, and at last `default`. One query.

    A cycle that came in past every guard ends the walk.
    """
    groups = {group.pk: group for group in CustomerGroup.objects.for_site(site)}
    chain: list[CustomerGroup] = []
    group = groups.get(group_id)
    while group is not None and group not in chain:
        chain.append(group)
        group = groups.get(group.parent_id or 0)
    return chain + [group for group in groups.values() if group.slug == DEFAULT_GROUP and group not in chain]
