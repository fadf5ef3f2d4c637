"""Judges of what has become of strangers' texts: what a browser would run of a page, a spreadsheet of a table."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

from openpyxl import load_workbook
from pypdf import PdfReader

from core.downloads import CSV, PDF, XLSX, ZIP
from core.spreadsheets import DANGEROUS
from tests.hostile import PRODUCT

LINKS = {"href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcset", "hx-get", "hx-post"}
SCHEMES = ("http:", "https:", "mailto:")
CODE = ("on", "x-", "@", ":", "hx-on", "style")
"""What attributes begin with whose values run."""
SIGNS = ("alert(1", "img src=x", "calc'!A1", "{{ 7", "SUM(A1)")
"""Of what is told apart from the project's own words."""


def is_hit(text: str) -> bool:
    return any(sign in text for sign in SIGNS)


class _Page(HTMLParser):
    """`faults`: what would run; `texts`: what is read; `links`: where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.texts: list[str] = []
        self.links: list[str] = []
        self.script: str | None = None
        self.main: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "main":
            self.main = []
        if tag == "script":
            self.script = given.get("type", "")
        if (tag, given.get("src")) == ("img", "x"):
            self.faults.append(f"a picture: {attributes}")
        for name, value in given.items():
            if is_hit(name) or (name.startswith(CODE) and is_hit(value)) or name == "onerror":
                self.faults.append(f"{tag} {name}={value}")
            if name in LINKS:
                self._link(tag, name, value)
            else:
                self.texts.append(value)
                if self.main is not None:
                    self.main.append(value)

    def _link(self, tag: str, name: str, value: str) -> None:
        self.links.append(value)
        scheme, colon, _ = value.strip().partition(":")
        is_relative = not colon or any(mark in scheme for mark in "/?#")
        if not is_relative and f"{scheme.lower()}:" not in SCHEMES:
            self.faults.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.script = None

    def handle_data(self, data: str) -> None:
        if self.script is None:
            self.texts.append(data)
            if self.main is not None:
                self.main.append(data)
        elif self.script != "application/json" and is_hit(data):
            self.faults.append(f"script: {data.strip()[:200]}")


class Page:
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        page = _Page()
        page.feed(html)
        page.close()
        self.faults = page.faults
        self.text = " ".join(page.texts)
        self.main = self.text if page.main is None else " ".join(page.main)
        self.links = page.links
        if PRODUCT in self.text:
            self.faults.append("a template was run")
        if shown := re.search(r"</?(a|ul|li|br|b|div|span|strong|p|time)\b[^>]*>", self.text):
            self.faults.append(f"markup of our own is read: {shown[0]}")


def tables_of(answer: Any, content: bytes) -> list[list[Any]]:
    """Cells of a CSV or XLSX, row by row."""
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(content.decode(), newline="")))
    book = load_workbook(io.BytesIO(content))
    return [list(row) for sheet in book.worksheets for row in sheet.iter_rows()]


def faults_of_table(rows: list[list[Any]]) -> list[str]:
    """Cells that a spreadsheet might run."""
    faults = []
    for row in rows:
        for cell in row:
            value, kind = (cell, "s") if isinstance(cell, str) else (cell.value, cell.data_type)
            if kind == "f" or (isinstance(value, str) and value.startswith(DANGEROUS) and not is_number(value)):
                faults.append(repr(value))
    return faults


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.startswith("-")


def words_of_table(rows: list[list[Any]]) -> str:
    return " ".join(str(cell if isinstance(cell, str) else cell.value) for row in rows for cell in row)


def words_of_pdf(content: bytes) -> str:
    """Without blanks, which a paper puts where it likes."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def judged(answer: Any) -> tuple[list[str], str]:
    """Of an answer of whatever kind: what would run, and what it says."""
    content = answer.getvalue()
    kind = answer["Content-Type"].split(";")[0]
    match kind:
        case "text/html":
            page = Page(content.decode())
            return page.faults, page.main
        case _ if kind in (CSV, XLSX):
            rows = tables_of(answer, content)
            return faults_of_table(rows), words_of_table(rows)
        case _ if kind == PDF:
            return [], words_of_pdf(content)
        case _ if kind == ZIP:
            return _judged_archive(content)
    raise AssertionError(f"nobody judges {kind}")


def _judged_archive(content: bytes) -> tuple[list[str], str]:
    faults, said = [], ""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            said += text
            if name.endswith(".csv"):
                faults += faults_of_table(list(csv.reader(io.StringIO(text, newline=""))))
    return faults, said
