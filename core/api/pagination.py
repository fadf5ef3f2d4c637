"""The `Link` header that leads from one page of a bare array to the next."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from rest_framework.request import Request

from core.api.query import Page


def next_link(request: HttpRequest | Request, *, page: Page, rows: int) -> dict[str, str]:
    """The header naming the next page, for a page of `rows` rows; nothing when the page was not full.

    Other parameters are kept as they were sent.
    """
    if rows < page.limit:
        return {}
    return link_to(request, offset=str(page.offset + rows), limit=str(page.limit))


def link_to(request: HttpRequest | Request, **changed: str) -> dict[str, str]:
    """The `Link` header of this address with some parameters changed."""
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name not in changed]
    path = getattr(request, "raw_path", request.path)
    address = f"{request.scheme}://{request.get_host()}{path}?{urlencode([*kept, *changed.items()])}"
    return {"Link": f'<{address}>; rel="next"'}
