"""Which rows of purchases and accounts a transaction locks, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import orjson
import pytest
from django.db import connection

from core.postgres.base import DatabaseWrapper
from core.postgres.exchange import Call, Rows

_LOCKS = re.compile(r" FOR (NO KEY )?UPDATE\b( OF \w+)?")
_KINDS = {"purchasing_purchase": "purchase", "customers_account": "account"}
_SEND = DatabaseWrapper.send
_IN_ORDER = {
    "purchase": re.compile(r"ORDER BY (\w+\.)?id( ASC)? FOR "),
    "account": re.compile(r"ORDER BY customer_id, currency_code FOR "),
}


class Lock(NamedTuple):
    """What one statement locks, in the order in which it meets the rows; `in_order` is whether it says which."""

    kind: str
    rows: list[Any]
    in_order: bool


@dataclass
class Locks:
    """Of each transaction that took any, oldest first. In a test with a transaction of its own that of a door is the
    outermost savepoint.
    """

    transactions: list[list[Lock]] = field(default_factory=lambda: [[]])
    _savepoints: list[str] = field(default_factory=list)

    def note(self, text: str, values: Sequence[Any]) -> None:
        """A statement that is about to be sent."""
        text = " ".join(text.split()).replace('"', "")
        words = text.split()
        if words[0] == "SAVEPOINT":
            self._savepoints.append(words[1])
        elif words[0] == "RELEASE" and words[-1] in self._savepoints:
            del self._savepoints[self._savepoints.index(words[-1]) :]
            if not self._savepoints:
                self.transactions.append([])
        elif (lock := _lock_of(text, values)) is not None:
            self.transactions[-1].append(lock)

    @property
    def kinds(self) -> list[str]:
        """Of every lock."""
        return [lock.kind for locks in self.transactions for lock in locks]

    @property
    def faults(self) -> list[str]:
        return [fault for locks in self.transactions for fault in _faults_of(locks)]


@contextmanager
def watched_locks() -> Iterator[Locks]:
    """What is locked by this thread while the block lasts."""
    locks = Locks()
    send, post = DatabaseWrapper.send, DatabaseWrapper.post

    def noted_send(database: DatabaseWrapper, calls: Sequence[Call]) -> list[Rows]:
        for text, values, _may in calls:
            locks.note(text, values)
        return send(database, calls)

    def noted_post(database: DatabaseWrapper, call: Call) -> None:
        locks.note(call[0], call[1])
        post(database, call)

    def noted(execute: Callable[..., Any], text: str, values: Any, many: bool, context: Any) -> Any:
        locks.note(text, values or ())
        return execute(text, values, many, context)

    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(noted):
        patch.setattr(DatabaseWrapper, "send", noted_send)
        patch.setattr(DatabaseWrapper, "post", noted_post)
        yield locks


def _lock_of(text: str, values: Sequence[Any]) -> Lock | None:
    """None when the statement locks neither purchases nor accounts."""
    if _LOCKS.search(text):
        kind = _KINDS.get(text.partition(" FROM ")[2].split()[0])
        return (
            None if kind is None else Lock(kind, _rows(kind, text, values), in_order=bool(_IN_ORDER[kind].search(text)))
        )
    if re.search(r"\b(INSERT INTO|UPDATE) customers_account\b", text):
        return Lock("account", [tuple(values[1:3])], in_order=True)
    if re.search(r"\b(INSERT INTO|UPDATE|DELETE FROM) purchasing_purchase\b", text):
        if "json_to_recordset($2::json)" not in text:
            return Lock("purchase", [values[1]], in_order=True)
        # Those that stand are held by now; new ones wait for others by their identifiers, in the order of one of them.
        sent = orjson.loads(values[1])
        born = [row["spark_id"] for row in sent]
        return Lock("purchase", [row["id"] for row in sent], in_order=born == sorted(born))
    return None


def _rows(kind: str, text: str, values: Sequence[Any]) -> list[Any]:
    """What a statement is about to lock: ids of purchases, customer and currency of accounts."""
    plain = _LOCKS.sub("", text)
    for number in range(plain.count("%s")):
        plain = plain.replace("%s", f"${number + 1}", 1)
    if kind == "account":
        plain = f"SELECT customer_id, currency_code FROM {plain.partition(' FROM ')[2]}"
    [found] = _SEND(cast("DatabaseWrapper", connection), [(plain, values, False)])
    return [row[0] if kind == "purchase" else row for row in found]


def _faults_of(locks: Sequence[Lock]) -> Iterator[str]:
    """What one transaction does otherwise than all others. Rows that it holds already may be locked again."""
    held: dict[str, list[Any]] = {"purchase": [], "account": []}
    for lock in locks:
        fresh = [row for row in lock.rows if row not in held[lock.kind]]
        if not fresh:
            continue
        if lock.kind == "purchase" and held["account"]:
            yield "a purchase after an account"
        if len(fresh) > 1 and not lock.in_order:
            yield f"several of {lock.kind} in no order"
        if held[lock.kind] and min(fresh) < max(held[lock.kind]):
            yield f"a lower {lock.kind} after a higher one"
        held[lock.kind] += fresh
