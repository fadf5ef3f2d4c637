"""What belongs to purchases, found by what finds purchases: parts and payments have no index of words of their own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import sites_here
from core.admin.lists import COUNTED
from purchasing.search import search_of
from purchasing.store.listing import Listing, list_numbers

MOST = 500
"""The newest purchases that are found, of each site; a longer text finds older ones."""


def purchases_found(request: HttpRequest, text: str, *, also_deleted: bool = False) -> list[int]:
    """The numbers of those of the reader's sites that a search finds (`purchasing.search`)."""
    numbers: list[int] = []
    for site_id in sites_here(request):
        search = search_of(text, site_id=site_id)
        if search is not None:
            for deleted in (False, True) if also_deleted else (False,):
                numbers += list_numbers(Listing(site_id=site_id, search=search, deleted=deleted, limit=MOST))
    return numbers


def by_number(rows: QuerySet[Any], *found: QuerySet[Any]) -> QuerySet[Any]:
    """Those of a list that one of these has: of each as many as one can page through.

    Looked up by themselves and said by number. PostgreSQL takes those out of the index; in the order of a list it would
    look for the few that are found among all there are, and for either of two conditions in every row.
    """
    numbers: set[Any] = set()
    for each in found:
        numbers.update(each.order_by().values_list("pk", flat=True)[:COUNTED])
    return rows.filter(pk__in=numbers)
