"""The one shape of every refusal to a program, and the one place that makes it (`docs/api.md`, errors).

`{detail, status, title, type, errors: [{code, property, message}]}`, without internals: what went wrong inside is in
the log, never in the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
import psycopg
import pydantic
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import Conflict, DomainError, Fault, InvalidDocument, NotFound, NotPermitted, TryLater

CONFLICTING_STATES = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of serialisation failure, deadlock, lock not available: another writer was there, again and again."""

TITLES = {
    400: "invalid-api-request-contents",
    401: "not-authenticated",
    403: "permission-denied",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "body-too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    500: "server-error",
    503: "try-again-later",
}

CODES = {
    "missing": "required",
    "string_too_long": "too-long",
    "string_too_short": "too-short",
    "too_long": "too-many",
    "too_short": "too-few",
}
"""Fault codes for pydantic's error types; every other type is `invalid`, unless a validator names its own code."""


def problem(
    *, status: int, detail: str, title: str | None = None, faults: Iterable[Fault] = (), **members: object
) -> dict[str, object]:
    """The problem object. Without faults its one error repeats the title and the detail."""
    title = title or TITLES.get(status, "error")
    errors = [{"code": fault.code, "property": fault.property, "message": fault.message} for fault in faults]
    return {
        "detail": detail,
        "status": status,
        "title": title,
        "type": "about:blank",
        "errors": errors or [{"code": title, "property": None, "message": detail}],
        **members,
    }


def problem_of(error: DomainError) -> dict[str, object]:
    return problem(status=error.status, title=error.title, detail=error.detail, faults=error.faults, **error.members)


def problem_response(error: DomainError) -> HttpResponse:
    """The answer for a refusal raised outside of a REST framework view."""
    return HttpResponse(
        orjson.dumps(problem_of(error)), status=error.status, content_type="application/json", headers=error.headers
    )


def property_path(location: Iterable[int | str]) -> str | None:
    """`("packages", 0, "line_items", 2, "quantity")` → `packages[0].line_items[2].quantity`; nothing → None."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path or None


def faults_of_validation(error: pydantic.ValidationError) -> list[Fault]:
    """Every fault of a document, in the document's own words."""
    return [
        Fault(
            item.get("ctx", {}).get("code") or CODES.get(item["type"], "invalid"),
            property_path(item["loc"]),
            _message(item["type"], item["msg"]),
        )
        for item in error.errors(include_url=False, include_input=False)
    ]


def _message(kind: str, message: str) -> str:
    if kind == "missing":
        return "This member is required."
    if kind in ("model_type", "model_attributes_type"):  # names a class of ours
        return "Input should be an object."
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ").strip().rstrip(".") + "."


def faults_of_serializer(detail: Any, location: tuple[int | str, ...] = ()) -> Iterator[Fault]:
    """The faults within the nested lists and objects of a REST framework ValidationError."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            own = key in ("non_field_errors", "__all__")
            # A list serializer of 3.18 names its faulty items by number, as keys of an object.
            part = int(key) if isinstance(key, str) and key.isdecimal() else key
            yield from faults_of_serializer(value, location if own else (*location, part))
    elif isinstance(detail, (list, tuple)):
        nested = any(isinstance(item, (dict, list, tuple)) for item in detail)
        for index, item in enumerate(detail):
            yield from faults_of_serializer(item, (*location, index) if nested else location)
    else:
        yield Fault(str(getattr(detail, "code", "invalid")), property_path(location), str(detail))


def domain_error_of(exc: BaseException) -> DomainError | None:
    """The refusal that an exception stands for, or None when it is a fault of ours."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, pydantic.ValidationError):
        return InvalidDocument(faults=faults_of_validation(exc))
    if isinstance(exc, exceptions.ValidationError):
        return InvalidDocument(faults=list(faults_of_serializer(exc.detail)))
    if isinstance(exc, Http404):
        return NotFound()
    if isinstance(exc, PermissionDenied):
        return NotPermitted()
    if isinstance(exc, (BadRequest, SuspiciousOperation, UnreadablePostError)):
        return InvalidDocument("The request cannot be read.")
    if isinstance(exc, DatabaseError | InterfaceError):
        return _of_database(exc)
    return None


def _of_database(exc: DatabaseError | InterfaceError) -> DomainError | None:
    cause = exc.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if state in CONFLICTING_STATES:
        return Conflict("Another request is writing the same data. Send the request again.")
    # Class 22: a value PostgreSQL cannot hold. Everything is bounded before; this is the last line.
    if state is not None and state.startswith("22"):
        return InvalidDocument("A value of the request is outside what can be stored.")
    if isinstance(exc, OperationalError | InterfaceError):
        return TryLater()
    return None


def exception_handler(exc: Exception, _context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler: a problem answer, or None: Django logs a fault of ours and answers 500."""
    refusal = domain_error_of(exc)
    if refusal is not None:
        return Response(problem_of(refusal), status=refusal.status, headers=refusal.headers)
    if not isinstance(exc, exceptions.APIException):
        return None
    headers = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return Response(problem(status=exc.status_code, detail=str(exc.detail)), status=exc.status_code, headers=headers)


def is_api_path(request: HttpRequest) -> bool:
    """Whether programs, not people, call this address."""
    return request.path.startswith(settings.API_PREFIXES)
