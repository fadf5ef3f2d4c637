"""Price lists of a customer group: sent and answered with the group, inherited along those above it."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.group_price_lists import group_price_lists
from customers.models import CustomerGroup
from customers.tests.cast import default_group, make_group
from tests.callers import ApiCaller

GROUPS = "/api/v1/customer-groups"


def row(answer: Any, slug: str) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    [found] = [row for row in answer.json() if row["slug"] == slug]
    assert isinstance(found, dict)
    return found


def test_they_are_kept_in_their_order_and_need_not_exist(api: ApiCaller) -> None:
    sent = {"slug": "eu", "name": "Europe", "price_lists": ["not-yet", "a-list"]}
    expected = {"slug": "eu", "name": "Europe", "parent_slug": "default", "price_lists": ["not-yet", "a-list"]}

    assert row(api.post(GROUPS, json=sent), "eu") == expected
    assert row(api.get(GROUPS), "eu") == expected


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ({"name": "New"}, ["a"]),
        ({"price_lists": None}, ["a"]),
        ({"price_lists": ["b", "a"]}, ["b", "a"]),
        ({"price_lists": []}, []),
    ],
)
def test_a_change_replaces_them_when_it_names_them(
    api: ApiCaller, site: Site, sent: dict[str, Any], left: list[str]
) -> None:
    make_group(site, "eu", price_lists=["a"])

    found = row(api.patch(f"{GROUPS}/eu", json=sent), "eu")

    assert found.get("price_lists", []) == left
    assert CustomerGroup.objects.get(slug="eu").price_lists == left


def test_a_group_without_them_has_the_members_of_the_reference_alone(api: ApiCaller, site: Site) -> None:
    make_group(site, "eu")

    assert {tuple(found) for found in api.get(GROUPS).json()} == {("slug", "name", "parent_slug")}


@pytest.mark.parametrize(
    ("value", "code", "member"),
    [
        ("a", "invalid", "price_lists"),
        ([1], "invalid", "price_lists[0]"),
        (["a", ""], "too-short", "price_lists[1]"),
        (["x" * 65], "too-long", "price_lists[0]"),
        (["x"] * 1001, "too-many", "price_lists"),
    ],
)
def test_what_is_no_list_of_slugs_is_refused(api: ApiCaller, value: Any, code: str, member: str) -> None:
    answer = api.post(GROUPS, json={"slug": "eu", "name": "Europe", "price_lists": value})

    assert (answer.status_code, [(error["code"], error["property"]) for error in answer.json()["errors"]]) == (
        400,
        [(code, member)],
    )
    assert not CustomerGroup.objects.filter(slug="eu").exists()


@pytest.mark.parametrize(
    ("default", "parent", "own", "expected"),
    [
        ([], [], [], []),
        (["d"], [], [], ["d"]),
        (["d"], ["p"], [], ["p"]),
        (["d"], ["p"], ["o", "p"], ["o", "p"]),
        (["d"], [], ["o"], ["o"]),
        ([], ["p"], [], ["p"]),
    ],
)
def test_the_nearest_group_that_has_some_counts(
    site: Site, default: list[str], parent: list[str], own: list[str], expected: list[str]
) -> None:
    CustomerGroup.objects.filter(pk=default_group(site).pk).update(price_lists=default)
    group = make_group(site, "at", parent=make_group(site, "eu", price_lists=parent), price_lists=own)

    assert group_price_lists(site=site, group_id=group.pk) == expected


def test_another_site_s_groups_say_nothing(site: Site, other_site: Site) -> None:
    CustomerGroup.objects.filter(pk=default_group(other_site).pk).update(price_lists=["theirs"])

    assert group_price_lists(site=site, group_id=default_group(site).pk) == []


def test_one_query_however_deep(site: Site, django_assert_num_queries: Any) -> None:
    group = make_group(site, "g0", price_lists=["far"])
    for number in range(1, 20):
        group = make_group(site, f"g{number}", parent=group)
    with django_assert_num_queries(1):
        assert group_price_lists(site=site, group_id=group.pk) == ["far"]
