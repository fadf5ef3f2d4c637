"""What belongs to purchases, found by what finds purchases: parts and payments have no index of words of their own."""

from __future__ import annotations

from django.http import HttpRequest

from core.admin import sites_here
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
