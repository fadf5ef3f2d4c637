"""Nothing serves from a database that may forget; the whole start is tried in tests/test_run.py."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.durability import NotDurable, refuse_unless_durable


@pytest.fixture
def forgetful(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


@pytest.mark.usefixtures("forgetful")
def test_a_database_that_may_forget_is_refused() -> None:
    with pytest.raises(NotDurable, match=r"The database has \w+ = off: .*ALTER SYSTEM RESET"):
        refuse_unless_durable()


@pytest.mark.usefixtures("forgetful")
def test_the_worker_refuses_it() -> None:
    with pytest.raises(CommandError, match=r"The database has \w+ = off"):
        call_command("run_worker")
