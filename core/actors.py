"""Who did it: the author that revisions, ledger entries and history name."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ActorKind(StrEnum):
    CLIENT = "client"
    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """An API client, a member of staff, a customer or the system itself; `str()` is what is stored and shown.

    `takes_away`: whether this one may take away what stands (lines of a purchase, applied money); of staff the role
    says it.
    """

    kind: ActorKind
    name: str = ""
    takes_away: bool = field(default=True, compare=False)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}" if self.name else self.kind.value


SYSTEM = Actor(ActorKind.SYSTEM)


def told_to_customers(author: str) -> str:
    """A stored author as customers are told it: `staff` and `client` without a name, which is the merchant's own."""
    kind, _, _ = author.partition(":")
    return kind if kind in (ActorKind.STAFF, ActorKind.CLIENT) else author
