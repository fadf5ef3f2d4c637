"""Reading a JSON body: every limit is checked before anything is built from it (`docs/api.md`, limits)."""

from __future__ import annotations

import json
import re
from typing import Any, Self

import orjson
from django.http import HttpRequest

from core.errors import InvalidDocument, TooLarge, UnsupportedMediaType

BODY_LIMIT = 8 * 1024 * 1024
BULK_BODY_LIMIT = 32 * 1024 * 1024
BYTES_AN_OBJECT = 32
"""What an object takes at least, on average over a body that means something; more objects than that are refused."""
DEPTH_LIMIT = 64
NUMBER_LENGTH_LIMIT = 400
"""Characters a number may have: above it nobody means a number (and the time to convert grows with the square)."""

_MEDIA_TYPE = re.compile(
    r'application/(?:[\w.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*', re.ASCII | re.IGNORECASE
)
_DIGITS = bytes.maketrans(b"0123456789.eE+-", b"0" * 15)
_LONG_NUMBER = b"0" * 16


class WrittenNumber(float):
    """A number that keeps the digits it was written with: `repr` gives them back.

    A binary fraction forgets the digits after the 17th; whoever reads money must still see that there were too many.
    """

    text: str

    def __new__(cls, text: str) -> Self:
        if len(text) > NUMBER_LENGTH_LIMIT:
            raise InvalidDocument("A number of the body has too many digits.")
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self) -> str:
        return self.text


def read_json(request: HttpRequest, *, limit: int = BODY_LIMIT, array: bool = False) -> Any:
    """The decoded body: an object, or with `array` an array.

    Numbers are int or float; a float written with 16 digits or more is a `WrittenNumber`.
    Raises `UnsupportedMediaType`, `TooLarge` and `InvalidDocument`.
    """
    if not _MEDIA_TYPE.fullmatch(request.META.get("CONTENT_TYPE", "")):
        raise UnsupportedMediaType
    body = read_body(request, limit=limit)
    if body.count(b"{") > limit // BYTES_AN_OBJECT:
        raise InvalidDocument(f"The body has more than {limit // BYTES_AN_OBJECT} objects.", code="too-many")
    return decode_json(body, array=array)


def read_body(request: HttpRequest, *, limit: int = BODY_LIMIT) -> bytes:
    """The raw body. Raises `TooLarge` before reading more than `limit` bytes."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length:
        if not length.isdecimal():
            raise InvalidDocument("The Content-Length header is not a number.")
        if int(length) > limit:
            raise TooLarge(f"The body may have at most {limit} bytes.")
    elif request.META.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" in request.META:
        # Sent in chunks, without a length. Django would take that for an empty body; the server ends the stream.
        if not hasattr(request, "_body"):
            request._body = request.META["wsgi.input"].read(limit + 1)  # noqa: SLF001  # what `request.body` answers
        if len(request.body) > limit:
            raise TooLarge(f"The body may have at most {limit} bytes.")
    return request.body


def decode_json(body: bytes, *, array: bool = False) -> Any:
    """As `read_json`, from bytes."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        # Only where it stopped: the text of the error may quote the body.
        where = f" at line {error.lineno}, column {error.colno}" if body else ": it is empty"
        raise InvalidDocument(f"The body is not valid JSON{where}.", code="invalid-json") from None
    expected, name = (list, "an array") if array else (dict, "an object")
    if not isinstance(value, expected):
        raise InvalidDocument(f"The body has to be {name}.")
    if body.count(b"{") + body.count(b"[") > DEPTH_LIMIT:
        _check_depth(value)
    # NUL can only be written as an escape; the escape may also be an escaped backslash with harmless digits behind.
    if b"\\u0000" in body and _has_nul(value):
        raise InvalidDocument("The body contains a NUL character.", code="nul-character")
    if _LONG_NUMBER in body.translate(_DIGITS):
        value = _decode_exactly(body)
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH_LIMIT):
        level = [
            child
            for node in level
            for child in (node.values() if type(node) is dict else node)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return
    raise InvalidDocument(f"The body is nested deeper than {DEPTH_LIMIT} levels.", code="too-deep")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(child) for key, child in value.items())
    return isinstance(value, list) and any(map(_has_nul, value))


def _decode_exactly(body: bytes) -> Any:
    """The slower way, for bodies with 16 digits in a row: whole numbers exact, fractions with their written digits."""
    return json.loads(body, parse_float=_fraction, parse_int=_whole)


def _fraction(text: str) -> float:
    return WrittenNumber(text) if len(text) > 15 else float(text)


def _whole(text: str) -> int:
    if len(text) > NUMBER_LENGTH_LIMIT:
        raise InvalidDocument("A number of the body has too many digits.")
    return int(text)
