"""What stands in the address bar while a script filters a list, so that Back leads to what was there before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django_htmx.http import push_url, replace_url


def at_address(request: HttpRequest, response: HttpResponse, query: str) -> HttpResponse:
    """The part of a list below its filters, with the address that names them.

    Another filter is another page to go back from. Who goes on typing a search, or changes nothing, stays on his.
    """
    address = f"{request.path}?{query}".rstrip("?")
    shown = str(request.htmx.current_url_abs_path or "")  # type: ignore[attr-defined]  # set by django_htmx
    before, now = QueryDict(shown.partition("?")[2], mutable=True), QueryDict(query, mutable=True)
    goes_on = bool(before.get("search")) == bool(now.get("search"))
    for fields in (before, now):
        for name in ("search", "page", *(name for name in fields if not fields[name])):
            fields.pop(name, None)
    return replace_url(response, address) if goes_on and before == now else push_url(response, address)
