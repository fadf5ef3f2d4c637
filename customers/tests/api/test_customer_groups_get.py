"""GET /api/v1/customer-groups."""

from __future__ import annotations

from typing import Any

from core.models import Site
from customers.tests.cast import make_group
from tests.callers import ApiCaller, make_caller

GROUPS = "/api/v1/customer-groups"


def test_every_site_has_the_group_default(api: ApiCaller) -> None:
    answer = api.get(GROUPS)

    assert (answer.status_code, answer.json()) == (200, [{"slug": "default", "name": "Default", "parent_slug": None}])


def test_all_groups_are_listed_by_slug_with_what_they_come_under(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_group(other_site, "elsewhere")
    eu = make_group(site, "eu")
    make_group(site, "at", parent=eu)

    assert [(row["slug"], row["parent_slug"]) for row in api.get(GROUPS).json()] == [
        ("at", "eu"),
        ("default", None),
        ("eu", "default"),
    ]


def test_a_parameter_is_refused(api: ApiCaller) -> None:
    answer = api.get(f"{GROUPS}?slug=eu")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown-parameter")


def test_the_scope_is_setup(site: Site) -> None:
    assert make_caller(site, name="Reader", scopes=["setup.read"]).get(GROUPS).status_code == 200
    assert make_caller(site, name="Other", scopes=["customers"]).get(GROUPS).status_code == 403


def test_many_groups_take_as_many_statements_as_one(api: ApiCaller, site: Site, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        api.get(GROUPS)
    parent = make_group(site, "parent")
    for number in range(20):
        make_group(site, f"group-{number}", parent=parent)
    with django_assert_num_queries(1):
        assert len(api.get(GROUPS).json()) == 22
