"""The API passes by what only pages need."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_page_has_a_session_and_a_forgery_token(client: Client) -> None:
    response = client.get("/admin/login/")

    assert hasattr(response.wsgi_request, "session")
    assert hasattr(response.wsgi_request, "user")
    assert hasattr(response.wsgi_request, "htmx")
    assert "csrftoken" in response.cookies


def test_the_api_has_none_of_them(client: Client) -> None:
    response = client.get("/api/v1/purchases")

    assert not hasattr(response.wsgi_request, "session")
    assert not hasattr(response.wsgi_request, "htmx")
    assert not response.cookies
