"""What the browser's page shows of an answer: properties in rows, links with words to click on, actions as forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cortex.envelope import Node, uri_of
from cortex.reading import Reading
from cortex.registry import nodes_of

_NAMES = ("purchase-number", "name", "display-name")
"""By which of its properties a person recognises a resource, the first that it has."""


@dataclass(frozen=True, slots=True)
class Row:
    """A property: its path, and its value in words (None: there is none)."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class PageLink:
    """`words`: what it leads to, in addition to its rel."""

    rel: str
    href: str
    uri: str
    words: str


@dataclass(frozen=True, slots=True)
class Action:
    """A form. `field`: the one thing that is filled in, if there is one."""

    rel: str
    href: str
    field: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """A resource; `zoomed`: those that were asked for along with it, by rel."""

    type: str
    uri: str
    rows: Sequence[Row]
    links: Sequence[PageLink]
    actions: Sequence[Action]
    messages: Sequence[Mapping[str, str]]
    zoomed: Sequence[tuple[str, Sequence[Page]]]


def labels_of(reading: Reading, node: Node) -> dict[str, str]:
    """What the elements of a list are called, by their addresses; an order by its number."""
    elements = [link for link in node.links if link.rel == "element"]
    orders = [link for link in elements if link.resource == "order"]
    others = [link for link in elements if link.resource != "order"]
    found = nodes_of(reading, [(link.resource, link.keys) for link in others])
    labels = {
        uri_of(link.resource, link.keys): label
        for link, child in zip(others, found, strict=True)
        if (label := next((str(child.properties[name]) for name in _NAMES if child.properties.get(name)), ""))
    }
    reading.load_purchases([link.keys["order"] for link in orders])
    return labels | {
        uri_of(link.resource, link.keys): reading.order(link.keys["order"]).stored.number for link in orders
    }


def page_of(answer: Mapping[str, Any], labels: Mapping[str, str]) -> Page:
    """The page of a written answer."""
    own = answer.get("self", {"type": "", "uri": ""})
    properties = {
        name: value for name, value in answer.items() if name not in ("self", "links", "messages") and name[0] != "_"
    }
    links = [link for link in answer["links"] if not link["rel"].endswith("action")]
    actions = [link for link in answer["links"] if link["rel"].endswith("action")]
    field = next((name for name in properties if name == "purchase-number"), None)
    return Page(
        type=own["type"],
        uri=own["uri"],
        rows=[] if actions else list(_rows("", properties)),
        links=[PageLink(link["rel"], link["href"], link["uri"], labels.get(link["uri"], "")) for link in links],
        actions=[Action(link["rel"], link["href"], field) for link in actions],
        messages=[
            {"type": message["type"], "id": message["id"], "text": message["debug-message"]}
            for message in answer["messages"]
        ],
        zoomed=[
            (name[1:], [page_of(child, labels) for child in children])
            for name, children in answer.items()
            if name[0] == "_"
        ],
    )


def _rows(path: str, value: Any) -> Iterator[Row]:
    if isinstance(value, Mapping):
        told = value.get("display", value.get("display-value"))
        if told is not None:
            title = f"{value['title']}: " if "title" in value else ""
            yield Row(path, f"{title}{told}")
            return
        for name, member in value.items():
            yield from _rows(f"{path} › {name}" if path else name, member)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _rows(path, item)
    else:
        yield Row(path, None if value is None else str(value))
