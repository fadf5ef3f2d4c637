"""Where each request reads: middleware, database router, and `database_to_read` for `core.sql`.

A request that reads (GET, HEAD) reads the replica when all of this holds; else the primary, without an error:

- the caller is known, and the replica has his last write, whichever process took it;
- the replica is younger than `DATABASE_REPLICA_LAG` and has not failed within the last seconds;
- the request is not conditional, and neither is in a transaction nor has written something itself.

Who asks and what he may is always read from the primary (`FIRST_HAND`): a token just given is good at once, one that
was ended is not. A request during which the replica fails is answered once more, from the primary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

from core.postgres.base import DatabaseWrapper
from core.replica.positions import Positions
from core.replica.recent_writes import ask_primary, ask_replica, note_write

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
FIRST_HAND = frozenset({"core", "auth", "sessions", "contenttypes", "oauth2_provider", "procrastinate"})
"""Applications whose tables are read from the primary alone."""
READS = frozenset({"GET", "HEAD", "OPTIONS"})
CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE")
ASKED_AGAIN_SECONDS = 1.0
"""How old what is known of the replica may be before it is asked again."""

positions = Positions(bound=settings.DATABASE_REPLICA_LAG)
"""Of this process."""


class Reading:
    """Where one request reads. Not known until its first question; from its first write on the primary."""

    def __init__(self, caller: Callable[[], str | None], *, writes: bool, conditional: bool) -> None:
        self.caller = caller
        self.writes = writes
        self._place: str | None = PRIMARY if writes or conditional else None

    def place(self) -> str:
        if connections[PRIMARY].in_atomic_block:
            return PRIMARY
        if self._place is None and (caller := self.caller()):
            self._place = _choose(caller)
        return self._place or PRIMARY

    def has_written(self) -> None:
        self.writes = True
        self._place = PRIMARY

    def starts_anew_on_primary(self) -> None:
        self._place = PRIMARY


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def database_to_read() -> str:
    """The alias of the database that this request reads now."""
    reading = _reading.get()
    return PRIMARY if reading is None else reading.place()


def note_writing() -> None:
    """From now on this request reads what it wrote."""
    reading = _reading.get()
    if reading is not None:
        reading.has_written()


def caller_is(name: str) -> None:
    """Who asks, for callers without a session: whoever has the same name sees each other's writes."""
    reading = _reading.get()
    if reading is not None:
        reading.caller = lambda: name


def _choose(caller: str) -> str:
    now = time.monotonic()
    if not positions.may_be_asked(now):
        return PRIMARY
    position, needed = ask_primary(wrapper(PRIMARY), caller, bound=positions.bound)
    positions.primary_is_at(position, now)
    if not positions.seems_lost() and positions.is_fresh(now, within=ASKED_AGAIN_SECONDS, needed=needed):
        return REPLICA
    try:
        replayed = ask_replica(wrapper(REPLICA))
    except Error:
        replayed = None
    if replayed is None:
        leave_replica()
        return PRIMARY
    positions.replica_is_at(replayed)
    return REPLICA if positions.is_fresh(now, within=positions.bound, needed=needed) else PRIMARY


def leave_replica() -> None:
    """It failed, or is none: for some seconds nobody asks it."""
    positions.is_lost(time.monotonic())
    replica = connections[REPLICA]
    replica.close()
    replica.errors_occurred = False  # of that connection: the next request has none


def wrapper(alias: str) -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections[alias])


class ReplicaRouter:
    """Django's questions where to read and write. Only there when a replica is set."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        return PRIMARY if model._meta.app_label in FIRST_HAND else database_to_read()

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        if model._meta.app_label not in FIRST_HAND:
            note_writing()
        return PRIMARY

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        return True  # two addresses of the same rows

    def allow_migrate(self, alias: str, _app_label: str, **_hints: Any) -> bool:
        return alias == PRIMARY


class ReplicaReads:
    """Middleware, outside of those that read sessions. Takes itself away where there is no replica."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reading = Reading(
            lambda: _person_of(request),
            writes=request.method not in READS,
            conditional=any(name in request.META for name in CONDITIONS),
        )
        began = time.monotonic()
        before = _reading.set(reading)
        try:
            response = self._answer(request, reading)
            if _has_failed(began) and not reading.writes:
                reading.starts_anew_on_primary()
                leave_replica()
                response = self._answer(request, reading)
            if reading.writes and (caller := reading.caller()):
                note_write(wrapper(PRIMARY), caller)
        finally:
            _reading.reset(before)
        return response

    def _answer(self, request: HttpRequest, reading: Reading) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _Streamed(cast("Iterator[bytes]", response.streaming_content), reading)
        return response


class _Streamed(Iterator[bytes]):
    """What is sent while it is read goes on reading where its request did. The first piece is read at once."""

    def __init__(self, content: Iterator[bytes], reading: Reading) -> None:
        self._content = content
        self._reading = reading
        self._first: list[bytes] = []
        try:
            self._first = [next(content)]
        except StopIteration:
            return
        except Error:
            if not connections[REPLICA].errors_occurred:
                raise

    def __next__(self) -> bytes:
        if self._first:
            return self._first.pop()
        before = _reading.set(self._reading)
        try:
            return next(self._content)
        finally:
            _reading.reset(before)


def _has_failed(began: float) -> bool:
    """Whether the replica failed in this request, other than by taking too long: the primary would be no faster."""
    limit = settings.STATEMENT_TIMEOUT or float("inf")
    return bool(connections[REPLICA].errors_occurred) and time.monotonic() - began < limit


def _person_of(request: HttpRequest) -> str | None:
    """Whose session it is. Without one, nobody: there is nothing to be read for him."""
    session = getattr(request, "session", None)
    number = session.get(SESSION_KEY) if session is not None else None
    return None if number is None else person(number)


def person(number: object) -> str:
    """The caller's name of a person, whichever door he came by."""
    return f"person {number}"
