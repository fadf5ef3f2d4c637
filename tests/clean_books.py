"""Every test that leaves purchases behind ends with a look into the books: what it did must have kept them right."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from django.db import connection

from core.models import Site
from purchasing import books
from purchasing.models import Purchase


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """After the test's own body, while its rows are still there."""
    result = yield
    uses_database = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    if uses_database and not connection.needs_rollback and Purchase.objects.exists():
        differences = books.verify(sites=list(Site.objects.values_list("pk", flat=True)))
        if differences:
            pytest.fail("The books are wrong after this test:\n" + "\n".join(map(str, differences)), pytrace=False)
    return result
