"""`Idempotency-Key`: a POST that is sent again gets the answer of the first time, and has no second effect.

The kept answer and what the request did are one database transaction: after a crash there are both or neither. Keys are
kept for 24 hours, per client (of customers: per person) and path (`docs/api.md`, repeating).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.bodies import read_body
from core.api.views import ApiView
from core.errors import Conflict, InvalidDocument
from core.models import IdempotencyKey

KEPT_FOR = timedelta(hours=24)
KEY_LIMIT = 255
KEPT_HEADERS = ("Content-Type", "ETag", "Link", "Location")
PURGED_AT_ONCE = 100

Handler = Callable[..., HttpResponse]


class IdempotencyKeyReused(Conflict):
    """The key was sent before, with another body or other parameters."""

    title = "idempotency-key-reused"
    detail = "This Idempotency-Key was used for another request."


class RequestStillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    title = "request-still-running"
    detail = "The first request with this Idempotency-Key is still running."
    headers = {"Retry-After": "1"}


def idempotent(handler: Handler) -> Handler:
    """Decorates the `post` of an `ApiView`. Without the header nothing changes.

    Answers of 2xx and 4xx are kept; after a 5xx the request may be sent again under its key. The handler runs inside a
    database transaction.
    """

    @functools.wraps(handler)
    def post(view: ApiView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not 1 <= len(key) <= KEY_LIMIT:
            raise InvalidDocument(f"An Idempotency-Key has 1 to {KEY_LIMIT} characters.", property="Idempotency-Key")
        body = read_body(request._request, limit=view.body_limit)  # noqa: SLF001  REST framework names it so for use
        query = request.META.get("QUERY_STRING", "").encode()
        repeat = _Repeat(view=view, path=_path_of(view, request), key=key, digest=_digest(query, body))
        return repeat.answer(functools.partial(handler, view, request, *args, **kwargs), request)

    post.takes_idempotency_key = True  # type: ignore[attr-defined]  # for the description of the API
    return post


class _Repeat:
    """One request under a key."""

    def __init__(self, *, view: ApiView, path: str, key: str, digest: str) -> None:
        self.view, self.digest = view, digest
        self.place: dict[str, Any] = {"site": view.site, "client_id": view.access.client_pk, "path": path, "key": key}

    def answer(self, handler: Callable[[], HttpResponse], request: Request) -> HttpResponse:
        with transaction.atomic():
            if not self._lock():
                raise RequestStillRunning
            kept = IdempotencyKey.objects.filter(**self.place, created_at__gt=timezone.now() - KEPT_FOR).first()
            if kept is not None:
                return self._answered_before(kept)
            response = self._run(handler, request)
            if response.status_code < 500:
                self._keep(response)
            else:
                transaction.set_rollback(True)
            return response

    def _lock(self) -> bool:
        """Whether no other request runs under this key; held until the end of the transaction."""
        name = _digest(*(str(part).encode() for part in self.place.values()))
        number = int(name[:16], 16) - 2**63
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            return bool(cursor.fetchone()[0])

    def _answered_before(self, kept: IdempotencyKey) -> HttpResponse:
        if kept.body_digest != self.digest:
            raise IdempotencyKeyReused
        return HttpResponse(bytes(kept.answer), status=kept.status, headers=kept.headers)

    def _run(self, handler: Callable[[], HttpResponse], request: Request) -> HttpResponse:
        """The answer, ready to be sent; what a refused request had written is taken back."""
        try:
            with transaction.atomic():
                response = handler()
        except Exception as error:  # noqa: BLE001  the view decides; what it does not know it raises again
            response = self.view.handle_exception(error)
        answer: HttpResponse = self.view.finalize_response(request, response)  # type: ignore[arg-type]  # takes both
        return answer.render() if isinstance(answer, Response) else answer

    def _keep(self, response: HttpResponse) -> None:
        kept = {
            "body_digest": self.digest,
            "status": response.status_code,
            "headers": {name: response[name] for name in KEPT_HEADERS if name in response},
            "answer": response.content,
            "created_at": timezone.now(),
        }
        IdempotencyKey.objects.update_or_create(**self.place, defaults=kept)
        expired = IdempotencyKey.objects.filter(created_at__lte=timezone.now() - KEPT_FOR)
        batch = expired.select_for_update(skip_locked=True).values("pk")[:PURGED_AT_ONCE]
        IdempotencyKey.objects.filter(pk__in=batch).delete()


def _path_of(view: ApiView, request: Request) -> str:
    """The address, and for a person his own: all persons of a site call through one client, and share no answers."""
    person = view.access.person
    return request.path_info if person is None else f"{request.path_info}\nperson {person.pk}"


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()
