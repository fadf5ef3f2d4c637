"""The load generator: requests over a few keep-alive connections, each answer checked."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.servers import Server

CONCURRENCY = 4
OK = (200, 201, 204)


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Beside those of the client."""


class Client:
    """Calls one server, over `CONCURRENCY` connections that stay open."""

    def __init__(self, server: Server, headers: Mapping[str, str]) -> None:
        self.server = server
        self.headers = {"Content-Type": "application/json", **headers}
        self._pool = ThreadPoolExecutor(CONCURRENCY)
        self._connections = [
            http.client.HTTPConnection("127.0.0.1", server.port, timeout=30) for _ in range(CONCURRENCY)
        ]

    def connect(self) -> None:
        """Connect anew: a server closes what nobody has asked over for a while."""
        for connection in self._connections:
            connection.close()
            connection.connect()

    def measure(self, calls: Sequence[Call]) -> float:
        """Do all calls and answer the CPU milliseconds that each cost server and database."""
        before = self.server.cpu_seconds()
        self.do(calls)
        return (self.server.cpu_seconds() - before) * 1000 / len(calls)

    def elapsed(self, calls: Sequence[Call]) -> list[float]:
        """Do one call after the other and answer the milliseconds that each took until its whole answer was there."""
        taken = []
        for call in calls:
            before = time.perf_counter()
            self.answer(call)
            taken.append((time.perf_counter() - before) * 1000)
        return taken

    def do(self, calls: Sequence[Call]) -> None:
        """Every connection takes its share, one call after the other."""
        shares = [calls[index::CONCURRENCY] for index in range(CONCURRENCY)]
        list(self._pool.map(self._do_share, self._connections, shares))

    def answer(self, call: Call) -> bytes:
        """One call's answer."""
        return self._call(self._connections[0], call)

    def close(self) -> None:
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    def _do_share(self, connection: http.client.HTTPConnection, calls: Sequence[Call]) -> None:
        for call in calls:
            self._call(connection, call)

    def _call(self, connection: http.client.HTTPConnection, call: Call) -> bytes:
        connection.request(call.method, call.path, call.body or None, {**self.headers, **call.headers})
        response = connection.getresponse()
        data = response.read()
        if response.status not in OK:
            raise SystemExit(
                f"bench: {self.server.name} answered {response.status} to {call.method} {call.path}: {data!r}"
            )
        return data
