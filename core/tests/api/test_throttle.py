"""The limit of calls in a minute, per client."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import ClientCalls, Site
from core.site_settings import set_setting
from tests.callers import ApiCaller, make_caller

ADDRESS = "/api/v1/purchases"


def test_without_the_setting_nothing_is_counted(api: ApiCaller) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert api.get(ADDRESS).status_code == 200
    assert not [query for query in queries if "clientcalls" in query["sql"]]
    assert not ClientCalls.objects.exists()


def test_each_client_has_its_own_count(api: ApiCaller, other_api: ApiCaller, site: Site) -> None:
    another = make_caller(site, name="Another")
    set_setting(site=site, key="throttle_per_minute", value=2)

    assert [api.get(ADDRESS).status_code for _ in range(3)] == [200, 200, 429]
    assert another.get(ADDRESS).status_code == 200
    assert [other_api.get(ADDRESS).status_code for _ in range(3)] == [200, 200, 200]

    refused = api.put(f"{ADDRESS}/internal/A-7", json={})
    assert (refused.status_code, refused.json()["title"]) == (429, "too-many-requests")
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_the_next_minute_counts_anew(api: ApiCaller, site: Site) -> None:
    set_setting(site=site, key="throttle_per_minute", value=1)
    assert [api.get(ADDRESS).status_code for _ in range(2)] == [200, 429]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_clientcalls SET minute = minute - interval '1 minute'")
    assert api.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("limit", [None, 1000])
def test_a_limit_is_lifted_at_once(api: ApiCaller, site: Site, limit: int | None) -> None:
    set_setting(site=site, key="throttle_per_minute", value=1)
    assert [api.get(ADDRESS).status_code for _ in range(2)] == [200, 429]
    set_setting(site=site, key="throttle_per_minute", value=limit)
    assert api.get(ADDRESS).status_code == 200
