"""Whoever looks for the tests of an address finds one file for it and its verb, by the first words of the file.

`GET /api/v1/products/{id}.` is what a file of `*/tests/api/` says it is about; several files may be about one. A file
is about one verb; it names more addresses only where they are one endpoint under several names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.devdb import PROJECT
from tests.test_every_address import SERVED

_ABOUT = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (?=/api/)")
_ADDRESS = re.compile(r"/(api/[\w./{}-]*[\w}])")

Call = tuple[str, str]
CALLS: set[Call] = {(route, verb) for route, verbs in SERVED.items() if route.startswith("api/") for verb in verbs}


def said_by(path: Path) -> str:
    """The first paragraph of the file."""
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n\n")[0]


def anonymous(address: str) -> str:
    """An address of a route or of a file, its parameters without their names."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", address)


def calls_of(path: Path) -> Iterator[Call]:
    """The verb and the addresses that a file is about; nothing when it is about something else."""
    said = said_by(path)
    verbs = _ABOUT.findall(said)
    assert len(set(verbs)) <= 1, f"{path}: is about several verbs"
    if _ABOUT.match(said):
        for address in _ADDRESS.findall(said):
            yield anonymous(address), verbs[0]


FILES = {path: set(calls_of(path)) for path in PROJECT.glob("*/tests/api/test_*.py")}


@pytest.mark.parametrize(("route", "verb"), sorted(CALLS))
def test_every_verb_of_every_address_has_a_file(route: str, verb: str) -> None:
    about = [path for path, calls in FILES.items() if (anonymous(route), verb) in calls]
    assert about, f"no file begins with: {verb} /{route}"
    asked = re.compile(rf'\.{verb.lower()}\(|"{verb}"')
    assert [path for path in about if asked.search(path.read_text())]


def test_no_file_is_about_what_is_not_served() -> None:
    served = {(anonymous(route), verb) for route, verb in CALLS}
    assert {call for calls in FILES.values() for call in calls} == served
