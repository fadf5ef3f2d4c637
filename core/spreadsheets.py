"""CSV and XLSX as spreadsheets open them: no cell is one that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.errors import Fault, InvalidDocument

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula may begin with, in whatever program opens the file; the last four are the wide forms."""
ROWS_AT_ONCE = 500
MOST_XLSX_ROWS = 1_048_575
"""What a sheet holds, below its titles."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def harmless(text: str) -> str:
    """The text, behind an apostrophe when it could be taken for a formula. Plain numbers are left alone."""
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS) else text


def csv_of(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The rows as CSV, some hundred at a time, so that a long table is never in memory whole. None is an empty cell."""
    pending = iter(rows)
    while batch := list(islice(pending, ROWS_AT_ONCE)):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerows([["" if cell is None else harmless(str(cell)) for cell in row] for row in batch])
        yield text.getvalue().encode()


def xlsx_of(rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """The rows as a workbook of one sheet, written to a file on the disk while they are read; the caller closes it.

    Raises InvalidDocument `too-many-rows` when there are more than a sheet holds below its titles.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number, cells in enumerate(rows):
        if number > MOST_XLSX_ROWS:
            message = f"A sheet holds {MOST_XLSX_ROWS} rows: narrow the list, or take it as CSV."
            raise InvalidDocument(faults=[Fault("too-many-rows", None, message)])
        sheet.append([_sheet_cell(cell) for cell in cells])
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _sheet_cell(cell: object) -> object:
    """A sheet takes no control characters, and must not run what begins like a formula."""
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", cell)) if isinstance(cell, str) else cell
