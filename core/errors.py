"""Refusals in the words of the business.

A `DomainError` states why a request cannot be carried out. It leaves by one door: a problem response in the API, a
message in the back office and on pages. Nothing has been written when one is raised inside a database transaction that
it ends. Shape: `docs/api.md`, errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: a stable code, the property it concerns (or None) and a human sentence."""

    code: str
    property: str | None
    message: str


class DomainError(Exception):
    """A refusal: HTTP `status`, machine-readable `title` (lower-case slug), and every fault at once."""

    status = 400
    title = "invalid-api-request-contents"
    detail = "Data Validation Failed"
    headers: dict[str, str] = {}

    def __init__(
        self,
        message: str | None = None,
        *,
        code: str | None = None,
        property: str | None = None,
        faults: Iterable[Fault] | None = None,
        **members: object,
    ) -> None:
        if faults is None:
            faults = [Fault(code or self.title, property, message or self.detail)]
        self.faults = list(faults)
        self.members = members
        """Further members of the problem object, such as `current_etag`."""
        super().__init__(message or "; ".join(fault.message for fault in self.faults))


class InvalidDocument(DomainError):
    """The body or a query parameter is not what it has to be: 400."""


class NotPermitted(DomainError):
    """The caller is known but may not do this: 403."""

    status = 403
    title = "permission-denied"
    detail = "You do not have permission to perform this action."


class NotFound(DomainError):
    """Unknown, or not visible to the caller (the two are never told apart): 404."""

    status = 404
    title = "not-found"
    detail = "Not found."


class Conflict(DomainError):
    """A clash with the current state: 409. Its title is the code of its first fault, such as `identifier-conflict`."""

    status = 409
    title = "conflict"
    detail = "The request conflicts with the current state."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = self.faults[0].code


class VersionMismatch(DomainError):
    """A precondition (`If-Match`, `If-None-Match`) does not hold: 412."""

    status = 412
    title = "version-mismatch"
    detail = "The resource is not at the version the request names."


class TooLarge(DomainError):
    """The body is over its limit: 413."""

    status = 413
    title = "body-too-large"
    detail = "The request body is too large."


class UnsupportedMediaType(DomainError):
    """The body is not in a format this address reads: 415."""

    status = 415
    title = "unsupported-media-type"
    detail = "Send the body as application/json."


class TryLater(DomainError):
    """The database is away or busy beyond the retries: 503 with `Retry-After`."""

    status = 503
    title = "try-again-later"
    detail = "The service cannot answer right now. Try again shortly."
    headers = {"Retry-After": "2"}
