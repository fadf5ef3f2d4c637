"""No pattern of ours takes exponential time: none repeats without end what itself repeats without end."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as constants  # no public door tells how a pattern is built
from re import _parser as parser  # no public door tells how a pattern is built
from typing import Any

import pytest

ROOMS = ("core", "customers", "catalog", "pricing", "purchasing", "cortex", "sparkproject")
NOT_LOADED = ("tests", "migrations", "run", "lint", "install", "wsgi", "asgi", "__main__")
REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every compiled pattern that a module of a room holds under a name."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not set(NOT_LOADED).intersection(found.name.split(".")):
                for name, value in vars(importlib.import_module(found.name)).items():
                    if isinstance(value, re.Pattern):
                        yield f"{found.name}.{name}", value


def repeats_a_repeat(pattern: str | bytes, flags: int = 0) -> bool:
    """Whether an endless repeat stands within another one, possessive and atomic ones aside."""
    return _walk(parser.parse(pattern, flags), inside=False)


def _walk(node: Any, *, inside: bool) -> bool:
    if isinstance(node, parser.SubPattern):
        return any(_walk(item, inside=inside) for item in node)
    if isinstance(node, tuple) and node and node[0] in REPEATS:
        _least, most, body = node[1]
        endless = most is constants.MAXREPEAT
        return (endless and inside) or _walk(body, inside=inside or endless)
    if isinstance(node, (tuple, list)):
        return any(_walk(item, inside=inside) for item in node)
    return False


@pytest.mark.parametrize("pattern", ["(a+)+", "(?:a*b?)*", "((a|b*)c?)+", "(?:(?:a{2,})?b?)*"])
def test_a_dangerous_pattern_is_known(pattern: str) -> None:
    assert repeats_a_repeat(pattern)


@pytest.mark.parametrize("pattern", ["a+b+", "(?:a{1,3})+", "(a+)?", "(?:ab){0,9}"])
def test_a_harmless_pattern_is_known(pattern: str) -> None:
    assert not repeats_a_repeat(pattern)


def test_no_pattern_of_ours_repeats_a_repeat() -> None:
    found = dict(patterns())
    assert len(found) > 10
    assert [
        name for name, pattern in found.items() if repeats_a_repeat(pattern.pattern, pattern.flags & ~re.DEBUG)
    ] == []
