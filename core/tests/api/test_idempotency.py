"""`Idempotency-Key`: one effect and one answer, also for requests at the same time and after a crash."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from core.api.views import ApiView
from core.errors import Conflict
from core.models import IdempotencyKey, Site, SiteSetting
from tests.callers import ApiCaller, make_caller

THINGS = "/api/things"
KEY = {"Idempotency-Key": "b0c8-1"}

while_running: list[Callable[[], object]] = []
"""What happens inside the handler, between its effect and its answer."""


class ThingView(ApiView):
    """Each POST makes a row: the effect that must not happen twice."""

    required_scopes = ("orders",)

    @idempotent
    def post(self, request: Request, name: str = "") -> Response:
        number = SiteSetting.objects.filter(site=self.site).count() + 1
        SiteSetting.objects.create(site=self.site, key=f"thing-{number}", value=self.body())
        for action in while_running:
            action()
        if self.body().get("refuse"):
            raise Conflict("Refused.", code="refused")
        return Response({"number": number}, headers={"ETag": f'"{number}"', "Location": f"{THINGS}/{number}"})


urlpatterns = [path("api/things", ThingView.as_view()), path("api/things/<segment:name>", ThingView.as_view())]
handler500 = "core.error_pages.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _nothing_while_running() -> Iterator[None]:
    yield
    while_running.clear()


def effects() -> int:
    return SiteSetting.objects.count()


def test_without_a_key_every_post_is_one_more(api: ApiCaller) -> None:
    assert [api.post(THINGS, json={}).json()["number"] for _ in range(2)] == [1, 2]
    assert not IdempotencyKey.objects.exists()


def test_the_same_again_is_the_same_answer(api: ApiCaller) -> None:
    first, again = (api.post(THINGS, json={"a": 1}, headers=KEY) for _ in range(2))
    assert (again.status_code, again.content) == (200, first.content) == (200, b'{"number":1}')
    for header in ("ETag", "Location", "Content-Type", "Access-Control-Allow-Origin"):
        assert again[header] == first[header]
    assert effects() == 1


def test_another_body_under_the_key_is_refused(api: ApiCaller) -> None:
    api.post(THINGS, json={"a": 1}, headers=KEY)
    answer = api.post(THINGS, json={"a": 2}, headers=KEY)
    assert (answer.status_code, answer.json()["title"]) == (409, "idempotency-key-reused")
    assert answer.json()["errors"][0]["code"] == "idempotency-key-reused"
    answer = api.post(f"{THINGS}?dry_run=true", json={"a": 1}, headers=KEY)
    assert (answer.status_code, answer.json()["title"]) == (409, "idempotency-key-reused")
    assert effects() == 1


def test_a_key_counts_per_client_and_path(api: ApiCaller, site: Site, other_api: ApiCaller) -> None:
    another = make_caller(site, name="Another")
    for caller, address in ((api, THINGS), (api, f"{THINGS}/x"), (another, THINGS), (other_api, THINGS)):
        assert caller.post(address, json={}, headers=KEY).status_code == 200
    assert effects() == 4


def test_a_refusal_is_kept_too_and_had_no_effect(api: ApiCaller) -> None:
    first, again = (api.post(THINGS, json={"refuse": True}, headers=KEY) for _ in range(2))
    assert (first.status_code, first.json()["errors"][0]["code"]) == (409, "refused")
    assert (again.status_code, again.content) == (409, first.content)
    assert effects() == 0


def test_after_a_fault_of_ours_the_request_may_be_sent_again(api: ApiCaller) -> None:
    api.client.raise_request_exception = False
    while_running.append(lambda: 1 // 0)
    assert api.post(THINGS, json={}, headers=KEY).status_code == 500
    assert effects() == 0
    while_running.clear()
    assert api.post(THINGS, json={}, headers=KEY).status_code == 200
    assert effects() == 1


def test_a_key_is_forgotten_after_a_day(api: ApiCaller) -> None:
    api.post(THINGS, json={"a": 1}, headers=KEY)
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert api.post(THINGS, json={"a": 2}, headers=KEY).json() == {"number": 2}
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    api.post(THINGS, json={}, headers={"Idempotency-Key": "another"})
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["another"]


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_1_to_255_characters(api: ApiCaller, key: str) -> None:
    answer = api.post(THINGS, json={}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["errors"][0]["property"]) == (400, "Idempotency-Key")


def test_a_long_address_can_be_kept(api: ApiCaller) -> None:
    address = f"{THINGS}/{'x' * 3000}"
    assert [api.post(address, json={}, headers={"Idempotency-Key": "k" * 255}).status_code for _ in "12"] == [200, 200]
    assert effects() == 1


def test_a_token_and_a_scope_are_needed_first(anonymous_api: ApiCaller, read_only_api: ApiCaller) -> None:
    assert anonymous_api.post(THINGS, json={}, headers=KEY).status_code == 401
    assert read_only_api.post(THINGS, json={}, headers=KEY).status_code == 403
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_at_the_same_time_is_told_to_come_again(api: ApiCaller) -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        inside.set()
        assert leave.wait(20)

    while_running.append(hold)

    def post() -> tuple[int, str]:
        try:
            caller = ApiCaller(api.headers)
            answer = caller.post(THINGS, json={}, headers=KEY)
            return answer.status_code, answer.headers.get("Retry-After", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(post)
        assert inside.wait(20)
        assert threads.submit(post).result() == (409, "1")
        leave.set()
        assert first.result() == (200, "")
    while_running.clear()
    assert api.post(THINGS, json={}, headers=KEY).json() == {"number": 1}
    assert effects() == 1
