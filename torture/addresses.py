"""Every address of the API, from its own description."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson

from core.api.schema_views import schema_json

NOT_DRIVEN = ("/api/auth/",)
"""Where a wrong secret waits on purpose."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address: its parameters in the query, and good bodies."""

    method: str
    path: str
    query: tuple[str, ...]
    bodies: tuple[Any, ...]


@cache
def operations() -> tuple[Operation, ...]:
    found = []
    for path, item in orjson.loads(schema_json())["paths"].items():
        if path.startswith(NOT_DRIVEN):
            continue
        for method, operation in item.items():
            query = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            examples = [example["value"] for example in content.get("examples", {}).values()]
            found.append(Operation(method.upper(), path, tuple(query), tuple(examples)))
    return tuple(found)
