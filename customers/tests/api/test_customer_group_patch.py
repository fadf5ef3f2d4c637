"""PATCH /api/v1/customer-groups/{slug}."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.models import CustomerGroup
from customers.tests.cast import make_group, sample
from tests.callers import ApiCaller

GROUPS = "/api/v1/customer-groups"


def rows(answer: Any) -> dict[str, tuple[str, str | None]]:
    assert answer.status_code == 200, answer.content
    return {row["slug"]: (row["name"], row["parent_slug"]) for row in answer.json()}


def fault(answer: Any) -> tuple[int, str, str | None]:
    [error] = answer.json()["errors"]
    return answer.status_code, error["code"], error["property"]


def test_the_reference_s_request_is_answered_with_the_whole_list(api: ApiCaller, site: Site) -> None:
    make_group(site, "eu_gbp")

    answer = api.patch(f"{GROUPS}/eu_gbp", json=sample("customer-group-patch.request"))

    expected = {row["slug"]: (row["name"], "default") for row in sample("customer-groups.answer")}
    assert rows(answer) == {"default": ("Default", None), **expected}


def test_a_parent_that_is_not_named_is_base_again(api: ApiCaller, site: Site) -> None:
    make_group(site, "at", parent=make_group(site, "eu"))

    assert rows(api.patch(f"{GROUPS}/at", json={"parent_slug": "eu"}))["at"] == ("At", "eu")
    assert rows(api.patch(f"{GROUPS}/at", json={"name": "Austria"}))["at"] == ("Austria", "default")


@pytest.mark.parametrize("slug", ["base", "default"])
def test_the_group_default_can_be_renamed(api: ApiCaller, slug: str) -> None:
    assert rows(api.patch(f"{GROUPS}/{slug}", json={"name": "Everybody"})) == {"default": ("Everybody", None)}


@pytest.mark.parametrize(("slug", "parent"), [("eu", "eu"), ("eu", "at"), ("eu", "wien"), ("default", "eu")])
def test_a_group_comes_under_nothing_below_it(api: ApiCaller, site: Site, slug: str, parent: str) -> None:
    make_group(site, "wien", parent=make_group(site, "at", parent=make_group(site, "eu")))
    before = list(CustomerGroup.objects.values())

    answer = api.patch(f"{GROUPS}/{slug}", json={"name": "New", "parent_slug": parent})

    assert fault(answer) == (400, "parent-cycle", "parent_slug")
    assert list(CustomerGroup.objects.values()) == before


def test_what_is_not_there_is_400(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_group(site, "eu")
    make_group(other_site, "theirs")

    for slug in ("theirs", "nowhere"):
        assert fault(api.patch(f"{GROUPS}/{slug}", json={"name": "x"})) == (400, "resource-id-not-found", "slug")
        answer = api.patch(f"{GROUPS}/eu", json={"parent_slug": slug})
        assert fault(answer) == (400, "resource-id-not-found", "parent_slug")


@pytest.mark.parametrize("name", [None, "", "x" * 257, 5])
def test_a_name_is_a_text(api: ApiCaller, site: Site, name: Any) -> None:
    make_group(site, "eu")

    status, _, member = fault(api.patch(f"{GROUPS}/eu", json={"name": name}))

    assert (status, member) == (400, "name")
