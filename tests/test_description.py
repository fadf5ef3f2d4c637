"""The description's own examples, and that it notices an answer which is not as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from purchasing.api import revisions
from purchasing.tests.bodies import sample
from tests.callers import ApiCaller
from tests.described_answers import expect_nothing_undescribed
from tests.description import description, expect_described, faults_of

FILES = {"text/csv", "application/pdf"}
PROBLEM = {"detail": "", "status": 404, "title": "not-found", "type": "about:blank", "errors": None}
REVISIONS = "/api/v1/purchases/internal/A-1/revisions"
REVISION = {"revision": 1, "at": "2026-01-31T09:30:05+00:00", "by": "client:ERP", "summary": "created"}


def contents() -> Iterator[tuple[str, Any]]:
    """Every body that an operation of the API reads or answers with success."""
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            name = f"{method} {path}"
            if "requestBody" in operation:
                yield f"{name} body", operation["requestBody"]["content"]["application/json"]
            for status, response in operation["responses"].items():
                # A file has no examples: its description says what is in it.
                if status.startswith("2") and response.get("content", {}).keys() - FILES:
                    yield f"{name} {status}", response["content"]["application/json"]


@pytest.mark.parametrize(("name", "content"), list(contents()))
def test_every_body_has_examples_that_are_as_described(name: str, content: Any) -> None:
    examples = [example["value"] for example in content.get("examples", {}).values()]
    assert examples, name
    assert [fault for example in examples for fault in faults_of(content["schema"], example)] == []


def test_the_reference_s_samples_are_as_described() -> None:
    """What it sends may be sent; the members that it answers are members of our answer."""
    put = description()["paths"]["/api/v1/purchases/{lookup_by}/{identifier}"]["put"]
    assert faults_of(put["requestBody"]["content"]["application/json"]["schema"], sample()) == []
    answered = put["responses"]["200"]["content"]["application/json"]["schema"]
    assert missing_members(answered, sample("purchase-answer")) == []


def missing_members(schema: Any, value: Any, path: str = "") -> list[str]:
    """Members of a value, at any depth, that no form of the schema has."""
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    forms = schema.get("anyOf", [schema])
    if forms != [schema]:
        return min((missing_members(form, value, path) for form in forms), key=len)
    if isinstance(value, list):
        return [fault for item in value for fault in missing_members(schema.get("items", {}), item, path)]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    return [
        fault
        for name, member in value.items()
        for fault in (missing_members(known[name], member, f"{path}.{name}") if name in known else [f"{path}.{name}"])
    ]


def test_members_that_are_missing_are_found() -> None:
    schema = {"$ref": "#/components/schemas/PurchaseAnswer"}
    value = {"type": "order", "more": 1, "billing_address": {"city": "", "planet": ""}, "packages": [{"weight": 1}]}
    assert missing_members(schema, value) == [".more", ".billing_address.planet", ".packages.weight"]


def answer(body: Any = b"", *, status: int = 200, content_type: str = "application/json") -> HttpResponse:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return HttpResponse(content, status=status, content_type=content_type)


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("GET", REVISIONS, answer([REVISION])),
        ("GET", f"{REVISIONS}/?x=1", answer([])),
        ("GET", REVISIONS, answer(PROBLEM, status=404)),
        ("HEAD", REVISIONS, answer()),
        ("PUT", REVISIONS, answer(PROBLEM, status=405)),
        ("GET", "/api/v1/nothing", answer(PROBLEM, status=404)),
        ("DELETE", "/api/v1/purchases/internal/A-1", answer(status=204)),
    ],
)
def test_what_is_described_passes(method: str, path: str, given: HttpResponse) -> None:
    expect_described(method, path, given)


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("GET", REVISIONS, answer([{**REVISION, "more": 1}])),
        ("GET", REVISIONS, answer([{name: REVISION[name] for name in ("revision", "at", "by")}])),
        ("GET", REVISIONS, answer([{**REVISION, "revision": "1"}])),
        ("GET", REVISIONS, answer([{**REVISION, "at": "yesterday"}])),
        ("GET", REVISIONS, answer([REVISION], content_type="text/html")),
        ("GET", REVISIONS, answer([REVISION], status=201)),
        ("GET", REVISIONS, answer({"detail": "no"}, status=404)),
        ("GET", REVISIONS, answer(PROBLEM, status=413)),
        ("PUT", REVISIONS, answer([REVISION])),
        ("GET", "/api/v1/nothing", answer([])),
        ("DELETE", "/api/v1/purchases/internal/A-1", answer([], status=204)),
    ],
)
def test_what_is_not_fails(method: str, path: str, given: HttpResponse) -> None:
    with pytest.raises(AssertionError):
        expect_described(method, path, given)


def test_nobody_is_answered_what_is_not_described(api: ApiCaller, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain client neither, as a live server's caller."""
    api.put("/api/v1/purchases/internal/A-1", json=sample())
    monkeypatch.setattr(revisions, "list_revisions", lambda **_asked: [{**REVISION, "more": 1}])
    assert Client().get(REVISIONS, headers=api.headers).status_code == 200
    with pytest.raises(AssertionError, match="not as described: GET /api/v1/purchases/internal/A-1/revisions"):
        expect_nothing_undescribed()
