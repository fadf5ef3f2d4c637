"""A purchase out of the rows of a table: one row a line, what is the purchase's or a package's said by any of them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from core.errors import Fault, InvalidDocument
from core.imports.rows import Record, Row
from purchasing.imports.columns import (
    ATTRIBUTE,
    CUSTOM_FIELD,
    METADATA,
    OF_LINE,
    OF_PACKAGE,
    OF_PURCHASE,
    STATE,
    Member,
)

Body = dict[str, Any]
_PLACE = re.compile(r"packages\[([0-9]+)\](?:\.line_items\[([0-9]+)\])?\.?(.*)", re.DOTALL)
_ENTRY = re.compile(r"(custom_attributes|custom_fields|metadata)\[([0-9]+)\].*", re.DOTALL)
_FAMILY_OF = {"custom_attributes": ATTRIBUTE, "custom_fields": CUSTOM_FIELD, "metadata": METADATA}


class FlatPurchase:
    """The document of a record, and where each of its members stands in the file.

    Raises InvalidDocument, each property a column, when two rows say different things of one purchase or package.
    """

    def __init__(self, record: Record) -> None:
        self.rows = record.rows
        currency_code = next(_said(record.rows, "currency_code"), None)
        self.packages = _packages(record.rows)
        self.body: Body = {
            "type": "order",
            "customer_identifiers": {},
            "dates": {},
            **_members(record.rows, OF_PURCHASE, currency_code),
            **_named(record.rows, METADATA, "metadata"),
            **_named(record.rows, CUSTOM_FIELD, "custom_fields"),
        }
        self.body["packages"] = [
            {
                **_members(rows, OF_PACKAGE, currency_code),
                "line_items": [_line(row, currency_code) for row in self._lines(rows)],
            }
            for rows in self.packages
        ]

    def place(self, property: str) -> tuple[int, str]:
        """The line and the column of a member of the document."""
        found = _PLACE.fullmatch(property)
        if property == "packages.line_items":  # one that no row says
            return self.rows[0].line, "sku"
        if found is None:
            return self._place_in(self.rows, OF_PURCHASE, property)
        rows = self.packages[int(found[1])]
        if found[2] is None:
            return self._place_in(rows, OF_PACKAGE, found[3])
        return self._place_in([self._lines(rows)[int(found[2])]], OF_LINE, found[3])

    def _place_in(self, rows: Sequence[Row], members: Iterable[Member], property: str) -> tuple[int, str]:
        entry = _ENTRY.fullmatch(property)
        if property.endswith(".currency"):  # of every amount it is the one of the purchase
            column = "currency_code"
        elif entry is not None:
            family = [name for row in rows for name in row.values if name.startswith(_FAMILY_OF[entry[1]])]
            column = list(dict.fromkeys(family))[int(entry[2])]
        else:
            column = next((member.name for member in members if _is_within(property, member.path)), property)
        line = next((row.line for row in rows if column in row.values), rows[0].line)
        return line, column

    @staticmethod
    def _lines(rows: Sequence[Row]) -> list[Row]:
        """The rows that say something of a line; an empty package has none."""
        names = {member.name for member in OF_LINE}
        return [row for row in rows if any(name in names or name.startswith(ATTRIBUTE) for name in row.values)]


def _is_within(property: str, path: str) -> bool:
    return property == path or property.startswith((f"{path}.", f"{path}["))


def _packages(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each package, in the order they begin: those of one name, else of one state, date and parcel."""
    found: dict[Hashable, list[Row]] = {}
    for row in rows:
        name = row.values.get("package")
        key = (name,) if name is not None else tuple(row.values.get(member.name) for member in STATE)
        found.setdefault(key, []).append(row)
    return list(found.values())


def _members(rows: Sequence[Row], members: Iterable[Member], currency_code: str | None) -> Body:
    body: Body = {}
    for member in members:
        said = _agreed(rows, member.name)
        if said is not None:
            _set(body, member.path, {"number": said, "currency": currency_code} if member.is_money else said)
    return body


def _line(row: Row, currency_code: str | None) -> Body:
    attributes = [
        {"key": name.removeprefix(ATTRIBUTE), "value": value}
        for name, value in row.values.items()
        if name.startswith(ATTRIBUTE)
    ]
    return _members([row], OF_LINE, currency_code) | ({"custom_attributes": attributes} if attributes else {})


def _named(rows: Sequence[Row], family: str, member: str) -> Body:
    """The pairs of a family of columns."""
    names = dict.fromkeys(name for row in rows for name in row.values if name.startswith(family))
    pairs = [{"name": name.removeprefix(family), "value": _agreed(rows, name)} for name in names]
    return {member: pairs} if pairs else {}


def _said(rows: Sequence[Row], column: str) -> Iterator[Any]:
    return (row.values[column] for row in rows if column in row.values)


def _agreed(rows: Sequence[Row], column: str) -> Any:
    """What any of the rows says. Raises InvalidDocument when another says something else."""
    first: Row | None = None
    for row in rows:
        if column not in row.values:
            continue
        if first is None:
            first = row
        elif row.values[column] != first.values[column]:
            message = f"Line {first.line} says something else of the same."
            raise InvalidDocument(faults=[Fault("invalid", f"line {row.line}: {column}", message)])
    return None if first is None else first.values[column]


def _set(body: Body, path: str, value: Any) -> None:
    """Put a value where `shipments[0].carrier` leads; only the first item of a list is ever meant."""
    *parents, last = path.split(".")
    for part in parents:
        name = part.removesuffix("[0]")
        body = body.setdefault(name, {}) if name == part else body.setdefault(name, [{}])[0]
    body[last] = value
