"""The measurement itself: both servers on the same data, in turns, operation by operation."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import orjson
import psutil
from django.db import connection

from bench.cast import find_cast, numbers_of
from bench.cpu import memory_of_tree
from bench.figures import BARE, OURS, p95
from bench.fill import sign_in
from bench.load import Call, Client
from bench.pricing import fill_prices
from bench.scenarios import BULK_AT, OPERATIONS, Operation, get_one
from bench.servers import bare, product
from bench.statements import count_statements

Cost = tuple[str, str, float]


class Measuring:
    """Both servers of one database. They end with `stack`."""

    def __init__(
        self, stack: contextlib.ExitStack, postmaster: psutil.Process, *, calls: int, searches: int, prices: int
    ) -> None:
        self._calls = calls
        self._ours_server = stack.enter_context(product(postmaster))
        self._bare_server = stack.enter_context(bare(postmaster))
        self._headers = sign_in(self._ours_server)
        self._ours = Client(self._ours_server, self._headers)
        self._bare = Client(self._bare_server, {})
        stack.callback(self._ours.close)
        stack.callback(self._bare.close)
        fill_prices(self._ours, prices)
        self.cast = find_cast(self._ours, searches=searches)
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            [self._version] = cursor.fetchone()
        connection.close()

    def warm_up(self, calls: int) -> None:
        """A round that nobody counts. Ends the program when the servers did not do the same work."""
        self._go_round(0, calls)
        first = numbers_of(self.cast, 0, calls)[0]
        self._refuse_different_answers(first)
        for number in (first, first + BULK_AT):
            [call] = get_one([number], self.cast)
            revision = orjson.loads(self._ours.answer(call))["revision"]
            if revision != (2 if number == first else 1):
                raise SystemExit(f"bench: {call.path} has revision {revision} after its PUTs.")

    def round(self, number: int) -> list[Cost]:
        """What each operation cost in the round of this number, from 1 on."""
        return self._go_round(number, self._calls)

    def circumstances(self) -> dict[str, Any]:
        """What is told of a run beside its costs; asked when the rounds are over."""
        return {
            "entries": self.cast.entries,
            "postgresql": self._version,
            "statements": count_statements(self.cast, self._headers),
            "memory": {
                BARE: memory_of_tree(self._bare_server.process),
                OURS: memory_of_tree(self._ours_server.process),
            },
        }

    def _go_round(self, number: int, count: int) -> list[Cost]:
        """Every operation once, on the bare handler and then on ours where both do it."""
        for client in (self._bare, self._ours):
            client.connect()
        numbers = numbers_of(self.cast, number, count)
        costs: list[Cost] = []
        for operation in OPERATIONS:
            calls = operation.calls(numbers, self.cast)
            if operation.on_bare:
                costs.append((BARE, operation.name, self._bare.measure(calls)))
            costs.append((OURS, operation.name, self._cost_of_ours(operation, calls)))
        return costs

    def _cost_of_ours(self, operation: Operation, calls: Any) -> float:
        if operation.elapsed:
            return p95(self._ours.elapsed(calls))
        return self._ours.measure(calls) / operation.of_each

    def _refuse_different_answers(self, number: int) -> None:
        """Both must have come to the same total for the same body: else they did not do the same work."""
        call: Call
        [call] = get_one([number], self.cast)
        total = orjson.loads(self._ours.answer(call))["calculated_total"]["number"]
        other = f"{Decimal(orjson.loads(self._bare.answer(call))['calculated_total']):.2f}"
        if total != other:
            raise SystemExit(f"bench: the product answers a total of {total}, the bare handler one of {other}.")
