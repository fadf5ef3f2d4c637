"""Printed papers: A4 pages with a header, tables that go on over pages, and a font that most of the world can read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast
from unicodedata import bidirectional

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

FONTS = Path(__file__).parent / "fonts"
FONT = "DejaVu"
MARGIN = 15
WIDTH = 180
"""Of what is printed, in millimetres."""
LINE = 4.4
SIZE = 8
MOST_LINES = 3
"""Of one cell; what does not fit ends with an ellipsis."""
RIGHT_TO_LEFT = ("R", "AL", "AN")
"""Classes of characters whose lines have to be turned round."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `width` in millimetres."""

    title: str
    width: float
    align: Literal["L", "R"] = "L"


class Paper(FPDF):
    """A document to be printed. `head` stands on every page, with the number of the page below."""

    def __init__(self, *, title: str, head: str, language: str, page_of: str, now: datetime) -> None:
        """`page_of`: such as `Page {page} of {pages}`, in `language`."""
        super().__init__(format="A4")
        self.head, self.page_of = head, page_of
        for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font(FONT, style, FONTS / file)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + LINE)
        self.set_title(title)
        self.set_lang(language)
        self.set_creation_date(now)
        self.alias_nb_pages("{pages}")
        self.add_page()
        self.set_font(FONT, "B", 15)
        self.multi_cell(WIDTH, 7, printable(title), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def header(self) -> None:
        """On every page, by fpdf."""
        self.set_font(FONT, "", SIZE)
        [shown] = self._fitted(printable(self.head), WIDTH, 1)
        self.cell(WIDTH, LINE, shown, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def footer(self) -> None:
        """On every page, by fpdf."""
        self.set_y(-MARGIN)
        self.set_font(FONT, "", SIZE)
        self.cell(WIDTH, LINE, self.page_of.format(page=self.page_no(), pages="{pages}"), align="R")

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names and what they stand for, one below the other."""
        for name, text in rows:
            self.set_font(FONT, "B", SIZE + 1)
            self.cell(38, LINE + 0.8, printable(name))
            self.set_font(FONT, "", SIZE + 1)
            self.multi_cell(WIDTH - 38, LINE + 0.8, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(3)

    def note(self, text: str) -> None:
        """A sentence of its own."""
        self.set_font(FONT, "", SIZE)
        self.multi_cell(WIDTH, LINE, printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def rows(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], *, bold: Sequence[int] = ()) -> None:
        """A table, its titles again on every page; a row is never torn apart. `bold`: rows by number, −1 the last."""
        lines = list(rows)
        stressed = {number % len(lines) for number in bold} if lines else set()
        self._titles(columns)
        for number, row in enumerate(lines):
            cells = [
                self._fitted(printable(text), column.width - 2, MOST_LINES)
                for column, text in zip(columns, row, strict=True)
            ]
            height = LINE * max(map(len, cells))
            if self.will_page_break(height):
                self.add_page()
                self._titles(columns)
            self.set_font(FONT, "B" if number in stressed else "", SIZE)
            self._row(columns, cells, height)
        self.ln(3)

    def keep(self, height: float) -> None:
        """What follows is so high, in millimetres, and stands on one page."""
        if self.will_page_break(height):
            self.add_page()

    def content(self) -> bytes:
        """The file."""
        return bytes(self.output())

    def _titles(self, columns: Sequence[Column]) -> None:
        self.set_font(FONT, "B", SIZE)
        self._row(columns, [[printable(column.title)] for column in columns], LINE)
        self.set_font(FONT, "", SIZE)

    def _row(self, columns: Sequence[Column], cells: Sequence[Sequence[str]], height: float) -> None:
        top, left = self.get_y(), self.l_margin
        for column, lines in zip(columns, cells, strict=True):
            for number, text in enumerate(lines):
                if text:
                    self._place(text, left, top + number * LINE, column)
            left += column.width
        self.set_xy(self.l_margin, top + height)
        self.set_draw_color(200)
        self.line(self.l_margin, top + height, self.l_margin + WIDTH, top + height)

    def _place(self, text: str, left: float, top: float, column: Column) -> None:
        """One line of a cell. fpdf's own cells take ten times as long, and are for what runs from right to left."""
        if not text.isascii() and any(bidirectional(letter) in RIGHT_TO_LEFT for letter in text):
            self.set_xy(left, top)
            self.cell(column.width, LINE, text, align=column.align)
            return
        gap = column.width - self._width(text) - self.c_margin if column.align == "R" else self.c_margin
        self.text(left + gap, top + LINE / 2 + self.font_size * 0.3, text)

    def _width(self, text: str) -> float:
        """In millimetres, in the font that is set."""
        widths = self._widths()
        return sum(widths[ord(letter)] for letter in text) * self.font_size / 1000

    def _widths(self) -> Mapping[int, float]:
        """Of characters, in thousandths of the size of the font that is set."""
        return cast("TTFFont", self.current_font).cw

    def _fitted(self, text: str, width: float, most: int) -> list[str]:
        """The text in at most so many lines of this width; broken at spaces where there are any."""
        if len(text) <= width / self.font_size or self._width(text) <= width:
            return [text]
        lines: list[str] = []
        while text and len(lines) < most:
            fits = self._that_fit(text, width)
            if fits < len(text) and len(lines) == most - 1:
                shortened = text[: self._that_fit(text, width - self._width("…"))]
                return [*lines, f"{shortened.rstrip()}…"]
            space = text.rfind(" ", 1, fits + 1)
            cut = fits if fits == len(text) or space < 1 else space
            lines.append(text[:cut].rstrip())
            text = text[cut:].lstrip()
        return lines

    def _that_fit(self, text: str, width: float) -> int:
        """How many of its characters fit, at least one."""
        widths, left = self._widths(), width * 1000 / self.font_size
        for place, letter in enumerate(text):
            left -= widths[ord(letter)]
            if left < 0:
                return max(place, 1)
        return len(text)


def printable(text: str) -> str:
    """One line, without characters that move the pen or have no width."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
