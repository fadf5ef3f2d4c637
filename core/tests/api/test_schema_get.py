"""GET /api/v1/schema, and /api/v1/docs, which shows it."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from pydantic import BaseModel

from core.models import Site
from tests.callers import ApiCaller

ANYBODY = ApiCaller({})


@pytest.fixture
def schema(db: None) -> Any:
    return ANYBODY.get("/api/v1/schema").json()


def operations(schema: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_it_needs_no_token_and_no_site(site: Site) -> None:
    answer = ANYBODY.get("/api/v1/schema")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer.json()["openapi"].startswith("3.1")


def test_it_is_valid_and_complete() -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=io.StringIO())


def documents(base: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    """Every document of the project."""
    for model in base.__subclasses__():
        if model.__module__.partition(".")[0] in ("core", "customers", "pricing", "purchasing"):
            yield model
        yield from documents(model)


def test_no_two_documents_share_a_name(schema: Any) -> None:
    """The description knows them by name alone: one would be described as the other."""
    names = Counter(model.__name__ for model in set(documents()) if "[" not in model.__name__)
    assert [name for name, times in names.items() if times > 1] == []
    assert names["PurchaseAnswer"] == 1


def test_every_operation_names_its_refusals_site_and_id(schema: Any) -> None:
    ids = []
    for name, operation in operations(schema):
        ids.append(operation["operationId"])
        assert {"400", "401", "403", "429", "500", "503"} <= set(operation["responses"]), name
        if "requestBody" in operation:
            assert {"409", "413", "415"} <= set(operation["responses"]), name
        site_ids = [parameter for parameter in operation["parameters"] if parameter["name"] == "Site-Id"]
        assert [parameter["required"] for parameter in site_ids] == [True], name
        assert operation["summary"], name
    assert len(ids) == len(set(ids))


def test_a_repeatable_post_says_so(schema: Any) -> None:
    named = {
        name
        for name, operation in operations(schema)
        for p in operation["parameters"]
        if p["name"] == "Idempotency-Key"
    }
    assert named == {name for name, _ in operations(schema) if name.startswith("post ")} - {"post /api/auth/token"}


def test_every_operation_but_the_token_asks_for_one(schema: Any) -> None:
    for name, operation in operations(schema):
        expected: list[Any] = [] if name == "post /api/auth/token" else [{"accessToken": []}]
        assert [item for item in operation.get("security", []) if item] == expected, name


def test_no_object_is_left_untyped(schema: Any) -> None:
    assert list(untyped(schema["components"]["schemas"], "schemas")) == []
    assert list(untyped(schema["paths"], "paths")) == []


def untyped(node: Any, place: str) -> Iterator[str]:
    if isinstance(node, dict):
        described = {"properties", "additionalProperties", "$ref", "allOf", "anyOf", "oneOf", "const", "enum"}
        if node.get("type") == "object" and not described & set(node):
            yield place
        for key, value in node.items():
            if key not in ("example", "examples", "default"):
                yield from untyped(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from untyped(value, f"{place}[{index}]")


def test_the_page_loads_nothing_from_elsewhere(site: Site) -> None:
    answer = ANYBODY.get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "swagger-ui-bundle.js" in page
    assert "/api/v1/schema" in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page) == []
