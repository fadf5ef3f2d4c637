"""What a file consists of: rows with the number of their line, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Fault, InvalidDocument


def as_written(cell: str) -> Any:
    """The cell, exactly: spaces count."""
    return cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of file may have.

    `is_family`: the name is a beginning such as `option:`, which the heading of a file continues. `for_file`: may be
    said once for the whole file instead. `read`: what a cell means; raises ValueError with what is wrong.
    """

    name: str
    help: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    is_family: bool = False
    for_file: bool = False
    read: Callable[[str], Any] = as_written


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a line; `property` is a column or member, empty: the line as a whole."""

    line: int
    property: str
    message: str

    def __str__(self) -> str:
        return ": ".join([f"line {self.line}", *filter(None, [self.property]), self.message])


@dataclass(frozen=True, slots=True)
class Row:
    """A line that says something.

    Of a table `values` are its cells that are not empty, by the name of their column; of a file of JSON lines they are
    the document. `faults`: what kept the line from being read.
    """

    line: int
    values: Mapping[str, Any]
    is_document: bool = False
    faults: Sequence[RowFault] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """The rows that are stored as one: a document, or consecutive rows of a table with the same key."""

    key: Hashable
    rows: list[Row] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.rows[0].line

    @property
    def values(self) -> Mapping[str, Any]:
        """What its first row says."""
        return self.rows[0].values

    @property
    def is_document(self) -> bool:
        return self.rows[0].is_document

    @property
    def faults(self) -> list[RowFault]:
        return [fault for row in self.rows for fault in row.faults]


class UnreadableFile(InvalidDocument):
    """The file as a whole is refused; nothing was written."""

    def __init__(self, line: int | None, message: str, *, property: str = "") -> None:
        place = f"line {line}" if line else None
        super().__init__(faults=[Fault("invalid", place, ": ".join(filter(None, [property, message])))])

    def __str__(self) -> str:
        return "; ".join(": ".join(filter(None, [fault.property, fault.message])) for fault in self.faults)
