"""What the description of the API says may be sent, member by member: values at an edge and values past it.

Driven by the description, so that no member of any body is forgotten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.description import description

Schema = dict[str, Any]
Path = tuple[str | int, ...]

ABSENT: Any = object()
PATTERNS = {"^[A-Za-z]{3}$": "GBP", "^[A-Za-z]{2,3}$": "GB", r"\S": "x"}
"""A value for each pattern that not just any word has."""
WORDS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T09:30:00Z",
    "email": "new@example.com",
    "uuid": "63428136-658f-48a6-beb7-7f333dfd9686",
}
OTHER_WORDS = ("", " ", "12")
"""One of them is of no pattern."""


@dataclass(frozen=True)
class Member:
    """A member of a body: where it is, and what is said of it. `[0]` stands for any item."""

    path: Path
    schema: Schema
    is_required: bool
    is_nullable: bool

    @property
    def name(self) -> str:
        """As faults name it: `packages[0].items[0].sku`."""
        return named(self.path)


@dataclass(frozen=True)
class Case:
    """One value of one member; `fits`: whether the description allows it."""

    member: Member
    what: str
    value: Any
    fits: bool

    def __str__(self) -> str:
        return f"{self.member.name} {self.what}"


def named(path: Path) -> str:
    """`packages[0].items[0].sku`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def resolved(schema: Schema) -> Schema:
    while "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def forms(schema: Schema) -> tuple[Schema, bool]:
    """The form of a member that says most, and whether null may stand for it."""
    schema = resolved(schema)
    if "anyOf" not in schema:
        said = schema.get("type", [] if schema.keys() & {"enum", "const"} else ["null"])
        return schema, isinstance(said, list) and "null" in said
    found = [forms(form) for form in schema["anyOf"]]
    nullable = any(form.get("type") == "null" or inner for form, inner in found)
    said = [form for form, _ in found if form.get("type") != "null"]
    return said[0], nullable


def members(schema: Schema, path: Path = (), *, required: bool = True) -> Iterator[Member]:
    """Every member, down to the innermost."""
    form, nullable = forms(schema)
    yield Member(path, form, required, nullable)
    if form.get("type") == "array":
        yield from members(form["items"], (*path, 0), required=False)
    for name, member in form.get("properties", {}).items():
        yield from members(member, (*path, name), required=name in form.get("required", ()))


def value_of(schema: Schema) -> Any:
    """A value that is not more than it has to be."""
    form, _ = forms(schema)
    if "const" in form or "enum" in form:
        return form.get("const", form.get("enum", [None])[0])
    match form.get("type"):
        case "object":
            return {name: value_of(form["properties"][name]) for name in form.get("required", ())}
        case "array":
            return [value_of(form["items"])] * form.get("minItems", 0)
        case "boolean":
            return False
        case "integer" | "number":
            return max(form.get("minimum", 1), 1)
        case _:
            if form.get("pattern", "").startswith("^[+-]?"):
                return "1"
            return WORDS.get(form.get("format", ""), PATTERNS.get(form.get("pattern", ""), "x"))


def text_of(member: Member, length: int) -> str:
    """So long a text as the member can have."""
    if member.schema.get("format") == "email":
        return "@example.com".rjust(length, "x")
    start = "https://x.example/" if str(member.path[-1]).endswith(("url", "uri")) else ""
    return (start if length > len(start) else "").ljust(length, "x")


def cases(member: Member) -> Iterator[Case]:
    """The values to try: each limit at its edge and past it, every word, the wrong kind, null and nothing."""
    if member.path and isinstance(member.path[-1], str):
        if member.is_required:
            yield Case(member, "absent", ABSENT, fits=False)
        yield Case(member, "null", None, fits=member.is_nullable)
    form = member.schema
    kind = "word" if "enum" in form or "const" in form else str(form.get("type"))
    for what, value, fits in _VALUES.get(kind, _anything)(member):
        yield Case(member, what, value, fits=fits)


Values = Iterator[tuple[str, Any, bool]]


def _anything(member: Member) -> Values:
    yield from ()


def _arrays(member: Member) -> Values:
    form = member.schema
    lowest, highest, item = form.get("minItems", 0), form["maxItems"], value_of(form["items"])
    if lowest:
        yield "too few", [item] * (lowest - 1), False
    yield "too many", [item] * (highest + 1), False
    yield "no array", {"a": 1}, False


def _objects(member: Member) -> Values:
    yield "no object", "x", False
    if (most := member.schema.get("maxProperties")) is not None:
        yield "most members", dict.fromkeys(map(str, range(most)), "x"), True
        yield "too many members", dict.fromkeys(map(str, range(most + 1)), "x"), False


def _booleans(member: Member) -> Values:
    yield from (("either", value, True) for value in (True, False))
    yield from (("no boolean", value, False) for value in ("true", 1))


def _words(member: Member) -> Values:
    form = member.schema
    yield from ((f"word {word}", word, True) for word in form.get("enum", [form.get("const")]))
    yield from (("no word of them", value, False) for value in ("no such word", {"a": 1}))


def _numbers(member: Member) -> Values:
    form = member.schema
    if "minimum" in form:
        yield "lowest", form["minimum"], True
        yield "too low", form["minimum"] - 1, False
    if "exclusiveMinimum" in form:
        yield "too low", form["exclusiveMinimum"], False
    if "maximum" in form:
        yield "highest", form["maximum"], True
        yield "too high", form["maximum"] + 1, False
    yield from (("no number", value, False) for value in ("x", True, {"a": 1}))
    if form["type"] == "integer":
        yield "a fraction", 1.5, False


def _texts(member: Member) -> Values:
    form = member.schema
    if "maxLength" in form:
        yield "longest", text_of(member, form["maxLength"]), True
        yield "too long", text_of(member, form["maxLength"] + 1), False
    if "minLength" in form:
        yield "shortest", text_of(member, form["minLength"]), True
        yield "too short", text_of(member, form["minLength"] - 1), False
    if "pattern" in form:
        yield "of another form", next(word for word in OTHER_WORDS if not re.search(form["pattern"], word)), False
    if "format" in form:
        yield "of its form", WORDS[form["format"]], True
        yield "of another form", "soon", False
    yield "no text", {"a": 1}, False


_VALUES = {
    "array": _arrays,
    "object": _objects,
    "boolean": _booleans,
    "word": _words,
    "integer": _numbers,
    "number": _numbers,
    "string": _texts,
}


def with_value(schema: Schema, good: Any, path: Path, value: Any) -> Any:
    """The good body with this value at `path`; whatever has to be there around it is put there."""
    if not path:
        return value
    body = json.loads(json.dumps(good))
    node, said = body, forms(schema)[0]
    for depth, part in enumerate(path):
        inner = said["items"] if isinstance(part, int) else said["properties"][part]
        if depth == len(path) - 1:
            if value is ABSENT:
                node.pop(part, None)
            elif isinstance(part, int) and len(node) <= part:
                node.append(value)
            else:
                node[part] = value
            break
        empty = [] if forms(inner)[0].get("type") == "array" else value_of(inner)
        if isinstance(part, int) and len(node) <= part:
            node.append(empty)
        elif not isinstance(part, int) and node.get(part) is None:
            node[part] = empty
        node, said = node[part], forms(inner)[0]
    return body
