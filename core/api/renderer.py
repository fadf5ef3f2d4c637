"""JSON out: orjson, with decimals that never pass through a float."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


def dump_json(value: Any) -> bytes:
    """JSON of plain values, dates and lazy texts; a Decimal becomes a string without exponent."""
    return orjson.dumps(value, default=_plain)


def json_number(number: Decimal) -> orjson.Fragment:
    """A decimal to be answered as a JSON number, digit by digit as it is."""
    return orjson.Fragment(f"{number:f}".encode())


def core_instant(instant: datetime) -> str:
    """An instant as the Core resources answer it, with `Z`; everywhere else JSON has `+00:00`."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class JsonRenderer(BaseRenderer):
    """What every address under /api/ answers, whatever `Accept` says. No body where there is nothing to say."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        response = (renderer_context or {}).get("response")
        if data is None and response is not None and response.status_code in (204, 304):
            return b""
        return dump_json(data)
