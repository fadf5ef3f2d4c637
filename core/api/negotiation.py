"""JSON in and JSON out, whatever the headers wish for."""

from __future__ import annotations

from collections.abc import Sequence

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class JsonOnly(BaseContentNegotiation):
    """The first parser and the first renderer: `Content-Type` is judged by the reading of the body, `Accept` ignored."""

    def select_parser(self, request: Request, parsers: Sequence[BaseParser]) -> BaseParser:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type or ""


class JsonParser(BaseParser):
    """Names the media type; the reading is `core.api.bodies.read_json`, by way of `JsonRequest`."""

    media_type = "application/json"
