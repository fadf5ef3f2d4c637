"""POST /api/v1/purchases/{lookupBy}/{identifier}/approve: what the address adds to the operation."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from core.site_settings import set_setting
from purchasing.tests.bodies import PURCHASES, faults, order
from tests.callers import ApiCaller

PATH = f"{PURCHASES}/internal/I-1"


@pytest.fixture
def version(api: ApiCaller) -> str:
    """That of a purchase of 10.00 GBP that waits for approval."""
    tag: str = api.put(PATH, json=order(type="awaiting_approval"))["ETag"]
    return tag


def test_answers_what_has_to_be_named(api: ApiCaller, version: str) -> None:
    pending = {"status": "pending", "revision": 1, "by": None, "at": None, "reason": ""}
    assert api.get(PATH).json()["approval"] == {**pending, "total": {"number": "10.00", "currency": "GBP"}}
    assert [row["approval"]["status"] for row in api.get(PURCHASES).json()] == ["pending"]


@pytest.mark.parametrize("total", ["10", "10.000", 10, 10.0, {"number": "10", "currency": "gbp"}])
def test_answers_the_order_with_its_version(api: ApiCaller, version: str, total: Any) -> None:
    answer = api.post(f"{PATH}/approve", json={"revision": 1, "total": total})
    assert (answer.status_code, answer.json()["type"], answer.json()["revision"]) == (200, "order", 2)
    assert (answer.json()["approval"]["status"], answer.json()["approval"]["by"]) == ("approved", "client:ERP")
    stored = api.get(PATH)
    assert (stored["ETag"], stored.json()) == (answer["ETag"], answer.json())
    assert api.put(PATH, json=answer.json())["ETag"] == answer["ETag"]


def test_without_placing_only_the_version_moves(api: ApiCaller, site: Site, version: str) -> None:
    set_setting(site=site, key="approval_places_order", value=False)
    answer = api.post(f"{PATH}/approve", json={"revision": 1, "total": "10"})
    assert (answer.status_code, answer.json()["type"], answer.json()["revision"]) == (200, "awaiting_approval", 1)
    assert answer["ETag"] != version
    stored = api.get(PATH)
    assert (stored["ETag"], stored.json()) == (answer["ETag"], answer.json())
    assert api.put(PATH, json=answer.json())["ETag"] == answer["ETag"]


@pytest.mark.parametrize(
    ("revision", "total", "property"),
    [
        (2, "10", "revision"),
        (1, "10.01", "total"),
        (1, "-10", "total"),
        (1, {"number": "10", "currency": "EUR"}, "total"),
    ],
)
def test_what_differs_from_what_stands_is_stale(
    api: ApiCaller, version: str, revision: int, total: Any, property: str
) -> None:
    answer = api.post(f"{PATH}/approve", json={"revision": revision, "total": total})
    assert (answer.status_code, faults(answer)) == (409, [("approval-stale", property)])
    assert (answer.json()["revision"], answer.json()["total"]["number"]) == (1, "10.00")
    assert api.get(PATH)["ETag"] == version


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"revision": 1}, ("required", "total")),
        ({"total": "10"}, ("required", "revision")),
        ({"revision": 1, "total": "ten"}, ("invalid", "total")),
        ({"revision": 1, "total": True}, ("invalid", "total")),
        ({"revision": 1, "total": {"number": "10"}}, ("required", "total.currency")),
    ],
)
def test_a_body_that_is_no_approval_is_refused(api: ApiCaller, version: str, body: Any, fault: Any) -> None:
    answer = api.post(f"{PATH}/approve", json=body)
    assert (answer.status_code, faults(answer)) == (400, [fault])
    assert api.get(PATH)["ETag"] == version


def test_if_match_is_honoured(api: ApiCaller, version: str) -> None:
    body = {"revision": 1, "total": "10"}
    answer = api.post(f"{PATH}/approve", json=body, headers={"If-Match": '"1.r9.9"'})
    assert (answer.status_code, answer.json()["current_etag"]) == (412, version)
    assert api.post(f"{PATH}/approve", json=body, headers={"If-Match": version}).status_code == 200


def test_a_key_answers_a_repeat_as_the_first_time(api: ApiCaller, version: str) -> None:
    sent = {"json": {"revision": 1, "total": "10"}, "headers": {"Idempotency-Key": "k"}}
    answers = [api.post(f"{PATH}/approve", **sent) for _number in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
