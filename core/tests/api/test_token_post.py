"""POST /api/auth/token."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.models import AccessToken, ApiClient, Site
from core.models.oauth import ROTATION_OVERLAP
from tests.callers import ApiCaller, make_client

TOKEN = "/api/auth/token"


@pytest.fixture
def client_and_secret(site: Site) -> tuple[ApiClient, str]:
    return make_client(site, name="Shop", scopes=["orders", "customers.read"])


@pytest.fixture
def credentials(client_and_secret: tuple[ApiClient, str]) -> dict[str, Any]:
    client, secret = client_and_secret
    return {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}


def test_answers_a_token_that_opens_the_site(anonymous_api: ApiCaller, credentials: dict[str, Any], site: Site) -> None:
    answer = anonymous_api.post(TOKEN, json=credentials)

    assert answer.status_code == 200
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 3600)
    assert set(token["scope"].split()) == {"orders", "customers.read"}
    assert len(token["access_token"]) == 64
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "application/json"
    stored = AccessToken.objects.get()
    assert stored.site == site
    assert timedelta(minutes=59) < stored.expires - timezone.now() <= timedelta(hours=1)


def test_two_tokens_of_one_client_live_at_once(anonymous_api: ApiCaller, credentials: dict[str, Any]) -> None:
    tokens = {anonymous_api.post(TOKEN, json=credentials).json()["access_token"] for _ in range(2)}
    assert len(tokens) == 2
    assert AccessToken.objects.count() == 2


def test_neither_token_nor_secret_is_kept_in_the_clear(anonymous_api: ApiCaller, credentials: dict[str, Any]) -> None:
    token = anonymous_api.post(TOKEN, json=credentials).json()["access_token"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM core_accesstoken t")
        stored_token = cursor.fetchall()[0][0]
        cursor.execute("SELECT to_jsonb(c)::text FROM core_apiclient c")
        stored_client = cursor.fetchall()[0][0]
    assert hashlib.sha256(token.encode()).hexdigest() in stored_token
    assert token not in stored_token
    assert credentials["client_secret"] not in stored_client


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "orders customers.read"),
        ("", "orders customers.read"),
        ("orders", "orders"),
        ("orders.read", "orders.read"),
        ("customers.read orders", "customers.read orders"),
        ("customers orders", "orders"),
        ("customers.read setup products", "customers.read"),
        ("orders orders", "orders"),
    ],
)
def test_scope_narrows_and_never_widens(
    anonymous_api: ApiCaller, credentials: dict[str, Any], asked: str | None, given: str
) -> None:
    answer = anonymous_api.post(TOKEN, json={**credentials, "scope": asked})
    assert (answer.status_code, answer.json()["scope"]) == (200, given)


def test_nothing_left_of_the_scopes_is_an_error(anonymous_api: ApiCaller, credentials: dict[str, Any]) -> None:
    answer = anonymous_api.post(TOKEN, json={**credentials, "scope": "setup"})
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_scope"
    assert answer.json()["title"] == "invalid-scope"


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"client_id": "9f1f0a3e-9f0e-4a51-9a3b-0d35a8b4a1a0"}, 401, "invalid_client"),
        ({"client_secret": None}, 400, "invalid_request"),
        ({"client_id": None}, 400, "invalid_request"),
        ({"client_id": 12}, 400, "invalid_request"),
        ({"client_id": "x" * 256}, 400, "invalid_request"),
        ({"client_secret": {}}, 400, "invalid_request"),
        ({"scope": ["orders"]}, 400, "invalid_request"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": ["client_credentials"]}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, 401, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 401, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": "CLIENT_CREDENTIALS"}, 400, "unsupported_grant_type"),
    ],
)
def test_refusals_bear_both_names(
    anonymous_api: ApiCaller, credentials: dict[str, Any], change: dict[str, Any], status: int, error: str
) -> None:
    answer = anonymous_api.post(TOKEN, json={**credentials, **change})
    body = answer.json()
    assert (answer.status_code, body["status"], body["error"]) == (status, status, error)
    assert set(body) == {"detail", "status", "title", "type", "errors", "error", "error_description"}
    assert body["errors"]
    assert answer["Cache-Control"] == "no-store"
    assert answer.has_header("WWW-Authenticate") == (status == 401)
    assert not AccessToken.objects.exists()


def test_missing_members_are_named_together(anonymous_api: ApiCaller) -> None:
    answer = anonymous_api.post(TOKEN, json={"grant_type": "client_credentials"})
    assert answer.status_code == 400
    assert [fault["property"] for fault in answer.json()["errors"]] == ["client_id", "client_secret"]


@pytest.mark.parametrize(
    ("site_id", "status"),
    [(None, 401), ("", 401), ("unknown", 401), ("Jones-Climbing", 401), ("jones-climbing,jones-climbing", 400)],
)
def test_site_id_has_to_be_the_clients(
    anonymous_api: ApiCaller, credentials: dict[str, Any], site_id: str | None, status: int
) -> None:
    answer = anonymous_api.post(TOKEN, json=credentials, headers={"Site-Id": site_id})
    assert answer.status_code == status
    assert answer.json()["error"] == {401: "invalid_client", 400: "invalid_request"}[status]


def test_a_client_is_unknown_on_another_site(
    anonymous_api: ApiCaller, credentials: dict[str, Any], other_site: Site
) -> None:
    foreign = anonymous_api.post(TOKEN, json=credentials, headers={"Site-Id": other_site.slug})
    wrong = anonymous_api.post(TOKEN, json={**credentials, "client_secret": "wrong"})
    assert (foreign.status_code, foreign.json()) == (401, wrong.json())


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"grant_type=client_credentials", "application/json", 400),
        (b"grant_type=client_credentials", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"grant_type": "client_credentials", "client_id": "\\u0000"}', "application/json", 400),
    ],
)
def test_the_body_has_to_be_json(anonymous_api: ApiCaller, body: bytes, content_type: str, status: int) -> None:
    answer = anonymous_api.post(TOKEN, body=body, content_type=content_type)
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")


def test_credentials_in_the_query_are_not_read(anonymous_api: ApiCaller, credentials: dict[str, Any]) -> None:
    answer = anonymous_api.post(f"{TOKEN}?client_secret={credentials['client_secret']}", json=credentials)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_client_without_secret_in_the_body_is_not_known_by_basic_authentication(
    anonymous_api: ApiCaller, credentials: dict[str, Any]
) -> None:
    answer = anonymous_api.post(
        TOKEN, json={**credentials, "client_secret": "wrong"}, headers={"Authorization": "Basic eDp5"}
    )
    assert answer.status_code == 401


def test_other_methods_are_refused(anonymous_api: ApiCaller) -> None:
    answer = anonymous_api.get(TOKEN)
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert answer.json()["title"] == "method-not-allowed"


def test_the_secret_before_works_until_its_overlap_ends(
    anonymous_api: ApiCaller, credentials: dict[str, Any], client_and_secret: tuple[ApiClient, str]
) -> None:
    client, old = client_and_secret
    new = client.set_new_secret(now=timezone.now())
    client.save()
    statuses = [
        anonymous_api.post(TOKEN, json={**credentials, "client_secret": secret}).status_code for secret in (old, new)
    ]
    assert statuses == [200, 200]

    client.previous_secret_until = timezone.now() - timedelta(seconds=1)
    client.save()
    statuses = [
        anonymous_api.post(TOKEN, json={**credentials, "client_secret": secret}).status_code for secret in (old, new)
    ]
    assert statuses == [401, 200]
    assert timedelta(hours=1) <= ROTATION_OVERLAP


def test_only_a_wrong_secret_waits(
    anonymous_api: ApiCaller, credentials: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WRONG_SECRET_SECONDS = 0.25
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    anonymous_api.post(TOKEN, json=credentials)
    assert waited == []
    anonymous_api.post(TOKEN, json={**credentials, "client_secret": "wrong"})
    assert waited == [0.25]


def test_a_hundred_wrong_secrets_lock_nobody_out(anonymous_api: ApiCaller, credentials: dict[str, Any]) -> None:
    for number in range(100):
        assert anonymous_api.post(TOKEN, json={**credentials, "client_secret": f"{number}"}).status_code == 401
    assert anonymous_api.post(TOKEN, json=credentials).status_code == 200
