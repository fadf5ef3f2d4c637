"""The run: records in pieces, each one transaction that stands by itself. So a run that was cut off is run again.

A dry run does the same in one transaction and takes it back; what it tells is what the run then tells, also of records
that refer to earlier ones. It holds what it touches until it ends, as its writes do.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice

from django.db import connection, transaction

from core.imports.importer import Importer, Outcome, rejected
from core.imports.rows import Record, Row, RowFault
from core.retries import in_transaction


def run_import(
    *, importer: Importer, rows: Iterable[Row], dry_run: bool, told: Callable[[Sequence[Outcome]], None]
) -> None:
    """Store every record that can be stored; `told` hears of each piece once it stands, in the order of the file.

    Raises what is no fault of a record: UnreadableFile, Conflict `try-again` after too many lost races, and errors of
    the database itself. The pieces before it stand.
    """
    records = _records_of(importer, rows)
    with _taken_back() if dry_run else nullcontext():
        while piece := list(islice(records, importer.piece)):
            told(_stored(importer, piece))


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _stored(importer: Importer, piece: Sequence[Record]) -> list[Outcome]:
    sound = [record for record in piece if not record.faults]

    def work() -> list[Outcome]:
        outcomes = importer.store(sound)
        connection.check_constraints()  # now, not at the commit that a dry run never comes to
        return outcomes

    stored = iter(in_transaction(work) if sound else ())
    return [rejected(record, record.faults) if record.faults else next(stored) for record in piece]


def _records_of(importer: Importer, rows: Iterable[Row]) -> Iterator[Record]:
    """Rows that go together, put together. One about what an earlier record is about gets a fault."""
    first_line: dict[Hashable, int] = {}
    record: Record | None = None
    for row in rows:
        key = None if row.faults and row.is_document else importer.key(row)
        if record is not None and key is not None and key == record.key and not row.is_document:
            record.rows.append(row)
            continue
        if record is not None:
            yield record
        record = Record(key, [_once(row, key, first_line)])
    if record is not None:
        yield record


def _once(row: Row, key: Hashable, first_line: dict[Hashable, int]) -> Row:
    line = row.line if key is None else first_line.setdefault(key, row.line)
    if line == row.line:
        return row
    message = f"This is about the same as line {line}. Rows about the same follow each other."
    faults = [*row.faults, RowFault(row.line, "", message)]
    return Row(row.line, row.values, is_document=row.is_document, faults=faults)
