"""The one list of resources: it is what is routed, rendered and documented, and says where links may lead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from core.models import Site
from cortex.ids import encode
from cortex.registry import FAMILIES
from cortex.table import TABLE, Resource
from cortex.tests.walker import MOUNT, Walker, walker_of
from cortex.views import route_of
from tests.cast import make_buyer, make_order


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


NAMES = {part: encode("1") for row in TABLE.values() for part in re.findall(r"\{(\w+)\}", row.template)}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.mark.parametrize("row", TABLE.values(), ids=list(TABLE))
def test_no_address_answers_without_a_token_or_to_another_site(site: Site, other_site: Site, row: Resource) -> None:
    here, there = (MOUNT + row.template.format_map(NAMES | {"scope": one.slug}) for one in (site, other_site))
    nobody, buyer = Walker(), walker_of(make_buyer(site))
    for method in METHODS:
        assert nobody.ask(method, here).status_code == 401
        unknown = buyer.ask(method, there.replace(other_site.slug, "nowhere"))
        answer = buyer.ask(method, there)
        assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
        if "{scope}" in row.template and (method in ("GET", "HEAD") or (method == "POST" and row.takes_post)):
            assert answer.status_code == 404
        elif method not in ("GET", "HEAD", "OPTIONS") and not row.takes_post:
            assert answer.status_code == 405


def test_links_are_of_the_table(site: Site) -> None:
    """What a walk finds leads only where the table says (`cortex/tests/test_crawl.py` walks further)."""
    buyer = make_buyer(site)
    make_order(site, buyer)
    make_order(site, buyer, type="quote")
    for document in walker_of(buyer).walk().values():
        known = {rel for row in TABLE.values() if row.type == document["self"]["type"] for rel in row.rels}
        assert {link["rel"] for link in document["links"]} <= known
