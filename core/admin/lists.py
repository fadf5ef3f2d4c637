"""What keeps lists of the back office quick, however many rows there are: no page counts all of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNTED = 10_000
"""Rows that are counted, and that one can page through. Of more a filter or a search shows those that are meant."""


class More(int):
    """So many, and more. It is written `10,000+`."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


def bounded_count(rows: QuerySet[Any]) -> int:
    """How many rows there are, up to `COUNTED`."""
    found = rows.order_by().values("pk")[: COUNTED + 1].count()
    return More(COUNTED) if found > COUNTED else found


class BoundedPaginator(Paginator):
    """Counts up to `COUNTED` rows, so that a list costs the same with a million."""

    @cached_property
    def count(self) -> int:
        return bounded_count(self.object_list)  # type: ignore[arg-type]  # a queryset, in the back office
