"""The table of planted defects in docs/security.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planted.defect import Defect

BEGIN, END = "<!-- planted: begin -->\n", "<!-- planted: end -->"


def table(defects: Sequence[Defect]) -> str:
    lines = ["| threat | planted | in | caught by |", "| --- | --- | --- | --- |"]
    for defect in defects:
        files = ", ".join(f"`{edit.path}`" for edit in defect.edits)
        tests = ", ".join(f"`{test}`" for test in defect.tests)
        lines.append(f"| {defect.threat} | {defect.says} | {files} | {tests} |")
    return "\n".join(lines) + "\n"


def with_table(page: str, defects: Sequence[Defect]) -> str:
    """The page with the table between its two marks."""
    head, _, rest = page.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    if not mark:
        raise ValueError("the page has no marks for the table of planted defects")
    return f"{head}{BEGIN}{table(defects)}{mark}{tail}"


def write_table(page: Path, defects: Sequence[Defect]) -> None:
    page.write_text(with_table(page.read_text(), defects))
