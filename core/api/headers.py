"""What every answer says of its length, and those under /api/ to browsers."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class AnswerHeaders(CorsMiddleware):
    """Under /api/ any origin may ask and read, also when the request named none (a cache may hand the answer on).

    django-cors-headers answers preflights; it is passed by when no browser asks, since it reads every header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.exposed = ", ".join(settings.CORS_EXPOSE_HEADERS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = super().__call__ if "HTTP_ORIGIN" in request.META else self.get_response
        response = cast("HttpResponseBase", answer(request))  # never awaited: there are no asynchronous views
        if isinstance(response, HttpResponse) and response.status_code not in (204, 304):
            # Without it the server would send the answer in chunks.
            response.headers.setdefault("Content-Length", str(len(response.content)))
            if request.method == "HEAD":
                response.content = b""
        if request.path.startswith("/api/"):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Expose-Headers", self.exposed)
        return response
