"""A file as rows: which format it is in, whether its headings are known, what each line says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

from core.api.bodies import decode_json
from core.errors import InvalidDocument
from core.imports.rows import Column, Row, RowFault, UnreadableFile
from core.imports.tables import Lines, csv_lines, is_blank, raw_lines, xlsx_lines


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


_ENDINGS = {
    ".csv": Format.CSV,
    ".txt": Format.CSV,
    ".xlsx": Format.XLSX,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
}
ENDINGS = ", ".join(_ENDINGS)


def format_of(name: str) -> Format:
    """By the ending of the file's name. Raises UnreadableFile."""
    lower = name.lower()
    for ending, found in _ENDINGS.items():
        if lower.endswith(ending):
            return found
    raise UnreadableFile(None, f"The name of the file has to end in one of {ENDINGS}.")


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file that is open, at any place, and how it is read.

    `given`: by name of a column, what every row says that says nothing else.
    """

    file: BinaryIO
    format: Format
    columns: Sequence[Column]
    given: Mapping[str, str]

    def rows(self) -> Iterator[Row]:
        """From the beginning. Raises UnreadableFile for what concerns the file as a whole, its headings first.

        A line at fault is a row with faults.
        """
        self.file.seek(0)
        if self.format is Format.JSONL:
            return _documents(self.file, self.given)
        lines = csv_lines(self.file) if self.format is Format.CSV else xlsx_lines(self.file)
        return _table(lines, self.columns, self.given)

    def count(self) -> int:
        """How many rows; reads the file whole, so that what makes it unreadable is raised before anything else."""
        return sum(1 for _ in self.rows())


def _documents(file: BinaryIO, given: Mapping[str, str]) -> Iterator[Row]:
    for line, raw in raw_lines(file):
        if not raw.strip():
            continue
        try:
            document = decode_json(raw)
        except InvalidDocument as refusal:
            fault = refusal.faults[0]
            message = "This is not valid JSON." if fault.code == "invalid-json" else fault.message
            message = message.replace("The body", "The line")
            yield Row(line, {}, is_document=True, faults=[RowFault(line, "", message)])
        else:
            yield Row(line, {**given, **document}, is_document=True)


def _table(lines: Lines, columns: Sequence[Column], given: Mapping[str, str]) -> Iterator[Row]:
    headings = next(lines, None)
    if headings is None:
        raise UnreadableFile(1, "The file is empty: its first line names the columns.")
    named = _named_columns(*headings, columns=columns, given=given)
    always = _given_cells(columns, given)
    for line, cells in lines:
        yield _row(line, cells, named, always)


def _named_columns(
    line: int, headings: Sequence[str], *, columns: Sequence[Column], given: Mapping[str, str]
) -> list[tuple[str, Column] | None]:
    """Each heading's name and column; None for one without text. Raises UnreadableFile with every fault."""
    known = {name: column for column in columns if not column.is_family for name in (column.name, *column.aliases)}
    families = [column for column in columns if column.is_family]
    named: list[tuple[str, Column] | None] = []
    wrong: list[str] = []
    for heading in (heading.strip() for heading in headings):
        column = known.get(heading.lower()) or next((c for c in families if _belongs(heading, c)), None)
        name = _name_of(heading, column) if column else heading
        if not heading:
            named.append(None)
        elif column is None:
            wrong.append(f"“{heading[:100]}” is no column of these files; those are {_listed(columns)}")
        elif any(other is not None and other[0] == name for other in named):
            wrong.append(f"the column {name} is there more than once")
        else:
            named.append((name, column))
    there = {item[0] for item in named if item} | given.keys()
    missing = [column.name for column in columns if column.required and column.name not in there]
    wrong += [f"the column {name} is missing" for name in missing]
    if wrong:
        raise UnreadableFile(line, "; ".join(wrong) + ".")
    return named


def _belongs(heading: str, family: Column) -> bool:
    return heading.lower().startswith(family.name) and len(heading) > len(family.name)


def _name_of(heading: str, column: Column) -> str:
    return column.name + heading[len(column.name) :].strip() if column.is_family else column.name


def _listed(columns: Sequence[Column]) -> str:
    return ", ".join(f"{column.name}…" if column.is_family else column.name for column in columns)


def _given_cells(columns: Sequence[Column], given: Mapping[str, str]) -> dict[str, Any]:
    return {column.name: column.read(given[column.name]) for column in columns if column.name in given}


def _row(line: int, cells: Sequence[str], named: Sequence[tuple[str, Column] | None], always: Mapping[str, Any]) -> Row:
    values = dict(always)
    faults: list[RowFault] = []
    if not is_blank(cells[len(named) :]):
        faults.append(RowFault(line, "", f"The line has {len(cells)} cells; there are {len(named)} headings."))
    for item, cell in zip(named, cells, strict=False):
        if not cell.strip():
            continue
        if item is None:
            faults.append(RowFault(line, "", "A cell stands under no heading."))
        elif "\0" in cell:
            faults.append(RowFault(line, item[0], "The cell contains a NUL character."))
        else:
            try:
                values[item[0]] = item[1].read(cell)
            except ValueError as error:
                faults.append(RowFault(line, item[0], f"{error}."))
    return Row(line, values, faults=faults)
