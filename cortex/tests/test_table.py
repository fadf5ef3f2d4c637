"""The one list of resources: it is what is routed, rendered and documented, and says where links may lead."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver

from cortex.registry import FAMILIES
from cortex.table import TABLE
from cortex.views import route_of


def test_what_is_listed_is_routed_and_rendered() -> None:
    routes = [
        str(pattern.pattern) for top in get_resolver().url_patterns for pattern in getattr(top, "url_patterns", [top])
    ]
    cortex = [route for route in routes if route.startswith("cortex")]
    others = {"cortex/oauth2/tokens", "cortex/signin", "cortex/signout"}
    assert set(cortex) == {route_of(row.template) for row in TABLE.values()} | others
    assert len({row.template for row in TABLE.values()}) == len(TABLE)
    assert FAMILIES.keys() == TABLE.keys()


def test_the_documentation_lists_every_type_and_address(project: Path) -> None:
    page = (project / "docs" / "cortex.md").read_text()
    rows = re.findall(r"^\| `([a-z.-]+)` \| `(/[^`]*)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted((row.type, row.template) for row in TABLE.values())
