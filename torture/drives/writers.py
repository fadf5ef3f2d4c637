"""Writers that keep what was acknowledged to them, and the comparison with what is stored afterwards."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from torture.calling import Caller, in_threads
from torture.documents import PURCHASES, marks_of, payment, written

THREADS = 8


@dataclass(slots=True)
class Kept:
    """What one writer knows of a purchase of its own: versions and payments, as far as they were answered."""

    path: str
    sent: int = -1
    acknowledged: int = -1
    payments: list[str] = field(default_factory=list)


def mark_of(path: str, version: int) -> str:
    return f"{path.rpartition('/')[2]}.{version}"


class Writer:
    """Writes purchases and payments of its own, one after the other, until it is told to end."""

    def __init__(self, port: int, headers: Callable[[], dict[str, str]], name: str, customer: str) -> None:
        self.name, self.customer = name, customer
        self.kept: list[Kept] = []
        self.writes = 0
        self.faults: list[str] = []
        self.refused: Counter[int] = Counter()
        self.slowest = 0.0
        self._caller = Caller(port, headers())

    def run(self, end: threading.Event) -> None:
        turn = 0
        while not end.is_set():
            if turn % 4 == 0:
                self.kept.append(Kept(f"{PURCHASES}/internal/{self.name}-{turn}"))
            kept = self.kept[-1]
            if turn % 4 == 3 and kept.acknowledged >= 0:
                name = f"pay-{turn}"
                if self._write(f"{kept.path}/transactions", payment(name)):
                    kept.payments.append(name)
            else:
                kept.sent = turn % 4
                if self._write(kept.path, written(mark_of(kept.path, kept.sent), customer=self.customer)):
                    kept.acknowledged = kept.sent
            turn += 1
        self._caller.close()

    def _write(self, path: str, body: object) -> bool:
        answer = self._caller.call("PUT", path, body)
        self.slowest = max(self.slowest, answer.seconds)
        if 200 <= answer.status < 300:
            self.writes += 1
            return True
        self.refused[answer.status] += 1
        if answer.status not in (0, 404, 409, 503):  # away, not there yet, or asked to come again
            self.faults.append(f"PUT {path} was answered {answer.status} {answer.body[:200]!r}")
        time.sleep(0.02)
        return False


def until_written(writers: list[Writer], count: int) -> None:
    """Let them write until they have so many acknowledgements together. Raises SystemExit when they never do."""
    limit = time.monotonic() + 300
    while sum(writer.writes for writer in writers) < count:
        if time.monotonic() > limit:
            raise SystemExit("torture: nothing is acknowledged any more.")
        time.sleep(0.01)


def lost_or_torn(writers: list[Writer], *, port: int, headers: dict[str, str]) -> list[str]:
    """What the writers met, and what is wrong with what is stored by what was acknowledged to them."""

    def judge(number: int) -> list[str]:
        reader = Caller(port, headers)
        faults = list(writers[number].faults)
        for kept in writers[number].kept:
            answer = reader.call("GET", kept.path)
            paid = reader.call("GET", f"{kept.path}/transactions").document if answer.status == 200 else []
            names = {row["platform_id"] for row in paid}
            faults += compare(kept, answer.document if answer.status == 200 else None, names)
        reader.close()
        return faults

    return [fault for faults in in_threads(len(writers), judge) for fault in faults]


def compare(kept: Kept, document: dict[str, object] | None, payments: set[str]) -> list[str]:
    """What is wrong with a stored purchase (None: it is not there) and its payments, by what was acknowledged."""
    if document is None:
        return [f"lost: {kept.path}"] if kept.acknowledged >= 0 else []
    marks = marks_of(document)
    faults = [f"lost: payment {name} of {kept.path}" for name in kept.payments if name not in payments]
    if len(marks) > 1:
        return [*faults, f"torn: {kept.path} is of {sorted(marks)}"]
    # A version that was sent later and never answered may have been stored.
    allowed = {mark_of(kept.path, version) for version in range(max(0, kept.acknowledged), kept.sent + 1)}
    if not marks <= allowed:
        faults.append(f"lost: {kept.path} is of {sorted(marks)}, not of {sorted(allowed)}")
    return faults
