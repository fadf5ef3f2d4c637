"""Opaque ids: lower-case Base32 of a key, its padding taken off, exactly one `=` appended. `20196` ↔ `giydcojw=`."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

LONGEST = 200


@lru_cache(maxsize=16_384)
def encode(key: str) -> str:
    """The id that stands for this key in an address. Remembered: that of a purchase stands in all its addresses."""
    return base64.b32encode(key.encode()).decode().rstrip("=").lower() + "="


def decode(name: str) -> str | None:
    """The key behind an id; None for anything that `encode` would not have written."""
    if len(name) > LONGEST or not name.isascii():
        return None
    letters = name.removesuffix("=").upper()
    try:
        key = base64.b32decode(letters + "=" * (-len(letters) % 8)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return key if key and encode(key) == name else None
