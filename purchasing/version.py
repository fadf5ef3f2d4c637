"""The version of a purchase as `ETag` and the back office's forms name it. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TAG = re.compile(r'"(?P<number>\d{1,18})\.r(?P<revision>\d{1,9})\.(?P<changes>\d{1,9})"', re.ASCII)


def version_tag(*, number: int, revision: int, changes: int) -> str:
    """Our running number of the purchase (never used twice), its revision, and the changes that were no revision."""
    return f'"{number}.r{revision}.{changes}"'


@dataclass(frozen=True, slots=True)
class Version:
    """`changes` counts those that were no revision: payments."""

    revision: int
    changes: int


def version_of(tag: str, *, number: int) -> Version | None:
    """The version of purchase `number` that a tag names; None when it names none."""
    match = _TAG.fullmatch(tag)
    if match is None or int(match["number"]) != number:
        return None
    return Version(int(match["revision"]), int(match["changes"]))


def revision_of(tag: str, *, number: int) -> int | None:
    """The revision that a version of purchase `number` stands on; None when the tag is no version of it."""
    version = version_of(tag, number=number)
    return version.revision if version else None
