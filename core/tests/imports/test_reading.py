"""Files as rows: CSV, XLSX and JSON lines, well-formed and not."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from core.imports.cells import flag, listed, whole_number
from core.imports.reading import Format, RowFile, format_of
from core.imports.rows import Column, Row, UnreadableFile

COLUMNS = (
    Column("sku", "", required=True, aliases=("article",)),
    Column("level", "", read=whole_number),
    Column("place", "", for_file=True),
    Column("option:", "", is_family=True),
)
KNOWN = "column of these files; those are sku, level, place, option:…"


def rows(content: bytes, format: Format = Format.CSV, **given: str) -> list[Row]:
    return list(RowFile(io.BytesIO(content), format, COLUMNS, given).rows())


def told(found: list[Row]) -> list[tuple[int, dict[str, Any], list[str]]]:
    return [
        (row.line, dict(row.values), [f"{fault.property}: {fault.message}" for fault in row.faults]) for row in found
    ]


def workbook(*lines: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"sku,level\nA,1\n",
        b"\xef\xbb\xbfSKU , Level\r\nA,1\r\n",
        b"sku;level\nA;1",
        b"article,level\n\n , \nA,1\n",
        b"level,sku\n1.0,A\n",
        b'"sku","level"\n"A","1"\n',
        b"sku,level,\nA,1,\n",
    ],
)
def test_csv_of_every_habit_is_read(content: bytes) -> None:
    (row,) = rows(content)

    assert dict(row.values) == {"sku": "A", "level": 1}
    assert (row.faults, row.is_document) == ([], False)


def test_a_row_is_known_by_the_line_where_it_begins() -> None:
    found = rows(b'sku,level\n"A\nB",1\n\n"C, ""D""; E",2\n')

    assert told(found) == [(2, {"sku": "A\nB", "level": 1}, []), (5, {"sku": 'C, "D"; E', "level": 2}, [])]


def test_texts_are_exact_and_empty_cells_say_nothing() -> None:
    assert told(rows(b"sku,level,place\n A ,,  \n")) == [(2, {"sku": " A "}, [])]


def test_a_line_at_fault_is_a_row_with_faults() -> None:
    found = rows("sku,level,,option:Größe\nA,many\nB,1,x\nC,1,,S,y\nD\0,1\n".encode())

    assert told(found) == [
        (2, {"sku": "A"}, ["level: must be a whole number."]),
        (3, {"sku": "B", "level": 1}, [": A cell stands under no heading."]),
        (4, {"sku": "C", "level": 1, "option:Größe": "S"}, [": The line has 5 cells; there are 4 headings."]),
        (5, {"level": 1}, ["sku: The cell contains a NUL character."]),
    ]


def test_a_column_that_is_said_for_the_file_yields_to_a_cell() -> None:
    assert [row.values["place"] for row in rows(b"sku,place\nA,x\nB,\n", place="y")] == ["x", "y"]
    (document,) = rows(b'{"sku": "A"}', Format.JSONL, place="y")
    assert document.values == {"sku": "A", "place": "y"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: The file is empty: its first line names the columns."),
        (b"\n \n", "line 1: The file is empty: its first line names the columns."),
        (b"\xef\xbb\xbf", "line 1: The file is empty: its first line names the columns."),
        (b"level\n1\n", "line 1: the column sku is missing."),
        (b"sku,article\nA,B\n", "line 1: the column sku is there more than once."),
        (
            b"\nsku,price,option:\n",
            f"line 2: “price” is no {KNOWN}; “option:” is no {KNOWN}.",
        ),
        ("sku\nA\nGröße\n".encode("latin-1"), "line 3: The file is not UTF-8. Save it as “CSV UTF-8”."),
        ("sku\nA\n".encode("utf-16"), "line 1: The file is not UTF-8. Save it as “CSV UTF-8”."),
        (b'sku\nA\n"B\nC', "line 3: This cannot be read as CSV: unexpected end of data."),
        (b'sku\n"A"B\n', "line 2: This cannot be read as CSV: ',' expected after '\"'."),
        (b"sku\n" + b"A" * 200_000, "line 2: This cannot be read as CSV: field larger than field limit (131072)."),
        (b"sku\n" + b"A" * 9_000_000, "line 2: The line is longer than 8 MiB."),
    ],
    ids=lambda value: value[:60].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_what_cannot_be_read_refuses_the_file(content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        rows(content)

    assert str(refusal.value) == message


def test_a_spreadsheet_s_own_types_become_text() -> None:
    content = workbook(
        ["sku", "level", "place", "option:a"],
        [10045, 7.0, date(2026, 1, 31), None],
        [],
        ["007", "12", datetime.fromisoformat("2026-01-31T09:30"), True],
        [0.1 + 0.2, 1e15, "=1+1", 19.99],
    )

    assert told(rows(content, Format.XLSX)) == [
        (2, {"sku": "10045", "level": 7, "place": "2026-01-31"}, []),
        (4, {"sku": "007", "level": 12, "place": "2026-01-31T09:30:00", "option:a": "true"}, []),
        (5, {"sku": "0.3", "level": 10**15, "option:a": "19.99"}, []),  # a formula without a value says nothing
    ]


@pytest.mark.parametrize("content", [b"", b"sku\nA\n", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="This cannot be read as an XLSX workbook"):
        rows(content, Format.XLSX)


@pytest.mark.parametrize("gone", [50, 500, 2_000])
def test_a_damaged_workbook_is_refused(gone: int) -> None:
    with pytest.raises(UnreadableFile, match="This cannot be read as an XLSX workbook"):
        rows(workbook(["sku"], ["A"])[:-gone], Format.XLSX)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "b")

    with pytest.raises(UnreadableFile, match="This cannot be read as an XLSX workbook"):
        rows(file.getvalue(), Format.XLSX)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.imports.tables.MOST_UNPACKED", 100)

    with pytest.raises(UnreadableFile, match="The workbook unpacks to more than"):
        rows(workbook(["sku"], ["A"]), Format.XLSX)


def test_json_lines_are_documents() -> None:
    found = rows(b'\xef\xbb\xbf{"sku": 1, "level": null}\r\n\n{"sku": 1.10}', Format.JSONL)

    assert told(found) == [(1, {"sku": 1, "level": None}, []), (3, {"sku": 1.1}, [])]
    assert all(row.is_document for row in found)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"sku,level", "This is not valid JSON."),
        (b'{"sku": "\xff"}', "This is not valid JSON."),
        (b'{"sku": "\\ud800"}', "This is not valid JSON."),
        (b"[]", "The line has to be an object."),
        (b'{"sku": "\\u0000"}', "The line contains a NUL character."),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "The line is nested deeper than 64 levels."),
    ],
)
def test_a_json_line_at_fault_leaves_the_next_alone(line: bytes, message: str) -> None:
    found = rows(line + b'\n{"sku": "B"}', Format.JSONL)

    assert told(found) == [(1, {}, [f": {message}"]), (2, {"sku": "B"}, [])]


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.csv", Format.CSV), ("A.TXT", Format.CSV), ("a.b.xlsx", Format.XLSX), ("a.jsonl", Format.JSONL)],
)
def test_the_ending_says_the_format(name: str, format: Format) -> None:
    assert format_of(name) is format


@pytest.mark.parametrize("name", ["", "csv", "a.xls", "a.json", "a.csv.zip"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match="The name of the file has to end in one of"):
        format_of(name)


def test_cells_that_are_no_text() -> None:
    assert [whole_number(cell) for cell in ("7", " -3 ", "12.", "12.00")] == [7, -3, 12, 12]
    assert [flag(cell) for cell in ("TRUE", "yes", "0", " no ")] == [True, True, False, False]
    assert listed("a| b||c d ") == ["a", "b", "c d"]
    for read, cell in ((whole_number, "1.5"), (whole_number, "1e3"), (whole_number, "١"), (flag, "maybe")):
        with pytest.raises(ValueError, match="must be"):
            read(cell)
