"""What the text of a cell means, for columns that are not plain text. Each raises ValueError."""

from __future__ import annotations

import re

SEPARATOR = "|"
"""Between the items of a list in one cell."""
_WHOLE = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?", re.ASCII)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def whole_number(cell: str) -> int:
    """`12`; a spreadsheet's `12.0` counts as 12."""
    found = _WHOLE.fullmatch(cell.strip())
    if found is None:
        raise ValueError("must be a whole number")
    return int(found[1])


def figure(cell: str) -> str:
    """A decimal, left as it is written but for spaces around it; what it may be the document says."""
    return cell.strip()


def word(cell: str) -> str:
    """One of a few words, in any letter case."""
    return cell.strip().lower()


def flag(cell: str) -> bool:
    """`true`, `yes`, `1`, `false`, `no` or `0`."""
    found = _FLAGS.get(cell.strip().lower())
    if found is None:
        raise ValueError("must be true or false")
    return found


def listed(cell: str) -> list[str]:
    """Several texts in one cell, such as `retail|summer`."""
    return [item.strip() for item in cell.split(SEPARATOR) if item.strip()]
