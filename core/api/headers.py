"""What every answer under /api/ says to browsers."""

from __future__ import annotations

from collections.abc import Callable

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ApiHeaders(CorsMiddleware):
    """Any origin may ask and read, also when the request named none (a cache may hand the answer on).

    django-cors-headers answers preflights; it is passed by when no browser asks, since it reads every header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.exposed = ", ".join(settings.CORS_EXPOSE_HEADERS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_ORIGIN" in request.META:
            response: HttpResponseBase = super().__call__(request)
        else:
            response = self.get_response(request)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Expose-Headers", self.exposed)
        return response
