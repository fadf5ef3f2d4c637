"""POST /api/v1/customer-groups."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.models import CustomerGroup
from customers.tests.cast import make_group, sample
from tests.callers import ApiCaller, make_caller

GROUPS = "/api/v1/customer-groups"
NEW = {"slug": "eu", "name": "Europe"}


def faults(answer: Any) -> list[tuple[str, str | None]]:
    assert answer.status_code == 400
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


def test_the_reference_s_request_is_answered_with_the_whole_list(api: ApiCaller) -> None:
    answer = api.post(GROUPS, json=sample("customer-group-create.request"))

    assert answer.status_code == 200
    rows = [{name: row[name] for name in ("slug", "name")} for row in answer.json()]
    assert rows == [{"slug": "default", "name": "Default"}, *sample("customer-groups.answer")]


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ({}, "default"),
        ({"parent_slug": "base"}, "default"),
        ({"parent_slug": None}, "default"),
        ({"parent_slug": "default"}, "default"),
        ({"parent_slug": "uk"}, "uk"),
        ({"parent_slug": 44}, "44"),
    ],
)
def test_a_group_comes_under_the_one_it_names(api: ApiCaller, site: Site, sent: dict[str, Any], answered: str) -> None:
    make_group(site, "uk")
    make_group(site, "44")

    answer = api.post(GROUPS, json=NEW | sent)

    assert {row["slug"]: row["parent_slug"] for row in answer.json()}["eu"] == answered


@pytest.mark.parametrize("slug", ["taken", "default", "base"])
def test_a_taken_slug_is_400(api: ApiCaller, site: Site, slug: str) -> None:
    make_group(site, "taken")

    assert faults(api.post(GROUPS, json=NEW | {"slug": slug})) == [("resource-already-exists", "slug")]
    assert CustomerGroup.objects.for_site(site).count() == 2


def test_an_unknown_parent_is_400(api: ApiCaller, other_site: Site) -> None:
    make_group(other_site, "theirs")

    assert faults(api.post(GROUPS, json=NEW | {"parent_slug": "theirs"})) == [("resource-id-not-found", "parent_slug")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("required", "slug"), ("required", "name")]),
        ({"slug": None, "name": None}, [("invalid", "slug"), ("invalid", "name")]),
        ({"slug": "", "name": ""}, [("too-short", "slug"), ("too-short", "name")]),
        ({"slug": "1234", "name": "x"}, [("invalid", "slug")]),
        ({"slug": "a\nb", "name": "x"}, [("invalid", "slug")]),
        ({"slug": "a" * 31, "name": "x" * 257}, [("too-long", "slug"), ("too-long", "name")]),
        ({"slug": 5, "name": ["x"]}, [("invalid", "slug"), ("invalid", "name")]),
    ],
)
def test_faults(api: ApiCaller, body: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert sorted(faults(api.post(GROUPS, json=body))) == sorted(expected)


@pytest.mark.parametrize("slug", ["a" * 30, "12a", "Größe M/L", "eu_gbp", " "])
def test_what_a_slug_may_be(api: ApiCaller, slug: str) -> None:
    answer = api.post(GROUPS, json={"slug": slug, "name": "x" * 256})

    assert slug in [row["slug"] for row in answer.json()]


def test_reading_set_up_data_is_not_writing_it(site: Site) -> None:
    assert make_caller(site, scopes=["setup.read"]).post(GROUPS, json=NEW).status_code == 403
