"""What is sent: JSON to a form, form-encoded words to the token address and from the browser's page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest

from core.api.bodies import read_body, read_json
from core.errors import Fault, InvalidDocument, UnsupportedMediaType

LIMIT = 64 * 1024
MOST_FIELDS = 100
_FORM = re.compile(r"application/x-www-form-urlencoded\s*(?:;.*)?", re.IGNORECASE)


def is_form(request: HttpRequest) -> bool:
    return bool(_FORM.fullmatch(request.META.get("CONTENT_TYPE", "")))


def read_form(request: HttpRequest) -> dict[str, str]:
    """The fields of a form-encoded body. Raises UnsupportedMediaType, TooLarge, InvalidDocument for a repeated one."""
    if not is_form(request):
        raise UnsupportedMediaType("Send the body as application/x-www-form-urlencoded.")
    try:
        text = read_body(request, limit=LIMIT).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise InvalidDocument("The body is not a form.", code="invalid-form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs) or "\0" in text or any("\0" in value for value in fields.values()):
        raise InvalidDocument("The form names a field twice, or holds a NUL character.", code="invalid-form")
    return fields


def read_members(request: HttpRequest) -> dict[str, Any]:
    """The members of a JSON body; none when there is no body."""
    if not read_body(request, limit=LIMIT):
        return {}
    members: dict[str, Any] = read_json(request, limit=LIMIT)
    return members


def text_of(members: Mapping[str, Any], name: str, *, longest: int = 255) -> str:
    """A member that has to be there and be a text. Raises InvalidDocument."""
    value = members.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    fault = None
    if value is None or value == "":
        fault = Fault("required", name, f"{name} is needed.")
    elif not isinstance(value, str):
        fault = Fault("invalid", name, f"{name} has to be a text.")
    elif len(value) > longest:
        fault = Fault("too-long", name, f"{name} may have {longest} characters at most.")
    if fault:
        raise InvalidDocument(faults=[fault])
    assert isinstance(value, str)
    return value
