"""JSON in and JSON out, whatever the headers wish for."""

from __future__ import annotations

from collections.abc import Iterable

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class JsonOnly(BaseContentNegotiation):
    """The first parser and the first renderer: the reader of the body judges `Content-Type`, `Accept` is ignored."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class JsonParser(BaseParser):
    """Names the media type; the reading is `core.api.bodies.read_json`, by way of `JsonRequest`."""

    media_type = "application/json"
