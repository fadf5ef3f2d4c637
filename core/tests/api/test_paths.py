"""Addresses: segments, escapes, slashes at the end, CORS and what browsers are told."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path

from core.models import Site
from tests.callers import ApiCaller


def echo(request: HttpRequest, **segments: str) -> HttpResponse:
    return JsonResponse({**segments, "raw": getattr(request, "raw_path", None)})


urlpatterns = [
    path("api/v1/things/<segment:kind>/<segment:identifier>", echo),
    path("api/v1/things/<segment:kind>/<segment:identifier>/parts", echo),
    path("page/<path:rest>", echo),
    path("", include("sparkproject.urls")),
]
handler400 = "core.error_pages.bad_request"
handler404 = "core.error_pages.page_not_found"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def anybody(site: Site) -> ApiCaller:
    return ApiCaller({})


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("AB-1", "AB-1"),
        ("A%2FB", "A/B"),
        ("%2F", "/"),
        ("%2F%2f%2F", "///"),
        ("A%20B", "A B"),
        ("A+B", "A+B"),
        ("100%25", "100%"),
        ("%252F", "%2F"),
        ("%2525", "%25"),
        ("A%3FB%23C", "A?B#C"),
        ("%C3%A9", "é"),
        ("é".encode().decode("latin-1"), "é"),
        ("a:b@c;d=e,f", "a:b@c;d=e,f"),
        ("..", ".."),
        ("%2E%2E%2Fetc", "../etc"),
        ("parts", "parts"),
        ("%5C", "\\"),
        ("%0A", "\n"),
    ],
)
@pytest.mark.parametrize("tail", ["", "/", "/parts", "/parts/", "?x=%2F"])
def test_a_segment_reaches_the_view_as_it_is(anybody: ApiCaller, written: str, identifier: str, tail: str) -> None:
    answer = anybody.get(f"/api/v1/things/internal/{written}{tail}")
    assert answer.status_code == 200
    assert (answer.json()["kind"], answer.json()["identifier"]) == ("internal", identifier)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/things/internal/A/B",
        "/api/v1/things/internal/AB//",
        "/api/v1/things//AB",
        "/api/v1//things/internal/AB",
        "/api%2Fv1/things/internal/AB",
        "/api/v1/things/internal/",
    ],
)
def test_what_is_no_segment_is_no_address(anybody: ApiCaller, address: str) -> None:
    answer = anybody.get(address)
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


@pytest.mark.parametrize("address", ["%00", "a%00b", "%FF", "%C3", "%ED%A0%80", "x?search=%00"])
def test_what_cannot_be_stored_is_refused(anybody: ApiCaller, address: str) -> None:
    answer = anybody.get(f"/api/v1/things/internal/{address}")
    assert (answer.status_code, answer.json()["title"]) == (400, "invalid-api-request-contents")


@pytest.mark.parametrize(
    ("written", "identifier"), [("100%25", "100%"), ("%252F", "%2F"), ("A%20B", "A B"), ("x/", "x")]
)
def test_a_server_that_gives_no_raw_address(db: None, written: str, identifier: str) -> None:
    assert Client().get(f"/api/v1/things/internal/{written}").json()["identifier"] == identifier


def test_a_server_below_a_prefix(anybody: ApiCaller) -> None:
    answer = anybody.get(
        "/shop/api/v1/things/internal/A%2FB", SCRIPT_NAME="/shop", PATH_INFO="/api/v1/things/internal/A/B"
    )
    assert answer.json()["identifier"] == "A/B"


def test_pages_keep_their_addresses(db: None) -> None:
    answer = Client().get("/page/a%2Fb/", RAW_URI="/page/a%2Fb/")
    assert answer.json() == {"rest": "a/b/", "raw": None}


def test_every_answer_allows_any_origin(anybody: ApiCaller) -> None:
    for address, status in (("/api/v1/things/internal/AB", 200), ("/api/none", 404), ("/api/v1/things/a/%00", 400)):
        for headers in ({}, {"Origin": "https://shop.example"}):
            answer = anybody.get(address, headers=headers)
            assert answer.status_code == status
            assert answer["Access-Control-Allow-Origin"] == "*"
            exposed = {name.strip() for name in answer["Access-Control-Expose-Headers"].split(",")}
            assert exposed == {"ETag", "Link", "Retry-After", "X-Total-Count"}
            assert not answer.has_header("Access-Control-Allow-Credentials")
            assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "PATCH", "DELETE"])
def test_a_preflight_needs_no_token(anybody: ApiCaller, method: str) -> None:
    asked = "authorization,content-type,site-id,if-match,if-none-match,idempotency-key"
    answer = anybody.options(
        "/api/v1/things/internal/AB",
        headers={
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": asked,
        },
    )
    assert answer.status_code in (200, 204)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert method in answer["Access-Control-Allow-Methods"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    allowed = {name.strip().lower() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert allowed == set(asked.split(","))


def test_pages_say_nothing_to_other_origins(db: None) -> None:
    answer = Client().get("/none", headers={"Origin": "https://shop.example"})
    assert answer.status_code == 404
    assert not answer.has_header("Access-Control-Allow-Origin")
    assert not answer.has_header("Access-Control-Expose-Headers")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_every_answer_says_how_long_it_is(anybody: ApiCaller) -> None:
    address = "/api/v1/things/internal/AB"
    answer, head = anybody.get(address), anybody.head(address)
    assert answer["Content-Length"] == head["Content-Length"] == str(len(answer.content))
    assert head.content == b""
    assert anybody.get("/none")["Content-Length"]
