"""While the database cannot be reached every address says so, and goes on by itself afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from core.api.access import forget_accesses
from core.models import Site
from tests.callers import ApiCaller, make_client

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def database_away() -> Iterator[None]:
    """Nothing listens where the database is looked for."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host


@pytest.mark.parametrize("remembered", [True, False])
def test_a_call_is_told_to_come_again(api: ApiCaller, remembered: bool) -> None:
    assert api.get("/api/v1/purchases").status_code == 200
    if not remembered:
        forget_accesses()
    with database_away():
        for method, path in (("GET", "/api/v1/purchases"), ("GET", "/api/v1/purchases/internal/A-7")):
            answer = api.request(method, path)
            assert (answer.status_code, answer.json()["title"]) == (503, "try-again-later")
            assert int(answer["Retry-After"]) > 0
            assert b"/nowhere" not in answer.content
    assert api.get("/api/v1/purchases").status_code == 200


def test_the_token_address_says_so_in_both_vocabularies(api: ApiCaller, site: Site) -> None:
    client, secret = make_client(site, name="Shop")
    credentials = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    with database_away():
        answer = api.post("/api/auth/token", json=credentials)
        assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert api.post("/api/auth/token", json=credentials).status_code == 200


def test_a_page_says_so_too(api: ApiCaller) -> None:
    browser = Client(raise_request_exception=False)
    with database_away():
        answer = browser.post("/admin/login/", {"username": "a@example.com", "password": "b"})
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
