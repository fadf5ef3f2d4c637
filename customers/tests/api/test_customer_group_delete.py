"""DELETE /api/v1/customer-groups/{slug}."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.models import Site
from customers.models import CustomerGroup, OrderMinimum
from customers.tests.cast import default_group, make_customer, make_group
from tests.callers import ApiCaller

GROUPS = "/api/v1/customer-groups"


def fault(answer: Any) -> tuple[int, str, str | None]:
    [error] = answer.json()["errors"]
    return answer.status_code, error["code"], error["property"]


def test_a_group_goes_with_its_settings(api: ApiCaller, site: Site, other_site: Site) -> None:
    make_group(site, "eu", GBP="150")
    make_group(other_site, "eu", GBP="150")

    answer = api.delete(f"{GROUPS}/eu")

    assert (answer.status_code, answer.content) == (204, b"")
    assert list(CustomerGroup.objects.filter(slug="eu").values_list("site", flat=True)) == [other_site.pk]
    assert list(OrderMinimum.objects.values_list("site", flat=True)) == [other_site.pk]


@pytest.mark.parametrize("slug", ["base", "default"])
def test_the_group_default_stays(api: ApiCaller, slug: str) -> None:
    assert fault(api.delete(f"{GROUPS}/{slug}")) == (400, "resource-in-use", "slug")


def test_a_group_with_customers_stays(api: ApiCaller, site: Site) -> None:
    make_customer(site, group=make_group(site, "eu"))

    assert fault(api.delete(f"{GROUPS}/eu")) == (400, "resource-in-use", "slug")


def test_a_group_that_others_come_under_stays(api: ApiCaller, site: Site) -> None:
    make_group(site, "at", parent=make_group(site, "eu"))

    assert fault(api.delete(f"{GROUPS}/eu")) == (400, "resource-in-use", "slug")
    assert [api.delete(f"{GROUPS}/{slug}").status_code for slug in ("at", "eu")] == [204, 204]


def test_customers_who_were_deleted_keep_nothing(api: ApiCaller, site: Site) -> None:
    gone = make_customer(site, group=make_group(site, "eu"), deleted_at=timezone.now())

    assert api.delete(f"{GROUPS}/eu").status_code == 204
    gone.refresh_from_db()
    assert gone.group == default_group(site)


def test_what_is_not_there_is_400(api: ApiCaller, other_site: Site) -> None:
    make_group(other_site, "theirs")

    for slug in ("theirs", "nowhere"):
        assert fault(api.delete(f"{GROUPS}/{slug}")) == (400, "resource-id-not-found", "slug")
