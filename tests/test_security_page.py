"""docs/security.md names files and tests: each of them is there, and every threat names one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PAGE = (PROJECT / "docs" / "security.md").read_text()
_NAMED = re.compile(r"`([\w./]+\.(?:py|md|html))((?:::\w+)*)`")
ROWS = re.findall(r"^\| (?!promise|threat|---)(.+) \| (.+) \| (.+) \|$", PAGE.partition("\n## 3. ")[0], re.MULTILINE)
"""Promise or threat, what holds it, what proves it."""
NAMED = sorted(set(_NAMED.findall(PAGE)))


@cache
def functions_in(path: str) -> set[str]:
    """The tests of a file as pytest names them: `::test_…`, and `::TestClass::test_…`."""
    found = set()
    for node in ast.parse((PROJECT / path).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            found.add(f"::{node.name}")
        elif isinstance(node, ast.ClassDef):
            found |= {f"::{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return found


def is_there(path: str, test: str) -> bool:
    return (PROJECT / path).is_file() and (not test or test in functions_in(path))


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_what_is_named_is_there(path: str, test: str) -> None:
    assert is_there(path, test)


def test_a_test_that_went_would_be_missed() -> None:
    assert not is_there("tests/test_security_page.py", "::test_that_never_was")
    assert not is_there("tests/test_that_never_was.py", "")


def test_every_row_names_a_test_or_says_that_there_is_none() -> None:
    assert len(ROWS) > 40
    assert [row for row in ROWS if "::" not in row[2] and row[2] != "section 6"] == []
