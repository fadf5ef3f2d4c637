"""Places in a list, as clients carry them: opaque words that say after which row a page begins.

A cursor names the order it belongs to: in another order the same place would leave rows out.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import orjson

from core.api.query import EARLIEST, Query
from core.ids import is_uuid

Key = TypeVar("Key")
Number = TypeVar("Number")


def cursor_of(order: str, key: datetime | str, number: int | UUID) -> str:
    """The cursor that continues behind the row with this key in this order, and this number among equals."""
    place = [order, key.isoformat() if isinstance(key, datetime) else key, str(number)]
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def read_cursor(
    query: Query, order: str, *, key: Callable[[str], Key], number: Callable[[str], Number]
) -> tuple[Key, Number] | None:
    """The key and number that `cursor` continues behind, or None without one.

    `key` and `number` read them from their texts and raise ValueError. Refuses what is no cursor of this order, and an
    `offset` beside it.
    """
    value = query.text("cursor")
    if value is None:
        return None
    if "offset" in query.values:
        query.refuse("cursor", "Give a cursor or an offset, not both.")
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(value.encode("ascii") + b"=" * (-len(value) % 4)))
        if not (isinstance(place, list) and len(place) == 3 and all(isinstance(item, str) for item in place)):
            raise ValueError(value)
        found = key(place[1]), number(place[2])
    except (ValueError, binascii.Error):
        query.refuse("cursor", "Give a cursor as a Link header named it.")
        return None
    if place[0] != order:
        query.refuse("cursor", "This cursor belongs to another order. Begin again without one.")
        return None
    return found


def instant_key(text: str) -> datetime:
    """An instant with its offset."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or instant < EARLIEST:
        raise ValueError(text)
    return instant


def text_key(text: str) -> str:
    """Any text that PostgreSQL holds."""
    if "\0" in text:
        raise ValueError(text)
    return text


def running_number(text: str) -> int:
    """A number that rows are counted by."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18 and int(text) > 0):
        raise ValueError(text)
    return int(text)


def uuid_number(text: str) -> UUID:
    """The UUID of a row."""
    if not is_uuid(text):
        raise ValueError(text)
    return UUID(text)
