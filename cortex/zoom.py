"""`zoom=`: what a link leads to is put into the answer, level by level, each table asked once a level for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import InvalidDocument
from cortex.envelope import Link, Node
from cortex.reading import Reading
from cortex.registry import nodes_of

MOST_LETTERS = 4_000
DEEPEST = 12
MOST = 60_000
"""Levels of one answer, and resources with their links: a zoom may go round in circles."""


@dataclass(slots=True)
class Zoom:
    """By rel: what is zoomed into, and into what from there."""

    deeper: dict[str, Zoom] = field(default_factory=dict)


def read_zoom(texts: Sequence[str]) -> Zoom:
    """`a,b:c` as a tree; a comma separates, a colon descends. Raises InvalidDocument when it goes too deep."""
    top = Zoom()
    for path in ",".join(texts)[: MOST_LETTERS + 1].split(","):
        rels = [rel.strip() for rel in path.split(":")]
        if len(rels) > DEEPEST or sum(map(len, texts)) > MOST_LETTERS:
            message = f"A zoom goes {DEEPEST} levels deep at most, in {MOST_LETTERS} characters."
            raise InvalidDocument(message, code="too-long", property="zoom")
        here = top
        for rel in rels:
            if not rel:
                break
            here = here.deeper.setdefault(rel, Zoom())
    return top


def zoom_into(reading: Reading, node: Node, zoom: Zoom) -> None:
    """Put into the resource what the zoom asks for. A rel that a resource has no link of is none."""
    _descend(reading, [node], zoom, left=MOST)


def _descend(reading: Reading, nodes: Sequence[Node], zoom: Zoom, *, left: int) -> int:
    """Answers how many resources and links may still come. Raises InvalidDocument when there are too many."""
    followed = [(node, link) for node in nodes for link in node.links if link.rel in zoom.deeper]
    left -= len(followed)
    _check(left)
    found = nodes_of(reading, [_target(link) for _node, link in followed])
    left -= sum(len(child.links) for child in found)
    _check(left)
    by_rel: dict[str, list[Node]] = {}
    for (node, link), child in zip(followed, found, strict=True):
        node.zoomed.setdefault(link.rel, []).append(child)
        by_rel.setdefault(link.rel, []).append(child)
    for rel, children in by_rel.items():
        if zoom.deeper[rel].deeper:
            left = _descend(reading, children, zoom.deeper[rel], left=left)
    return left


def _check(left: int) -> None:
    if left < 0:
        message = f"A zoom leads to {MOST} resources and links at most."
        raise InvalidDocument(message, code="too-many", property="zoom")


def _target(link: Link) -> tuple[str, dict[str, str]]:
    return link.resource, dict(link.keys)
