"""CSV and XLSX files as numbered lines of cells, all of them text. Blank lines are left out."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from core.imports.rows import UnreadableFile

Lines = Iterator[tuple[int, list[str]]]

LONGEST_LINE = 8 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
"""Bytes that a workbook may unpack to: a small file may hold a very large one."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_DAMAGED = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,  # of its XML
    EOFError,
    NotImplementedError,
    RuntimeError,  # a password
)


def raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a text file with their numbers, without a byte order mark. Raises UnreadableFile."""
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(raw) > LONGEST_LINE:
            raise UnreadableFile(number, f"The line is longer than {LONGEST_LINE // 1024 // 1024} MiB.")
        yield number, raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw


def csv_lines(file: BinaryIO) -> Lines:
    """Cells between commas, or semicolons when the first line has more of these. Raises UnreadableFile.

    A row is known by the line at which it begins.
    """
    lines = _texts(file)
    first = next(lines, None)
    if first is None:
        return
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(_with_first(first, lines), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(line, f"This cannot be read as CSV: {error}.") from None


def xlsx_lines(file: BinaryIO) -> Lines:
    """The cells of the first sheet, as text; a formula counts as its last value. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile(1, f"The workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MiB.")
        file.seek(0)
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is not always so
            for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells = [text_of(value) for value in row]
                if any(cell.strip() for cell in cells):
                    yield line, cells
        finally:
            workbook.close()
    except UnreadableFile:
        raise
    except _DAMAGED:
        raise UnreadableFile(1, "This cannot be read as an XLSX workbook.") from None


def text_of(value: Any) -> str:
    """A cell of a spreadsheet as text: numbers with the 15 digits that a spreadsheet keeps, dates in ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{Decimal(f'{value:.15g}'):f}"
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
    return str(value)


def _texts(file: BinaryIO) -> Iterator[str]:
    for number, raw in raw_lines(file):
        try:
            if number == 1 and raw.startswith(_UTF_16):
                raise UnicodeError
            yield raw.decode()
        except UnicodeError:
            raise UnreadableFile(number, "The file is not UTF-8. Save it as “CSV UTF-8”.") from None


def _with_first(first: str, others: Iterable[str]) -> Iterator[str]:
    yield first
    yield from others


def is_blank(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells)
