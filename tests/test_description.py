"""The description's own examples, and that it notices an answer which is not as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.http import HttpResponse

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
