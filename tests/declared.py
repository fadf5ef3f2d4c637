"""What the API's description says of the members of a body: which there are, and for which null may stand."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.description import description

Place = tuple[str | int, ...]


def body_schema(method: str, path: str) -> dict[str, Any]:
    """Of the JSON body of an operation; `path` as the description writes it."""
    operation = description()["paths"][path][method.lower()]
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def forms_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What a schema can be, with references resolved."""
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return forms_of(schema)
    choices = schema.get("anyOf") or schema.get("oneOf")
    return [found for choice in choices for found in forms_of(choice)] if choices else [schema]


def may_be_null(schema: dict[str, Any]) -> bool:
    kinds = [form.get("type") for form in forms_of(schema)]
    return any(kind == "null" or (isinstance(kind, list) and "null" in kind) for kind in kinds)


def objects_in(schema: dict[str, Any], value: Any, place: Place = ()) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Where in a body there are objects with declared members, and the schemas of these."""
    forms = forms_of(schema)
    if isinstance(value, list):
        items: dict[str, Any] = next((form["items"] for form in forms if "items" in form), {})
        for number, item in enumerate(value):
            yield from objects_in(items, item, (*place, number))
    if isinstance(value, dict):
        declared: dict[str, Any] = {}
        for form in forms:
            declared |= form.get("properties", {})
        if declared:
            yield place, declared
        for name, member in value.items():
            if name in declared:
                yield from objects_in(declared[name], member, (*place, name))


def with_members(body: Any, *added: tuple[Place, str, Any]) -> Any:
    """A copy of a body in which these members have these values: the place of the object, the name, the value."""
    changed = copy.deepcopy(body)
    for place, name, value in added:
        at(changed, place)[name] = value
    return changed


def without_member(body: Any, place: Place, name: str) -> Any:
    """A copy of a body without this member."""
    changed = copy.deepcopy(body)
    at(changed, place).pop(name, None)
    return changed


def at(body: Any, place: Place) -> Any:
    """What is at a place of a body."""
    for step in place:
        body = body[step]
    return body
