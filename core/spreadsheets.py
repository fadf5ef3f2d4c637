"""CSV as spreadsheets open it: UTF-8, one line a row, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula may begin with, in whatever program opens the file; the last four are the wide forms."""
ROWS_AT_ONCE = 500
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
