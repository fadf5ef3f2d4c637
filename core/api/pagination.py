"""The `Link` header that leads from one page of a bare array to the next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core.api.query import Page

PAGE_PARAMETERS = [
    OpenApiParameter("limit", int, description="1 to 500 rows; 100 when not given."),
    OpenApiParameter("offset", int, description="Rows to leave out first. Not beside `cursor`."),
    OpenApiParameter("cursor", str, description="Where to go on, as a `Link` header named it, in the same order."),
]
"""Of a list with a cursor beside its offset."""
COUNT = OpenApiParameter("count", bool, description="`true`: the header `X-Total-Count` says how many there are.")
TOTAL = OpenApiParameter(
    "X-Total-Count", int, OpenApiParameter.HEADER, response=[200], description="With `count=true`: rows on all pages."
)


def total_of(request: HttpRequest | Request, rows: QuerySet[Any]) -> dict[str, str]:
    """The header with the number of all rows where it is asked for; nothing is counted unasked."""
    return {"X-Total-Count": str(rows.count())} if request.GET.get(COUNT.name) == "true" else {}


def next_link(request: HttpRequest | Request, *, page: Page, rows: int) -> dict[str, str]:
    """The header naming the next page, for a page of `rows` rows; nothing when the page was not full.

    Other parameters are kept as they were sent.
    """
    if rows < page.limit:
        return {}
    return link_to(request, offset=str(page.offset + rows), limit=str(page.limit))


def link_behind(request: HttpRequest | Request, *, page: Page, rows: int, cursor: str) -> dict[str, str]:
    """As `next_link`, by the cursor of the page's last row: whatever arrives meanwhile, no row is missed or repeated.

    So too where the page itself was asked for by an offset.
    """
    if rows < page.limit:
        return {}
    return link_to(request, offset=None, cursor=cursor, limit=str(page.limit))


def link_to(request: HttpRequest | Request, **changed: str | None) -> dict[str, str]:
    """The `Link` header of this address with some parameters changed; those that become None are left out."""
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name not in changed]
    path = getattr(request, "raw_path", request.path)
    parameters = [*kept, *((name, value) for name, value in changed.items() if value is not None)]
    address = f"{request.scheme}://{request.get_host()}{path}?{urlencode(parameters)}"
    return {"Link": f'<{address}>; rel="next"'}
