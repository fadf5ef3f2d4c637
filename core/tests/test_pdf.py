"""Papers: every text of the world's alphabets, tables over pages, and no more of the font than is used."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from core.pdf import MOST_LINES, Column, Paper, printable

NOW = datetime(2026, 3, 1, tzinfo=UTC)
COLUMNS = [Column("Number", 40), Column("Text", 100), Column("Sum", 40, "R")]


def paper() -> Paper:
    return Paper(title="Statement", head="Jones Climbing", language="de", page_of="Page {page} of {pages}", now=NOW)


def read(printed: Paper) -> PdfReader:
    return PdfReader(io.BytesIO(printed.content()))


@pytest.mark.parametrize("text", ["Łódź & Söhne", "Ελληνικά", "Кооператив", "Հայերեն", "ქართული", "10,00\u202f€ – £ ¥"])
def test_what_is_written_can_be_read(text: str) -> None:
    printed = paper()
    printed.facts([("Name", text)])
    printed.rows(COLUMNS, [["1", text, "1.00"]])
    found = read(printed).pages[0].extract_text()
    assert found.count(printable(text)) == 2


def test_what_runs_from_right_to_left_and_what_the_font_has_not() -> None:
    printed = paper()
    printed.rows(COLUMNS, [["1", "שלום", "1.00"], ["2", "靴", "2.00"]])
    assert "2.00" in read(printed).pages[0].extract_text()


def test_titles_stand_on_every_page_and_no_row_is_lost() -> None:
    printed = paper()
    printed.rows(COLUMNS, [[f"no{number}.", "word " * (number % 40), "1.00"] for number in range(200)], bold=(0, -1))

    pages = [page.extract_text() for page in read(printed).pages]

    assert len(pages) > 4
    for number, text in enumerate(pages, start=1):
        assert "Jones Climbing" in text
        assert f"Page {number} of {len(pages)}" in text
        assert "Number" in text
    whole = "\n".join(pages)
    assert [number for number in range(200) if whole.count(f"no{number}.") != 1] == []


def test_a_long_text_ends_with_an_ellipsis() -> None:
    printed = paper()
    printed.rows(COLUMNS, [["1", "word " * 2_000, "x" * 10_000], ["2", "short", "1.00"]])
    text = read(printed).pages[0].extract_text()
    assert text.count("…") == 2
    assert text.count("word word") >= MOST_LINES
    assert "short" in text


@pytest.mark.parametrize(("height", "pages"), [(100, 1), (250, 2)])
def test_what_belongs_together_stays_together(height: float, pages: int) -> None:
    printed = paper()
    printed.note("first")
    printed.keep(height)
    printed.note("together")
    texts = [page.extract_text() for page in read(printed).pages]
    assert len(texts) == pages
    assert "together" in texts[-1]


def test_only_what_is_used_of_the_font_is_in_it() -> None:
    document = read(paper())
    assert len(paper().content()) < 60_000
    assert (document.metadata and document.metadata.title) == "Statement"
    assert str(document.root_object["/Lang"]) == "de"


@pytest.mark.parametrize(
    ("text", "printed"),
    [("a\nb", "a b"), ("a\tb", "a b"), ("a\u200bb", "a b"), ("a\u202eb", "a b"), ("  a   b ", "a b"), ("\x00", "")],
)
def test_nothing_moves_the_pen(text: str, printed: str) -> None:
    assert printable(text) == printed
