"""Long lists, a page at a time; how many rows there are in all is not counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

LAST_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some of the rows. `has_next`: whether more come behind them."""

    number: int
    size: int
    rows: Sequence[Row]
    has_next: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page_of(read: Callable[[int, int], Sequence[Row]], *, number: int, size: int) -> Page[Row]:
    """The page of this number. `read`: the rows of a list by `limit` and `offset`; asked for one more than is shown."""
    found = read(size + 1, (number - 1) * size)
    return Page(number, size, found[:size], len(found) > size)


def page_number(text: str) -> int:
    """The page asked for, from 1 to `LAST_PAGE`; what is no such number is the first."""
    return min(int(text), LAST_PAGE) or 1 if text.isascii() and text.isdecimal() and len(text) < 9 else 1
