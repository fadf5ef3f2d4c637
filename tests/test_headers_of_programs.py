"""What existing integration programs do with tokens and headers, over a socket where a test client would tidy up."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from core.models import AccessToken, Site
from tests.callers import ApiCaller, make_client

TOKEN = "/api/auth/token"


def test_a_new_token_for_each_batch(anonymous_api: ApiCaller, site: Site) -> None:
    """Nobody keeps one: thirty of a client live side by side, and none ends another."""
    client, secret = make_client(site)
    body = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}

    tokens = [anonymous_api.post(TOKEN, json=body).json()["access_token"] for _ in range(30)]

    callers = [ApiCaller({"Site-Id": site.slug, "Authorization": f"Bearer {token}"}) for token in tokens]
    assert len(set(tokens)) == AccessToken.objects.filter(application=client).count() == 30
    assert {caller.get("/api/v1/customers").status_code for caller in callers} == {200}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("site_id", ["Site-ID", "Site-Id", "site-id", "SITE-ID"])
def test_headers_as_they_are_written_in_programs(live_server: Any, site: Site, site_id: str) -> None:
    """Over a socket, where nobody adds a User-Agent or an Accept."""
    client, secret = make_client(site)
    sent = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": secret}
    connection = http.client.HTTPConnection(urlsplit(live_server.url).netloc, timeout=60)

    def call(method: str, path: str, body: Any, **headers: str) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {site_id: site.slug, "Content-Type": "application/json", **headers}.items():
            connection.putheader(name, value)
        if content:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        assert answer.status == 200
        return json.loads(answer.read())

    token = call("POST", TOKEN, sent)["access_token"]

    price_list = {"slug": "base", "name": "Base", "currency_code": "GBP"}
    made = call("POST", "/api/v1/price-lists", price_list, Authorization=f"Bearer {token}")
    assert call("GET", "/api/v1/price-lists", None, Authorization=f"bearer {token}") == [made]
    connection.close()
