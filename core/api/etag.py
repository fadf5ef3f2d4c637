"""Preconditions: `If-Match` and `If-None-Match` (`docs/api.md`, versions)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import parse_etags


@dataclass(frozen=True, slots=True)
class Tags:
    """The versions a header names: `*`, or a list of quoted tags. A `W/` put there by a proxy is dropped."""

    any: bool
    values: tuple[str, ...]

    def match(self, current: str | None) -> bool:
        """Whether the resource at version `current` (quoted; None: there is none) is one of those named."""
        return current is not None and (self.any or current in self.values)


def if_match(request: HttpRequest) -> Tags | None:
    """What `If-Match` names, or None when it was not sent. A header that cannot be read matches nothing."""
    return _tags(request.META.get("HTTP_IF_MATCH"))


def if_none_match(request: HttpRequest) -> Tags | None:
    """What `If-None-Match` names, or None when it was not sent."""
    return _tags(request.META.get("HTTP_IF_NONE_MATCH"))


def _tags(header: str | None) -> Tags | None:
    if header is None:
        return None
    tags = parse_etags(header)
    return Tags(any=tags == ["*"], values=tuple(tag.removeprefix("W/") for tag in tags if tag != "*"))
