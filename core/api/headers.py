"""What every answer under /api/ says to browsers, besides the preflight that django-cors-headers answers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ApiHeaders:
    """Middleware: any origin may read the answer, also when the request named none (a cache may hand it on)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.exposed = ", ".join(settings.CORS_EXPOSE_HEADERS)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Expose-Headers", self.exposed)
        return response
