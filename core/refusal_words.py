"""Finds in the code the sentences that `core.sentences` translates: refusals, warnings, what is wrong with a value."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

SAID_IN: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("Fault", "RowFault", "warn"), (2,)),
    **dict.fromkeys(("UnreadableFile", "refuse", "PydanticCustomError"), (1,)),
    **dict.fromkeys(("Conflict", "InvalidDocument", "NotFound", "NotPermitted", "VersionMismatch", "ValueError"), (0,)),
    **dict.fromkeys(("PackageStateConflict", "NegativeTotal", "InvalidMove"), (0,)),
}
"""Which argument of a call is a sentence."""
NAMES = frozenset({"message", "text", "detail"})
"""Variables that hold a sentence before it is said; only where a module says one."""
ELSEWHERE = frozenset({"api", "pages", "tests", "management", "migrations", "admin"})
"""Rooms whose refusals nobody of the staff reads, or that speak the reader's language themselves."""
SPEAKS_ENGLISH = frozenset(
    {"core/api/documents.py", "core/api/problems.py", "core/admin/sites.py", "purchasing/admin/transaction_form.py"}
)
"""Files of those rooms whose sentences come to staff all the same."""
ALSO = frozenset(
    {
        "applied",
        "not applied",
        "This member is required.",
        "Input should be an object.",
        "Input should be a valid integer",
        "Input should be a valid string",
        "Input should be a valid boolean",
        "Input should be a valid list",
        "Input should be greater than {0}",
        "Input should be greater than or equal to {0}",
        "Input should be less than {0}",
        "Input should be less than or equal to {0}",
        "Input should be {0}",
        "Input should be {0} or {1}",
        "Input should be a valid integer, got a number with a fractional part",
        "String should match pattern '^[A-Za-z]{2,3}$'",
        "String should match pattern '^[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$'",
        r"String should match pattern '\S'",
        "String should have at least {0} characters",
        "String should have at least {0} character",
        "String should have at most {0} characters",
        "List should have at most {0} items after validation, not {1}",
        "Extra inputs are not permitted",
    }
)
"""Parts of sentences, and what pydantic says of the members of a document."""


def sentences_of(project: Path, folders: Iterable[str]) -> set[str]:
    """Each with `{0}`, `{1}` for what is put in."""
    found: set[str] = set(ALSO)
    for folder in folders:
        for path in sorted((project / folder).rglob("*.py")):
            if not ELSEWHERE & set(path.parts) or str(path.relative_to(project)) in SPEAKS_ENGLISH:
                found |= set(_sentences(ast.parse(path.read_text())))
    return found


def _sentences(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            for place in SAID_IN.get(name, ()):
                yield from _texts(node.args[place : place + 1])
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in NAMES:
            yield from _texts([node.value])


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _texts([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            numbers = count()
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{next(numbers)}}}" for part in node.values
            )
            if " " in text and any(letter.isalpha() for letter in text.replace("{", "")):
                yield text
