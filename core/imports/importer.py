"""What a room implements to have its files imported, and what it answers for each record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import DatabaseError, transaction

from core.actors import Actor
from core.api.problems import domain_error_of
from core.errors import DomainError
from core.imports.rows import Column, Record, Row, RowFault
from core.models import Site
from core.written import Written

REJECTED = "rejected"
OUTCOMES = (*Written, REJECTED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record; `written` is None for one that was rejected, and `faults` say why."""

    record: Record
    written: Written | None
    faults: Sequence[RowFault] = ()

    @property
    def word(self) -> str:
        return self.written.value if self.written else REJECTED


def identifier(row: Row, name: str) -> str:
    """What the row says under this name, if that may be an identifier; else `""`."""
    value = row.values.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def rejected(record: Record, faults: Iterable[RowFault]) -> Outcome:
    return Outcome(record, None, list(faults))


class Importer(ABC):
    """One kind of file, for one run: made with the site, who does it and when.

    `store` goes through the operations of its room: what the API refuses is refused here in the same words.
    """

    name: ClassVar[str]
    """Of many, as people and the command say it: `stock levels`."""
    command: ClassVar[str]
    """The command for files of any length."""
    columns: ClassVar[Sequence[Column]]
    """Of a table."""
    document: ClassVar[str]
    """What a JSON line holds, in one sentence."""
    piece: ClassVar[int] = 100
    """Records that are stored in one database transaction."""
    most_uploaded: ClassVar[int] = 500
    """Rows that are taken in the back office, where somebody waits for the answer."""
    do_not_call_in_templates: ClassVar[bool] = True
    """A page asks the class for what it says; a template would make one of it first."""

    def __init__(self, *, site: Site, actor: Actor, now: datetime) -> None:
        self.site = site
        self.actor = actor
        self.now = now

    @abstractmethod
    def key(self, row: Row) -> Hashable:
        """What the row is about. Consecutive rows of a table with the same key are one record; None: a row by itself.

        No key comes twice in a file. A row at fault has one too, so that the record it belongs to is rejected whole.
        """

    @abstractmethod
    def store(self, records: Sequence[Record]) -> list[Outcome]:
        """Store what can be stored of a piece, in the caller's transaction: an outcome for each record, in order.

        May run again for the same piece after a lost race.
        """


class OneByOne(Importer):
    """Records that are stored one by one, each behind a savepoint of its own."""

    def store(self, records: Sequence[Record]) -> list[Outcome]:
        return [self._outcome_of(record) for record in records]

    @abstractmethod
    def store_one(self, record: Record) -> Written:
        """Store the record whole or raise what the operation raises."""

    def place(self, record: Record, property: str) -> tuple[int, str]:
        """The line, and the column or member, that a property of the record's document stands in."""
        return record.line, property

    def _outcome_of(self, record: Record) -> Outcome:
        try:
            with transaction.atomic():
                return Outcome(record, self.store_one(record))
        except (DomainError, ValueError, DatabaseError) as error:
            faults = refusal_of(error).faults
        return rejected(record, (RowFault(*self.place(record, f.property or ""), f.message) for f in faults))


def refusal_of(error: Exception) -> DomainError:
    """What the business refused in a record. Raises `error` again when it is none: a fault of ours, or no database."""
    refusal = domain_error_of(error)
    if refusal is None or refusal.status >= 500:
        raise error
    return refusal
