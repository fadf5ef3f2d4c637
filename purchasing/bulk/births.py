"""SparkLayer ids of purchases that a bulk call creates: worked out, not drawn, so that a rehearsal can name them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from uuid import UUID, uuid5

from purchasing import store
from purchasing.identity import Sought

_SPACE = UUID("6f1c2c4e-5d0b-4f0a-9c57-0e6f4a6f3d11")


class Births:
    """Which SparkLayer id the next purchase with these identifiers gets, when none was sent.

    It comes from site and identifiers; where a purchase of the site has it, or had it, from the next number.
    """

    def __init__(self, *, site_id: int, sought: Iterable[Sought]) -> None:
        self._site_id = site_id
        first = {self._candidate(identifiers, 0) for identifiers in sought if "sparklayer" not in identifiers}
        self._taken = store.known_spark_ids(site_id=site_id, spark_ids=first) if first else set()

    def spark_id_for(self, identifiers: Sought) -> UUID:
        for number in count():
            candidate = self._candidate(identifiers, number)
            if number:
                self._taken |= store.known_spark_ids(site_id=self._site_id, spark_ids=[candidate])
            if candidate not in self._taken:
                return candidate
        raise AssertionError("unreachable")

    def note(self, spark_id: UUID) -> None:
        """It has been given."""
        self._taken.add(spark_id)

    def _candidate(self, identifiers: Sought, number: int) -> UUID:
        told = [f"{kind}={len(str(value))}:{value}" for kind, value in sorted(identifiers.items())]
        return uuid5(_SPACE, "\n".join([str(self._site_id), str(number), *told]))
