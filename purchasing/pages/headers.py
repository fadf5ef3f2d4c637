"""What every answer below /account/ carries, refusals included: private, and able to load nothing from elsewhere.

So does a page that says what went wrong at an address that is nobody's: it is one of theirs.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

PREFIX = "/account/"
BACK_OFFICE = "/admin/"
# `data:` because Bootstrap draws its arrows and ticks as data.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class AccountHeaders:
    """Middleware: content security policy and no caching for the pages of My account, and for refusals elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIX) or _is_page_of_ours(request, response):
            response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
            response.headers["Cache-Control"] = "no-store, private"
        return response


def _is_page_of_ours(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether it says what went wrong, outside the back office, whose pages have scripts of its theme."""
    return (
        response.status_code >= 400
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Security-Policy" not in response.headers
        and not request.path_info.startswith(BACK_OFFICE)
    )
