"""Prefixed ids such as `cu_12`, both ways (`docs/api.md`, ids)."""

from __future__ import annotations

import re

CUSTOMER = "cu_"
ADDRESS = "ca_"
PURCHASE = "o_"
PACKAGE = "orp_"
PRODUCT = "pp_"
VARIANT = "pv_"
STOCK_LOCATION = "sl_"
SHIPPING_METHOD = "sm_"

_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def public_id(prefix: str, number: int) -> str:
    """`public_id("cu_", 12)` → `cu_12`."""
    return f"{prefix}{number}"


def number_of(prefix: str, value: str) -> int | None:
    """The number behind an id of this kind, or None when `value` does not name one.

    A value that starts with the prefix is an internal id; any other value is an external id.
    """
    if not value.startswith(prefix):
        return None
    digits = value[len(prefix) :]
    return int(digits) if _NUMBER.fullmatch(digits) else None


def is_uuid(value: str) -> bool:
    """Whether `value` is written 8-4-4-4-12 in hexadecimal digits of either letter case, and nothing else."""
    return _UUID.fullmatch(value) is not None
