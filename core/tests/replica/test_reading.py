"""Where a request reads. With a real replica, over several processes: `torture/drives/replica.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import psycopg
import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from core.models import ApiClient, RecentWrite
from core.postgres.base import DatabaseWrapper
from core.replica import reading
from core.replica.positions import Positions
from core.replica.reading import PRIMARY, REPLICA, Reading, ReplicaReads, ReplicaRouter
from core.replica.recent_writes import ask_primary, ask_replica, note_write
from core.replica.state import replica_state


class Cluster:
    """What primary and replica would say; counts who is asked."""

    primary, needed = 100, None
    replica: int | None = 100

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.left = 0

    def ask_primary(self, _wrapper: object, _caller: str, *, bound: float) -> tuple[int, int | None]:
        self.asked.append(PRIMARY)
        return self.primary, self.needed

    def ask_replica(self, _wrapper: object) -> int | None:
        self.asked.append(REPLICA)
        if self.replica == -1:
            raise OperationalError
        return self.replica

    def leave(self) -> None:
        self.left += 1


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    monkeypatch.setattr(reading, "positions", Positions(bound=5.0))
    monkeypatch.setattr(reading, "wrapper", lambda alias: alias)
    monkeypatch.setattr(reading, "ask_primary", made.ask_primary)
    monkeypatch.setattr(reading, "ask_replica", made.ask_replica)
    monkeypatch.setattr(reading, "leave_replica", made.leave)
    return made


def read(caller: str | None = "client 1", *, writes: bool = False, conditional: bool = False) -> Reading:
    return Reading(lambda: caller, writes=writes, conditional=conditional)


def test_without_a_request_the_primary_is_read() -> None:
    assert reading.database_to_read() == PRIMARY


def test_a_known_caller_reads_a_fresh_replica_which_is_not_asked_each_time(cluster: Cluster) -> None:
    assert [read().place() for _ in range(2)] == [REPLICA, REPLICA]
    assert cluster.asked == [PRIMARY, REPLICA, PRIMARY]


@pytest.mark.parametrize("request_", [read(None), read(writes=True), read(conditional=True)])
def test_who_is_unknown_writes_or_compares_reads_the_primary(cluster: Cluster, request_: Reading) -> None:
    assert request_.place() == PRIMARY
    assert cluster.asked == []


def test_who_becomes_known_may_read_the_replica(cluster: Cluster) -> None:
    request = read(None)
    assert request.place() == PRIMARY
    request.caller = lambda: "client 1"
    assert request.place() == REPLICA


def test_what_the_caller_wrote_is_read_where_it_is(cluster: Cluster) -> None:
    assert read().place() == REPLICA
    cluster.primary = cluster.needed = 200  # type: ignore[assignment]
    assert read().place() == PRIMARY
    cluster.replica = 200
    assert read().place() == REPLICA


@pytest.mark.parametrize("replica", [None, -1], ids=["it is none", "it does not answer"])
def test_a_lost_replica_is_left(cluster: Cluster, replica: int | None) -> None:
    cluster.replica = replica
    assert read().place() == PRIMARY
    assert cluster.left == 1


def test_a_late_replica_is_not_read(cluster: Cluster) -> None:
    cluster.primary = 200
    assert read().place() == PRIMARY
    assert cluster.left == 0


def test_from_the_first_write_on_the_primary_is_read(cluster: Cluster) -> None:
    request = read()
    assert request.place() == REPLICA
    request.has_written()
    assert (request.place(), request.writes) == (PRIMARY, True)


@pytest.mark.django_db
def test_in_a_transaction_the_primary_is_read(cluster: Cluster) -> None:
    request = read()
    with transaction.atomic():
        assert request.place() == PRIMARY
    assert cluster.asked == []


def test_the_router_reads_first_hand_who_asks(cluster: Cluster) -> None:
    request, router = read(), ReplicaRouter()
    before = reading._reading.set(request)
    try:
        assert router.db_for_read(ApiClient) == PRIMARY
        assert router.db_for_write(ApiClient) == PRIMARY
        assert router.db_for_read(LogEntry) == REPLICA
        assert router.db_for_write(LogEntry) == PRIMARY
        assert router.db_for_read(LogEntry) == PRIMARY
    finally:
        reading._reading.reset(before)
    assert [router.allow_migrate(alias, "core") for alias in (PRIMARY, REPLICA)] == [True, False]


# --- The middleware --------------------------------------------------------------------------------------------------


class Connections(dict[str, "Connections"]):
    """Both connections: one that is in no transaction, and one that fails when it is told to."""

    in_atomic_block = errors_occurred = False


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Connections:
    both = Connections({PRIMARY: Connections(), REPLICA: Connections()})
    monkeypatch.setattr(reading, "connections", both)
    return both


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    callers: list[str] = []
    monkeypatch.setattr(reading, "note_write", lambda _primary, caller: callers.append(caller))
    return callers


def answer(
    view: Callable[[], HttpResponse | StreamingHttpResponse], monkeypatch: pytest.MonkeyPatch, method: str = "GET"
) -> HttpResponse | StreamingHttpResponse:
    def get_response(_request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        reading.caller_is("client 1")
        return view()

    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    request = HttpRequest()
    request.method = method
    response = ReplicaReads(get_response)(request)
    assert reading.database_to_read() == PRIMARY  # outside of a request, again
    return cast("HttpResponse | StreamingHttpResponse", response)


def test_there_is_no_middleware_without_a_replica() -> None:
    with pytest.raises(MiddlewareNotUsed):
        ReplicaReads(lambda _request: HttpResponse())


def test_a_request_is_answered_once_more_when_the_replica_fails(
    cluster: Cluster, connections: Connections, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = []

    def view() -> HttpResponse:
        places.append(reading.database_to_read())
        connections[REPLICA].errors_occurred = places[-1] == REPLICA
        return HttpResponse(status=503 if places[-1] == REPLICA else 200)

    assert answer(view, monkeypatch).status_code == 200
    assert (places, cluster.left, noted) == ([REPLICA, PRIMARY], 1, [])


def test_a_write_is_noted_and_never_done_again(
    cluster: Cluster, connections: Connections, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = []

    def view() -> HttpResponse:
        places.append(reading.database_to_read())
        connections[REPLICA].errors_occurred = True
        return HttpResponse(status=503)

    assert answer(view, monkeypatch, "PUT").status_code == 503
    assert (places, noted) == ([PRIMARY], ["client 1"])


def test_what_is_streamed_is_read_where_its_request_read(
    cluster: Cluster, connections: Connections, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> StreamingHttpResponse:
        return StreamingHttpResponse(f"{reading.database_to_read()} " for _ in range(3))

    response = answer(view, monkeypatch)
    assert b"".join(cast("StreamingHttpResponse", response)) == b"replica replica replica "


def test_whose_session_it_is_is_the_caller(
    cluster: Cluster, connections: Connections, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES, REPLICA, {})
    request = HttpRequest()
    request.method = "POST"
    request.session = {SESSION_KEY: "7"}  # type: ignore[assignment]
    ReplicaReads(lambda _request: HttpResponse())(request)
    assert noted == [reading.person(7)]


def test_nothing_that_is_streamed_is_answered_too(
    cluster: Cluster, connections: Connections, noted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    response = answer(lambda: StreamingHttpResponse([]), monkeypatch)
    assert b"".join(cast("StreamingHttpResponse", response)) == b""


# --- What PostgreSQL keeps and says ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_end_of_a_write_is_kept_for_its_caller_and_for_a_while() -> None:
    primary = cast("DatabaseWrapper", connection)
    note_write(primary, "client 1")
    position, needed = ask_primary(primary, "client 1", bound=5)
    assert needed is not None
    assert 0 < needed <= position
    assert ask_primary(primary, "client 2", bound=5)[1] is None
    note_write(primary, "client 1")
    assert ask_primary(primary, "client 1", bound=5)[1] >= needed  # type: ignore[operator]
    RecentWrite.objects.update(written_at=timezone.now() - timedelta(seconds=6), position=2**62)
    assert ask_primary(primary, "client 1", bound=5)[1] is None
    # Of another cluster, before its dump was restored here.
    RecentWrite.objects.update(written_at=timezone.now() - timedelta(minutes=2))
    note_write(primary, "client 1")
    assert ask_primary(primary, "client 1", bound=5)[1] < 2**62  # type: ignore[operator]


@pytest.mark.django_db
def test_notes_are_not_logged() -> None:
    with psycopg.connect(connection.connection.info.dsn) as other:
        kind = other.execute("SELECT relpersistence FROM pg_class WHERE relname = 'core_recentwrite'").fetchone()
    assert kind == ("u",)


@pytest.mark.django_db
def test_a_primary_is_no_replica() -> None:
    assert ask_replica(cast("DatabaseWrapper", connection)) is None


def test_nothing_is_said_of_a_replica_that_there_is_not() -> None:
    assert replica_state() is None
