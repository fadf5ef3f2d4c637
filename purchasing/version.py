"""The version of a purchase as `ETag` and the back office's forms name it. Pure functions."""

from __future__ import annotations

import re

_TAG = re.compile(r'"(?P<number>\d{1,18})\.r(?P<revision>\d{1,9})\.(?P<changes>\d{1,9})"', re.ASCII)


def version_tag(*, number: int, revision: int, changes: int) -> str:
    """Our running number of the purchase (never used twice), its revision, and the changes that were no revision."""
    return f'"{number}.r{revision}.{changes}"'


def revision_of(tag: str, *, number: int) -> int | None:
    """The revision that a version of purchase `number` stands on; None when the tag is no version of it."""
    match = _TAG.fullmatch(tag)
    return int(match["revision"]) if match and int(match["number"]) == number else None
