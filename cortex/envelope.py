"""What every resource looks like: self, links, messages, properties; and how it is written for a mount.

A `Node` is a resource that has been rendered: plain values and links by name. `written` turns it into what JSON and the
browser's page show, with addresses relative to the mount (`uri`) and absolute (`href`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.http import HttpRequest

from core.api.renderer import json_number
from cortex.ids import encode
from cortex.table import TABLE

Keys = Mapping[str, str]
"""The parts of an address, decoded."""

MOUNT = "/cortex"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a resource of the table. `rev`: the rel under which that one links back."""

    rel: str
    resource: str
    keys: Keys
    rev: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """`blocks`: the rel of the action that is not possible for it. `linked_to`: where it can be remedied."""

    type: str
    id: str
    text: str
    data: Mapping[str, str] = field(default_factory=dict)
    blocks: str | None = None
    linked_to: Link | None = None


@dataclass(slots=True)
class Node:
    """A resource with its properties; `zoomed`: what was asked for along with it, by rel."""

    resource: str
    keys: Keys
    properties: dict[str, Any] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    zoomed: dict[str, list[Node]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """How an answer is written (`format=`). `standardlinks` is how links are written anyway."""

    selfless: bool = False
    """Resources that are zoomed into say nothing of themselves (`zoom.noself`)."""
    spare_links: bool = False
    """A link is left out where what it leads to is in the answer (`zoom.nodatalinks`)."""


def read_format(text: str) -> Format:
    """Words that are not known say nothing."""
    words = text.split(",")
    return Format(selfless="zoom.noself" in words, spare_links="zoom.nodatalinks" in words)


def uri_of(resource: str, keys: Keys) -> str:
    """The address below the mount."""
    parts = {name: key if name == "scope" else encode(key) for name, key in keys.items()}
    return TABLE[resource].template.format_map(parts)


def mount_of(request: HttpRequest) -> str:
    """Scheme, host and path under which this face was asked for.

    The host is the one a proxy names only where the settings trust it, and always an allowed one. Raises
    SuspiciousOperation (400) for another.
    """
    return f"{request.scheme}://{request.get_host()}{request.META.get('SCRIPT_NAME', '').rstrip('/')}{MOUNT}"


def written(node: Node, *, mount: str, query: str = "", format: Format = Format()) -> dict[str, Any]:  # frozen
    """The whole answer. `query`: what the resource was asked with, when that belongs to its own address."""
    return _Writer(mount, format).resource(node, query=query)


@dataclass(frozen=True, slots=True)
class _Writer:
    mount: str
    format: Format

    def resource(self, node: Node, *, query: str = "", within: bool = False) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        if not (within and self.format.selfless):
            uri = uri_of(node.resource, node.keys) + (f"?{query}" if query else "")
            answer["self"] = {"type": TABLE[node.resource].type, "uri": uri, "href": self.mount + uri}
        hidden = node.zoomed.keys() if self.format.spare_links else ()
        answer["links"] = [self.link(link) for link in node.links if link.rel not in hidden]
        answer["messages"] = self.messages(node.messages)
        answer |= node.properties
        for rel, nodes in node.zoomed.items():
            answer[f"_{rel}"] = [self.resource(child, within=True) for child in nodes]
        return answer

    def link(self, link: Link) -> dict[str, Any]:
        uri = uri_of(link.resource, link.keys)
        rev = {} if link.rev is None else {"rev": link.rev}
        return {"rel": link.rel, **rev, "type": TABLE[link.resource].type, "uri": uri, "href": self.mount + uri}

    def messages(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        return [self.message(message) for message in messages]

    def message(self, message: Message) -> dict[str, Any]:
        form: dict[str, Any] = {
            "type": message.type,
            "id": message.id,
            "debug-message": message.text,
            "data": dict(message.data),
        }
        if message.blocks is not None:
            form["blocks"] = message.blocks
        if message.linked_to is not None:
            linked = self.link(message.linked_to)
            form["linked-to"] = {name: linked[name] for name in ("type", "uri", "href")}
        return form


def written_messages(messages: Sequence[Message], *, mount: str) -> dict[str, Any]:
    """The body of a refusal."""
    return {"messages": _Writer(mount, Format()).messages(messages), "links": []}


def as_json(answer: Mapping[str, Any]) -> bytes:
    """JSON in which an amount is a number, digit by digit as it is."""
    return orjson.dumps(answer, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return json_number(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
