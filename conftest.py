"""Sets the stage for every test: settings, a PostgreSQL server, a fresh database for each process.

The server is the one that DATABASE_URL names (its role needs CREATEDB), else an embedded one that lasts for the run.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

from core.devdb import PROJECT, EmbeddedServer, database_at_hand

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

_stage = contextlib.ExitStack()
# Once for the run: the processes of a parallel run inherit the address.
_stage.enter_context(database_at_hand(EmbeddedServer(PROJECT / ".data" / "test-postgres", hasty=True)))
os.environ.update(
    ENV_FILE="a .env of one's own does not reach the tests",
    DJANGO_SETTINGS_MODULE="sparkproject.settings",
    SECRET_KEY="only-for-tests-" * 5,
    HTTPS="0",
    DEBUG="0",
    STATIC_MANIFEST="0",
    DATABASE_POOLER="",
    DATABASE_REPLICA_URL="",
    DATABASE_POOL="0",
)
(PROJECT / "staticfiles").mkdir(exist_ok=True)
django.setup()
# Looking for garbage after every 700 new objects takes an eighth of a run's CPU.
gc.set_threshold(100_000, 20, 100)

# Only now is there a Django to import from.
from django.conf import settings  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.test import TransactionTestCase, utils  # noqa: E402
from django.test.signals import template_rendered  # noqa: E402

from core.tests.template_database import cloned_database, empty_tables  # noqa: E402

# Passwords of a test need not withstand anybody.
settings.WRONG_SECRET_SECONDS = 0.0
settings.MIDDLEWARE = ["tests.described_answers.watched", *settings.MIDDLEWARE]
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def _render(template: Template, context: Context) -> str:
    """Tells a test of the page and its context. Django's own way tells of every part of it too, each with a copy of
    everything that the part could see.
    """
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


utils.instrumented_test_render = _render  # type: ignore[attr-defined]  # the stubs leave it out

pytest_plugins = ["tests.described_answers", "tests.fixtures", "tests.clean_books"]


def pytest_unconfigure() -> None:
    _stage.close()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this process alone, cloned from the migrated template."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as database:
        # Django's own cleaning after a test with real transactions truncates every table and rebuilds permissions.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_tables())
        with django_db_blocker.unblock():
            database.enter_context(cloned_database(f"{worker}_{os.getpid()}"))
        yield
        with django_db_blocker.unblock():
            database.close()


@pytest.fixture
def project() -> Path:
    """The project's directory."""
    return PROJECT
