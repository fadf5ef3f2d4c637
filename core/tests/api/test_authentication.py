"""Who may call: token, Site-Id and scopes, seen from outside on an address made for it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import last_used
from core.api.access import forget_accesses
from core.api.views import ApiView
from core.models import AccessToken, ApiClient, Site
from tests.callers import ApiCaller, make_caller, make_client, make_token

WHO = "/api/who"


class WhoView(ApiView):
    required_scopes = ("orders",)

    def get(self, request: Request) -> Response:
        return Response({"site": self.site.slug, "actor": str(self.actor), "scopes": sorted(self.access.scopes)})

    def put(self, request: Request) -> Response:
        return Response(self.body())


urlpatterns = [path("api/who", WhoView.as_view())]
handler500 = "core.error_pages.server_error"

pytestmark = pytest.mark.urls(__name__)


def test_a_token_opens_its_site(read_only_api: ApiCaller) -> None:
    answer = read_only_api.get(WHO)
    assert answer.status_code == 200
    assert answer.json() == {
        "site": "jones-climbing",
        "actor": "client:Reports",
        "scopes": ["customers.read", "orders.read"],
    }


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer unknown",
        "Bearer \u00e9",
        "Basic eDp5",
        "Token {token}",
        "{token}",
        "Bearer {token} {token}",
        "Bearer {token},Bearer {token}",
        'Bearer "{token}"',
    ],
)
def test_anything_but_a_known_bearer_token_is_refused(site: Site, authorization: str | None) -> None:
    client, _ = make_client(site)
    header = authorization and authorization.format(token=make_token(client))
    answer = ApiCaller({"Site-Id": site.slug}).get(WHO, headers={"Authorization": header})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["title"] == "not-authenticated"


def test_the_scheme_is_read_in_any_letter_case(api: ApiCaller) -> None:
    token = api.headers["Authorization"].removeprefix("Bearer ")
    assert api.get(WHO, headers={"Authorization": f"bearer {token}"}).status_code == 200


@pytest.mark.parametrize("query", ["access_token", "token", "bearer_token"])
def test_a_token_in_the_query_is_not_read(api: ApiCaller, query: str) -> None:
    token = api.headers["Authorization"].removeprefix("Bearer ")
    assert api.get(f"{WHO}?{query}={token}", headers={"Authorization": None}).status_code == 401


@pytest.mark.parametrize(
    ("site_id", "status"),
    [
        (None, 401),
        ("", 401),
        ("jones-climbing", 200),
        ("Jones-Climbing", 403),
        ("JONES-CLIMBING", 403),
        ("cordell-outdoor", 403),
        ("no-such-site", 403),
        ("*", 403),
        ("jones-climbing,jones-climbing", 400),
        ("jones-climbing,cordell-outdoor", 400),
        ("cordell-outdoor, jones-climbing", 400),
    ],
)
def test_site_id(api: ApiCaller, other_site: Site, site_id: str | None, status: int) -> None:
    assert api.get(WHO, headers={"Site-Id": site_id}).status_code == status


def test_a_foreign_and_an_unknown_site_are_answered_alike(api: ApiCaller, other_site: Site) -> None:
    foreign, unknown = (api.get(WHO, headers={"Site-Id": slug}) for slug in (other_site.slug, "no-such-site"))
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)


@pytest.mark.parametrize(
    ("scopes", "get", "put"),
    [
        (["orders"], 200, 200),
        (["orders.read"], 200, 403),
        (["customers"], 403, 403),
        (["customers.read", "setup"], 403, 403),
        (["orders.read", "orders"], 200, 200),
    ],
)
def test_scopes(site: Site, scopes: list[str], get: int, put: int) -> None:
    caller = make_caller(site, scopes=scopes)
    assert [caller.get(WHO).status_code, caller.head(WHO).status_code] == [get, get]
    assert caller.put(WHO, json={}).status_code == put


def test_a_method_override_is_not_heard(read_only_api: ApiCaller) -> None:
    answer = read_only_api.get(WHO, headers={"X-HTTP-Method-Override": "PUT"})
    assert answer.json()["actor"] == "client:Reports"


def test_a_wrong_method_says_what_there_is(read_only_api: ApiCaller, anonymous_api: ApiCaller) -> None:
    answer = read_only_api.delete(WHO)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, PUT, HEAD, OPTIONS")
    assert anonymous_api.delete(WHO).status_code == 401


def test_options_says_what_there_is(api: ApiCaller) -> None:
    answer = api.options(WHO)
    assert (answer.status_code, answer["Allow"]) == (204, "GET, PUT, HEAD, OPTIONS")


def test_an_expired_token_is_refused_also_when_it_is_remembered(site: Site) -> None:
    caller = make_caller(site)
    assert caller.get(WHO).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=59, seconds=50), tick=False):
        assert caller.get(WHO).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=60), tick=False):
        assert caller.get(WHO).status_code == 401


def test_an_unknown_token_costs_one_query_and_a_known_one_none(api: ApiCaller) -> None:
    with CaptureQueriesContext(connection) as queries:
        api.get(WHO, headers={"Authorization": "Bearer unknown"})
    assert len(queries) == 1
    forget_accesses()
    with CaptureQueriesContext(connection) as queries:
        assert api.get(WHO).status_code == 200
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert api.get(WHO).status_code == 200
    assert len(queries) == 0


def test_a_token_is_forgotten_after_fifteen_seconds(api: ApiCaller, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.get(WHO).status_code == 200
    # Past the receivers, as another process would: only time can tell.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_accesstoken")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 14)
    assert api.get(WHO).status_code == 200
    monkeypatch.setattr(time, "monotonic", lambda: now + 15.1)
    assert api.get(WHO).status_code == 401


@pytest.mark.parametrize("change", ["token", "client", "site"])
def test_what_is_taken_away_is_gone_at_once(site: Site, api: ApiCaller, change: str) -> None:
    assert api.get(WHO).status_code == 200
    row: Any = {"site": site, "client": ApiClient.objects.get(), "token": AccessToken.objects.get()}[change]
    row.delete()
    assert api.get(WHO).status_code == 401


def test_a_renamed_client_is_named_at_once(api: ApiCaller) -> None:
    api.get(WHO)
    client = ApiClient.objects.get()
    client.name = "Warehouse"
    client.save()
    assert api.get(WHO).json()["actor"] == "client:Warehouse"


def test_the_last_use_is_written_after_the_answer_once_a_minute(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = make_client(site)
    caller = ApiCaller({"Site-Id": site.slug, "Authorization": f"Bearer {make_token(client)}"})
    caller.get(WHO)
    client.refresh_from_db()
    assert client.last_used_at is not None
    assert timezone.now() - client.last_used_at < timedelta(seconds=5)

    def written_again() -> bool:
        ApiClient.objects.update(last_used_at=None)
        caller.get(WHO)
        return ApiClient.objects.filter(last_used_at__isnull=False).exists()

    assert not written_again()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 61)
    assert written_again()


class EmptiedBetween(set[int]):
    """Another request ends after this one has looked whether there is something to write, and takes all of it."""

    looks = 0

    def __len__(self) -> int:
        self.looks += 1
        found = super().__len__()
        if self.looks > 1:
            self.clear()
        return found


def test_requests_that_end_at_once_do_not_take_each_other_s_notes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _ = make_client(site)
    monkeypatch.setattr(last_used, "_waiting", EmptiedBetween({client.pk}))
    last_used.write_uses()
    assert ApiClient.objects.get().last_used_at is not None
    assert not last_used._waiting


def test_a_view_without_scopes_is_a_fault_of_ours(api: ApiCaller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WhoView, "required_scopes", ())
    api.client.raise_request_exception = False
    answer: Any = api.get(WHO)
    assert answer.status_code == 500
