"""What a plan of EXPLAIN (ANALYZE, FORMAT JSON) reads of large tables, by which index, and how many rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MANY = 10_001
"""A statement that reads more rows than this costs more with every purchase that is added.

Long lists count to 10,000 and look whether there is one more.
"""


@dataclass(frozen=True, slots=True)
class Read:
    """One place of a plan that reads a table. `rows`: read, those included that a condition then leaves out."""

    table: str
    index: str | None
    rows: int

    @property
    def is_whole(self) -> bool:
        """Whether the table is read from its first row on, by no index, and not only its first rows."""
        return self.index is None and self.rows > MANY

    def __str__(self) -> str:
        by = f"`{self.index}`" if self.index else "SEQUENTIAL" if self.is_whole else "its first rows"
        return f"{self.table}: {by}, {round_figure(self.rows)}"


def reads_of(plan: Mapping[str, Any], large: frozenset[str]) -> list[Read]:
    """Every read of a large table, in the order of the plan; the same place, read once more, adds up."""
    summed: dict[tuple[str, str | None], int] = {}
    for table, index, rows in _reads(plan, large):
        summed[table, index] = summed.get((table, index), 0) + rows
    return [Read(table, index, rows) for (table, index), rows in summed.items()]


def _reads(node: Mapping[str, Any], large: frozenset[str]) -> Iterator[tuple[str, str | None, int]]:
    table, kind = node.get("Relation Name"), node["Node Type"]
    if table in large:
        if kind == "Bitmap Heap Scan":
            yield table, " + ".join(_bitmap_indexes(node)), _rows(node)
        else:
            yield table, node.get("Index Name"), _rows(node)
    for child in node.get("Plans", ()):
        yield from _reads(child, large)


def _bitmap_indexes(node: Mapping[str, Any]) -> Iterator[str]:
    for child in node.get("Plans", ()):
        if "Index Name" in child:
            yield child["Index Name"]
        else:
            yield from _bitmap_indexes(child)


def _rows(node: Mapping[str, Any]) -> int:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    loops: int = node["Actual Loops"]
    return round((node["Actual Rows"] + removed) * loops)


def round_figure(rows: int) -> str:
    """So many, roughly: the next power of ten, so that a table filled anew changes no line. Few are few."""
    if rows <= 1_000:
        return "≤ 1,000 rows"
    if rows == MANY:
        rows -= 1
    return f"≤ {10 ** len(str(rows - 1)):,} rows"


_PLACE = re.compile(r"\$\d+")


def executed(statement: str, values: list[bytes | None]) -> tuple[str, str]:
    """A statement as one that is prepared under a name, and its execution with these values."""
    literals = ["NULL" if value is None else "'" + value.decode().replace("'", "''") + "'" for value in values]
    given = f"({', '.join(literals)})" if _PLACE.search(statement) else ""
    return f"PREPARE explained AS {statement}", f"EXECUTE explained{given}"
