"""Where the description of the API is read: as a document and as a page."""

from __future__ import annotations

import threading
from functools import cache

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework.request import Request

from core.api.renderer import dump_json
from core.api.views import ApiView

_ONE_AT_A_TIME = threading.Lock()
"""The generator loads its extensions on first use, and two threads that do so together break it."""


def schema_json() -> bytes:
    """Made once per process: it takes a second, and depends on the code alone."""
    with _ONE_AT_A_TIME:
        return _schema_json()


@cache
def _schema_json() -> bytes:
    return dump_json(SchemaGenerator().get_schema(request=None, public=True))


class SchemaView(ApiView):
    """The OpenAPI 3.1 description; needs no token."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(schema_json(), content_type="application/json")


class SwaggerView(SpectacularSwaggerView):
    """The description as a page to read and try out; everything it loads is served from here."""
