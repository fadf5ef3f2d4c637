"""A program that calls the server over one connection, whatever becomes of it."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

Item = TypeVar("Item")
HUNG_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: none came; `body` then says why."""

    status: int
    body: bytes
    media_type: str
    seconds: float

    @property
    def document(self) -> Any:
        return orjson.loads(self.body)


class Caller:
    """For one thread. `headers` go with every call."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.headers = {"Content-Type": "application/json", **headers}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HUNG_SECONDS)

    def call(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """`body`: bytes as they are, anything else as JSON. `path` and header values go out as they are, in latin-1."""
        data = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
        began = time.monotonic()
        try:
            self._connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in {**self.headers, **(headers or {})}.items():
                self._connection.putheader(name, value.encode("latin-1"))
            self._connection.putheader("Content-Length", str(len(data or b"")))
            self._connection.endheaders(data)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            return Answer(0, repr(fault).encode(), "", time.monotonic() - began)
        if response.will_close:
            self.close()
        media_type = (response.getheader("Content-Type") or "").partition(";")[0]
        return Answer(response.status, content, media_type, time.monotonic() - began)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()


def in_threads(count: int, work: Callable[[int], Item]) -> list[Item]:
    """What `work(number)` answers, by as many threads at a time."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))


def shares(items: Sequence[Item], count: int) -> list[Sequence[Item]]:
    """The items dealt out to so many."""
    return [items[number::count] for number in range(count)]
