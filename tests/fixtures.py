"""The permanent cast: two sites and the programs that call them. Loaded for every test by `conftest.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

from core.acting import act_as_nobody
from core.models import Site, User
from core.tests.template_database import empty_tables
from tests.callers import ApiCaller, make_caller, make_staff
from tests.two_sites import furnish

Keep = Callable[[Callable[[], Any]], Any]


@pytest.fixture(scope="module")
def keep(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Keep]:
    """`keep(make)`: what `make` stores is there for every test of the module, each of which leaves it as it was; and
    its result. For walks over many addresses of one furnished site. Not for tests with real transactions.
    """

    def stored(make: Callable[[], Any]) -> Any:
        with django_db_blocker.unblock():
            return make()

    yield stored
    with django_db_blocker.unblock():
        empty_tables()


@pytest.fixture(scope="module")
def furnished(keep: Keep) -> ApiCaller:
    """A program of a site on which there is something of everything, for all tests of the module; and another site."""

    def make() -> ApiCaller:
        make_other_site()
        program = make_caller(make_site())
        furnish(program)
        return program

    program: ApiCaller = keep(make)
    return program


def make_site() -> Site:
    return Site.objects.create(slug="jones-climbing", name="Jones Climbing")


def make_other_site() -> Site:
    return Site.objects.create(slug="cordell-outdoor", name="Jones Climbing")


@pytest.fixture(autouse=True)
def clean_thread() -> None:
    """A test begins in the default language and with nobody acting, whatever the test before it asked for last."""
    translation.deactivate()
    act_as_nobody()


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


@pytest.fixture
def other_site(db: None) -> Site:
    """A merchant who has nothing to do with `site`; what it holds bears the same names."""
    return make_other_site()


@pytest.fixture
def api(site: Site) -> ApiCaller:
    """A program of `site` with every write scope."""
    return make_caller(site)


@pytest.fixture
def other_api(other_site: Site) -> ApiCaller:
    """The same program at `other_site`."""
    return make_caller(other_site)


@pytest.fixture
def read_only_api(site: Site) -> ApiCaller:
    """A program of `site` that may only read orders and customers."""
    return make_caller(site, name="Reports", scopes=["orders.read", "customers.read"])


@pytest.fixture
def anonymous_api(site: Site) -> ApiCaller:
    """Knows the site's id and has no token."""
    return ApiCaller({"Site-Id": site.slug})


@pytest.fixture
def staff(site: Site) -> User:
    """A member of staff of `site`, and of no other."""
    return make_staff(site)


@pytest.fixture
def back_office(staff: User) -> Client:
    """The browser of `staff`, signed in."""
    browser = Client()
    browser.force_login(staff)
    return browser
