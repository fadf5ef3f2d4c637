"""Holds every answer of the API against its own description (`/api/v1/schema`): address, method, status, body."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import orjson
from jsonschema_rs import Draft202012Validator, Registry

from core.api.schema_views import schema_json

UNDESCRIBED = ("/api/v1/schema", "/api/v1/docs")
"""The description itself."""
NOT_FOUND = (400, 404)
"""What an address that is not described may answer: nothing is there, or the address cannot be read."""
NOT_ALLOWED = (400, 401, 403, 405)
"""What a described address may answer to a method that is not: 400 when the address or a header cannot be read."""

PROBLEM = {"$ref": "urn:api#/components/schemas/Problem"}


def expect_described(method: str, path: str, answer: Any) -> None:
    """Fails when the description does not promise this answer to this call. `path`: as it was sent."""
    address = path.partition("?")[0].removesuffix("/")
    if method == "OPTIONS" or not address.startswith("/api/") or address in UNDESCRIBED:
        return
    # What is sent in pieces is read by the test alone; it has a body, and is never JSON.
    content = b"(in pieces)" if answer.streaming and method != "HEAD" else answer.getvalue()
    call = f"{method} {path} → {answer.status_code} {content[:2000]!r}"
    operations = _operations_at(address)
    if operations is None:
        assert answer.status_code in NOT_FOUND, f"not described, yet answered: {call}"
        _expect_body(PROBLEM, answer, call)
        return
    operation = operations.get("get" if method == "HEAD" else method.lower())
    if operation is None:
        assert answer.status_code in NOT_ALLOWED, f"method not described, yet answered: {call}"
        _expect_body(PROBLEM, answer, call)
        return
    response = operation["responses"].get(str(answer.status_code))
    assert response is not None, f"status not described: {call}"
    if "$ref" in response:
        response = description()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if method == "HEAD" and not content:
        return  # where the body is taken off already
    if "content" not in response:
        assert content == b"", f"a body where none is described: {call}"
        return
    assert media_type in response["content"], f"media type {media_type} not described: {call}"
    if media_type == "application/json":
        _expect_body(response["content"][media_type]["schema"], answer, call)


@cache
def description() -> dict[str, Any]:
    """The description as it is served."""
    described: dict[str, Any] = orjson.loads(schema_json())
    return described


@cache
def _patterns() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Addresses without parameters come first: OpenAPI has them win over those that would match them too."""
    return [
        (re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/"))), item)
        for path, item in sorted(description()["paths"].items(), key=lambda described: "{" in described[0])
    ]


def _operations_at(address: str) -> dict[str, Any] | None:
    return next((item for pattern, item in _patterns() if pattern.fullmatch(address)), None)


def faults_of(schema: dict[str, Any], value: Any) -> list[str]:
    """Where a value is not what a schema of the description says."""
    errors = _validator(orjson.dumps(schema)).iter_errors(value)
    return [f"{'.'.join(map(str, ['$', *error.instance_path]))}: {error.message[:300]}" for error in errors]


def _expect_body(schema: dict[str, Any], answer: Any, call: str) -> None:
    faults = faults_of(schema, orjson.loads(answer.content))
    assert faults == [], f"not as described: {call}\n" + "\n".join(faults)


@cache
def _registry() -> Registry:
    return Registry([("urn:api", description())])


@cache
def _validator(schema: bytes) -> Draft202012Validator:
    text = schema.replace(b'"#/', b'"urn:api#/')
    return Draft202012Validator(orjson.loads(text), registry=_registry(), validate_formats=True)
