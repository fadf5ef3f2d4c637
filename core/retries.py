"""One database transaction for a piece of work, tried again when the database says that would help."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg.errors
from django.db import IntegrityError, OperationalError, transaction

from core.errors import Conflict
from core.postgres.exchange import OutdatedStatementError

Result = TypeVar("Result")

ATTEMPTS = 4
_WORTH_RETRYING = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
    psycopg.errors.ForeignKeyViolation,  # what it refers to went meanwhile
    OutdatedStatementError,
)


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run `work` in one transaction; again, at most 3 times with jitter, after a deadlock or a lost race.

    Lost is a race for a unique value, or for a row that is referred to.
    `work` reads everything it needs itself, so a second try sees what the winner wrote. Raises Conflict `try-again`
    when the last try fails too.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return work()
        except (OperationalError, IntegrityError) as error:
            if not isinstance(error.__cause__, _WORTH_RETRYING):
                raise
            if attempt == ATTEMPTS - 1:
                raise Conflict("Other writers were faster. Try again.", code="try-again") from error
            time.sleep(random.uniform(0.002, 0.02) * (attempt + 1))  # noqa: S311  # jitter, not a secret
    raise AssertionError("unreachable")


def rehearse(work: Callable[[], Result]) -> Result:
    """What `in_transaction` would answer; everything that `work` wrote is taken back."""

    def taken_back() -> Result:
        result = work()
        transaction.set_rollback(True)
        return result

    return in_transaction(taken_back)
