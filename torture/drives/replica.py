"""Reads go to a replica, no caller misses what he wrote himself, and neither delay nor loss of it is an error.

Where something was read shows by what was read: while the replica stands still, only the primary has the newest.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from torture.calling import Answer, Caller, in_threads
from torture.database import Database
from torture.documents import PURCHASES, written
from torture.outcome import Outcome
from torture.stage import Stage
from torture.web import Web

THREADS = 4
LAG_SECONDS = 3
PATIENCE = 60.0
SHOWN = f"{PURCHASES}/internal/replica-shown"
ADDRESSES = (
    SHOWN,
    f"{PURCHASES}?limit=5",
    f"{PURCHASES}?limit=5&search=replica&count=true",
    "/api/v1/orders?limit=5",
    "/api/v1/customers?limit=5",
    "/api/v1/products",
    "/api/v1/variants",
    "/api/v2/price-lists",
)
PAGES = (
    "/account/orders/",
    "/account/orders.csv",
    "/account/statement/",
    "/account/statement.csv",
    "/admin/",
    "/admin/purchasing/purchase/",
    "/admin/customers/customer/",
)


def replica(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("replica")
    with (
        tempfile.TemporaryDirectory(prefix="torture-") as directory,
        Database(Path(directory) / "postgres", replica_of=stage.database) as copy,
    ):
        web = Web(DATABASE_REPLICA_URL=copy.url, DATABASE_REPLICA_LAG=str(LAG_SECONDS))
        web.start()
        try:
            web.wait()
            play = Play(stage, web, copy, outcome)
            outcome.figures["writes read back"] = play.own_writes_are_seen(size)
            play.others_read_the_replica_until_it_is_late()
            outcome.figures["reads while it was lost"] = play.its_loss_is_no_error(max(20, size // 10))
            if stage.judges_times:
                play.others_read_the_replica_until_it_is_late()
        finally:
            web.stop()
    return outcome


class Play:
    """The acts of this drive."""

    def __init__(self, stage: Stage, web: Web, copy: Database, outcome: Outcome) -> None:
        self.web, self.copy, self.outcome = web, copy, outcome
        # Two programs: what one writes is not the other's own.
        self.writing, self.reading = stage.sign_in(), stage.sign_in()
        [customer] = stage.make_customers("replica", 1)
        self.browsing = _browser(customer)

    def own_writes_are_seen(self, size: int) -> int:
        """Every writer reads over a connection of its own, which any process may have taken."""

        def write_and_read(number: int) -> int:
            writer, reader = Caller(self.web.port, self.writing), Caller(self.web.port, self.writing)
            path = f"{PURCHASES}/internal/replica-{number}"
            for version in range(size // THREADS):
                mark = f"replica-{number}-{version}"
                put = writer.call("PUT", path, written(mark))
                if version % 5 == 0:
                    reader.close()
                got = reader.call("GET", path)
                if not 200 <= put.status < 300 or got.status != 200:
                    self.outcome.faults.append(f"answered {put.status}, then {got.status}")
                elif got.document["customer_reference"] != mark:
                    self.outcome.faults.append(f"stale: {path} without what its writer had written")
            writer.close()
            reader.close()
            return size // THREADS

        return sum(in_threads(THREADS, write_and_read))

    def others_read_the_replica_until_it_is_late(self) -> None:
        writer, reader = Caller(self.web.port, self.writing), Caller(self.web.port, self.reading)
        shown = _reference_by(reader)
        before, after = f"before {time.monotonic()}", f"after {time.monotonic()}"
        writer.call("PUT", SHOWN, written(before))
        self._until(lambda: shown() == before and self._state()["state"] == "read", "the replica is read")
        with psycopg.connect(self.copy.url.replace("sparkproject@", "postgres@"), autocommit=True) as office:
            office.execute("SELECT pg_wal_replay_pause()")
            self._until(
                lambda: office.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() == ("paused",),
                "it stands still",
            )
            shown()  # as fresh as it will be
            writer.call("PUT", SHOWN, written(after))
            own = _reference(writer.call("GET", SHOWN))
            self.outcome.expect(own == after, "the writer missed his own write")
            self.outcome.expect(shown() == before, "another caller did not read the replica")
            conditional = reader.call("GET", SHOWN, headers={"If-None-Match": '"none"'})
            self.outcome.expect(_reference(conditional) == after, "a conditional read was no first-hand one")
            began = time.monotonic()
            self._until(lambda: shown() == after, "a replica that is late is not read")
            self.outcome.expect(time.monotonic() - began < 3 * LAG_SECONDS, "a late replica was read too long")
            late = self._state_when("behind", "/readyz says so")
            self.outcome.expect(late["bytes_behind"] > 0, "/readyz says that it is behind by nothing")
            office.execute("SELECT pg_wal_replay_resume()")
        self._state_when("read", "the replica catches up")
        writer.close()
        reader.close()

    def its_loss_is_no_error(self, reads: int) -> int:
        """Read all the time, while it is killed and comes back."""
        end, counts = threading.Event(), [0] * THREADS

        def read(number: int) -> None:
            headers, paths = (self.reading, ADDRESSES) if number % 2 else (self.browsing, PAGES)
            reader = Caller(self.web.port, headers)
            while not end.is_set():
                path = paths[counts[number] % len(paths)]
                answer = reader.call("GET", path)
                if answer.status != 200:
                    self.outcome.faults.append(f"{path} was answered {answer.status} {answer.body[:200]!r}")
                counts[number] += 1
            reader.close()

        def more(share: int) -> None:
            target = sum(counts) + share
            self._until(lambda: sum(counts) >= target, "reads are answered")

        with ThreadPoolExecutor(THREADS) as threads:
            running = [threads.submit(read, number) for number in range(THREADS)]
            try:
                more(reads)
                self.copy.end()
                before = sum(counts)
                more(reads)
                self.outcome.expect(self._state() == {"state": "lost"}, "/readyz does not say that it is lost")
                while_lost = sum(counts) - before
                self.copy.start()
                self._state_when("read", "the replica is read again")
                more(reads)
            finally:
                end.set()
            for run in running:
                run.result()
        return while_lost

    def _state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web.port}/readyz", timeout=30) as answer:
            state: dict[str, Any] = json.load(answer)["replica"]
        return state

    def _state_when(self, state: str, what: str) -> dict[str, Any]:
        """What /readyz says the first time that it says this state."""
        answers: list[dict[str, Any]] = []

        def says_so() -> bool:
            answers.append(self._state())
            return bool(answers[-1]["state"] == state)

        self._until(says_so, what)
        return answers[-1]

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        """Raises SystemExit when it never comes true."""
        limit = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > limit:
                raise SystemExit(f"torture: {what}: never.")
            time.sleep(0.02)


def _browser(public_id: str) -> dict[str, str]:
    """Headers of somebody who is staff, and stands for this customer in My account."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from core.ids import CUSTOMER, number_of
    from core.models import User
    from customers.models import Customer
    from purchasing.pages.visitor import CUSTOMER_KEY

    user = User.objects.create_superuser(email="replica@torture.example", password=None)
    number = number_of(CUSTOMER, public_id)
    assert number is not None
    Customer.objects.filter(pk=number).update(user=user)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "core.sign_in.EmailBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[CUSTOMER_KEY] = number
    session.save()
    connection.close()
    return {"Cookie": f"sessionid={session.session_key}"}


def _reference_by(reader: Caller) -> Callable[[], object]:
    return lambda: _reference(reader.call("GET", SHOWN))


def _reference(answer: Answer) -> str:
    """The reference in the purchase that was answered, or else what was answered."""
    return str(answer.document["customer_reference"]) if answer.status == 200 else f"{answer.status} {answer.body!r}"
