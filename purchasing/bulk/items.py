"""What became of each item of a bulk call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import DatabaseError

from core.api.problems import domain_error_of, problem_of
from core.errors import DomainError, TryLater

Identifiers = dict[str, str]


class BulkOutcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Item:
    """`revision`: the purchase's after the item, None when it was rejected. `errors`: as in a problem object."""

    index: int
    identifiers: Identifiers
    outcome: BulkOutcome
    revision: int | None
    errors: list[dict[str, Any]]


def accepted(index: int, identifiers: Identifiers, outcome: str, revision: int) -> Item:
    return Item(index, identifiers, BulkOutcome(outcome), revision, [])


def rejected(index: int, identifiers: Identifiers, refusal: DomainError) -> Item:
    errors: Any = problem_of(refusal)["errors"]
    return Item(index, identifiers, BulkOutcome.REJECTED, None, errors)


def or_rejected(work: Callable[[], list[Item]], *, sent: list[tuple[int, Identifiers]]) -> list[Item]:
    """What `work` answers; when it is refused, every item of it rejected for the same reason.

    A database that is away refuses the whole call: nothing that follows would fare better.
    """
    try:
        return work()
    except (DomainError, DatabaseError) as error:
        refusal = domain_error_of(error)
        if refusal is None or isinstance(refusal, TryLater):
            raise
        return [rejected(index, identifiers, refusal) for index, identifiers in sent]
