"""Addresses that programs call (`settings.API_PREFIXES`): split before they are decoded, so that `%2F` never separates.

An identifier with a slash, a space or a percent sign is then one segment of the address, and reaches the view as it is:

    path("purchases/internal/<segment:identifier>", …)     /purchases/internal/A%2F7  →  identifier="A/7"
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import register_converter


class RawPath:
    """Middleware that hands the URL patterns segments instead of a decoded path.

    Between here and the `segment` converter a segment has its `%` written `%25` and its `/` written `%2F`. Servers give
    the raw address as RAW_URI or REQUEST_URI; without it a decoded `/` cannot be told from a separator. One slash at
    the end is tolerated, without a redirect. `request.raw_path` is the path as it was sent.

    NUL and bytes that are no UTF-8 are refused here: nothing behind can store them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.API_PREFIXES):
            raw = _raw_path(request)
            if raw is None:
                segments = request.path_info.split("/")
                raw = request.path
            else:
                segments = [_decode(segment) for segment in raw.split("/")]
            request.raw_path = raw  # type: ignore[attr-defined]  # for links to the next page
            if len(segments) > 2 and not segments[-1]:
                segments.pop()
            if any("\0" in segment for segment in segments) or "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest("NUL in the address")
            request.path_info = "/".join(map(escape_segment, segments))
        return self.get_response(request)


def _raw_path(request: HttpRequest) -> str | None:
    raw: str | None = request.META.get("RAW_URI") or request.META.get("REQUEST_URI")
    script_name: str = request.META.get("SCRIPT_NAME", "")
    if not raw or not raw.startswith("/"):
        return None
    path = raw.partition("?")[0].partition("#")[0]
    return path.removeprefix(script_name) if script_name else path


def _decode(segment: str) -> str:
    try:
        return unquote_to_bytes(segment.encode("latin-1")).decode()
    except UnicodeError as error:
        raise BadRequest("The address is not UTF-8") from error


def escape_segment(segment: str) -> str:
    return segment.replace("%", "%25").replace("/", "%2F")


class SegmentConverter:
    """One segment of an address, of any characters."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        """A value with a slash cannot be reversed: Django would escape the escape."""
        return value


register_converter(SegmentConverter, "segment")
