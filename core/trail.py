"""The trail of changes: which tables keep one, and the statement that puts who acts into the transaction.

A model whose rows keep a trail says so by `keeps_trail` and its table by the migration operation `KeepTrail`
(`core.models.trail`), so that the database writes it whoever changes rows, one by one or in bulk.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TypeVar

from django.db import models

TELL = "SELECT set_config('sparkproject.actor', $1, true)"
"""For the rest of the transaction: read by the triggers."""
Kept = TypeVar("Kept", bound=type[models.Model])
_kinds: dict[str, type[models.Model]] = {}


def keeps_trail(model: Kept) -> Kept:
    """Decorator of a model whose changes are kept; its kind in the trail is the model's name."""
    _kinds[str(model._meta.model_name)] = model
    _writes.cache_clear()
    is_written_within.cache_clear()
    return model


def kinds() -> dict[str, type[models.Model]]:
    """The models that keep a trail, by their kind."""
    return dict(_kinds)


@cache
def _writes() -> re.Pattern[str]:
    tables = "|".join(model._meta.db_table for model in _kinds.values())
    return re.compile(rf'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY)\s+"?(?:{tables})\b')


def is_written_to(statement: str) -> bool:
    """Whether a statement begins with a write to a table that keeps a trail. Of any other it reads one word."""
    return _writes().match(statement) is not None


@lru_cache(maxsize=512)
def is_written_within(statement: str) -> bool:
    """The same of one of a fixed few statements, wherever in it the write stands."""
    return _writes().search(statement) is not None
