"""How far the replica is behind, as one process sees it. Pure: clocks and positions are handed in.

A position is a number of bytes in the primary's log of changes. The replica's age is measured against what this process
itself saw of the primary, not by the clocks of two machines: a replica that has lost its primary grows older, and one
of an idle primary does not.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

SAMPLE_SECONDS = 0.05
"""Positions of the primary are remembered at most this often; those between count as the later one."""
LOST_SECONDS = 5.0
"""A replica that failed is left alone for so long; then one request at a time tries it."""


@dataclass(slots=True)
class Positions:
    """Seconds are those of a clock that never goes back. Safe for several threads."""

    bound: float
    """The age in seconds from which the replica is not read."""
    replayed: int = -1
    """How far the replica was when it was last asked."""
    _primary: int = -1
    _samples: deque[tuple[float, int]] = field(default_factory=deque)
    _left_alone_until: float = 0.0
    _suspect: bool = False
    _lock: Lock = field(default_factory=Lock)

    def primary_is_at(self, position: int, now: float) -> None:
        with self._lock:
            self._primary = max(self._primary, position)
            if self._samples and self._samples[-1][1] >= position:
                self._samples[-1] = (now, self._samples[-1][1])
            elif not self._samples or now - self._samples[-1][0] >= SAMPLE_SECONDS:
                self._samples.append((now, position))
            while self._samples[0][0] < now - 2 * self.bound and len(self._samples) > 1:
                self._samples.popleft()

    def replica_is_at(self, position: int) -> None:
        """It answered, so it is not lost either."""
        with self._lock:
            self.replayed = max(self.replayed, position)
            self._suspect, self._left_alone_until = False, 0.0

    def age(self, now: float) -> float | None:
        """Seconds since the replica, as last asked, was the same as the primary; None: longer than is remembered."""
        with self._lock:
            if self.replayed >= self._primary:
                return 0.0
            return next((now - at for at, position in reversed(self._samples) if position <= self.replayed), None)

    def is_fresh(self, now: float, *, within: float, needed: int | None) -> bool:
        """Whether the replica is younger than `within` seconds and has the change that ended at `needed`."""
        age = self.age(now)
        return age is not None and age <= within and (needed is None or needed <= self.replayed)

    def is_lost(self, now: float) -> None:
        with self._lock:
            self._suspect, self._left_alone_until = True, now + LOST_SECONDS

    def may_be_asked(self, now: float) -> bool:
        """False while a lost replica is left alone. The first request after that tries it, before all others."""
        with self._lock:
            if now < self._left_alone_until:
                return False
            if self._suspect:
                self._left_alone_until = now + LOST_SECONDS
            return True

    def seems_lost(self) -> bool:
        with self._lock:
            return self._suspect
