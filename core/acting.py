"""Who acts in this thread, for the trail of changes; told to the database with what is written (`core.postgres`).

Operations name their author where they record one themselves. The trail is written by triggers, below every operation
and for writes that pass them by, so its author comes along with the statement.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from core.actors import SYSTEM, Actor


def _system() -> Actor:
    return SYSTEM


_asked: ContextVar[Callable[[], Actor]] = ContextVar("acting", default=_system)


def acting() -> Actor:
    """The author of what this thread writes now; the system where nobody has been named."""
    return _asked.get()()


def act_as(actor: Actor) -> None:
    """From here on this thread writes for `actor`, until another is named or the next request begins."""
    _asked.set(lambda: actor)


def act_as_asked(who: Callable[[], Actor]) -> None:
    """The same, for an author who costs a question: `who` is called when something is written to the trail."""
    _asked.set(who)


def act_as_nobody(**_signal: Any) -> None:
    """A new request: whoever acted in this thread before does not any more."""
    _asked.set(_system)
