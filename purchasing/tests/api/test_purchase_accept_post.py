"""POST /api/v1/purchases/{lookupBy}/{identifier}/accept: what the address adds to the operation."""

from __future__ import annotations

from typing import Any

import pytest

from purchasing.tests.bodies import PURCHASES, faults, order
from tests.callers import ApiCaller

PATH = f"{PURCHASES}/internal/I-1"
NO_UUID = "63428136-658f-48a6-beb7-7f333dfd9686"


@pytest.fixture
def quote(api: ApiCaller) -> str:
    """The version of a stored quote."""
    tag: str = api.put(PATH, json=order(type="quote"))["ETag"]
    return tag


def test_answers_the_order_with_its_version(api: ApiCaller, quote: str) -> None:
    answer = api.post(f"{PATH}/accept", json={"revision": 1})
    assert (answer.status_code, answer.json()["type"], answer.json()["revision"]) == (200, "order", 2)
    assert answer["ETag"] != quote
    stored = api.get(PATH)
    assert (stored["ETag"], stored.json()) == (answer["ETag"], answer.json())
    assert api.get(f"{PATH}/revisions").json()[-1]["by"] == "client:ERP"
    assert api.put(PATH, json=answer.json())["ETag"] == answer["ETag"]


def test_a_second_time_is_refused(api: ApiCaller, quote: str) -> None:
    api.post(f"{PATH}/accept", json={"revision": 1})
    answer = api.post(f"{PATH}/accept", json={"revision": 1})
    assert (answer.status_code, answer.json()["title"]) == (409, "already-accepted")


def test_a_key_answers_a_repeat_as_the_first_time(api: ApiCaller, quote: str) -> None:
    answers = [
        api.post(f"{PATH}/accept", json={"revision": 1}, headers={"Idempotency-Key": "k"}) for _number in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[0]["ETag"] == answers[1]["ETag"]


def test_a_stale_revision_is_told_what_stands(api: ApiCaller, quote: str) -> None:
    api.put(PATH, json=order(type="quote", customer_reference="PO"))
    answer = api.post(f"{PATH}/accept", json={"revision": 1})
    assert (answer.status_code, faults(answer)) == (409, [("revision-stale", "revision")])
    assert answer.json()["revision"] == 2
    assert answer.json()["total"] == {"number": "10.00", "currency": "GBP"}


def test_if_match_is_honoured(api: ApiCaller, quote: str) -> None:
    api.put(PATH, json=order(type="quote", customer_reference="PO"))
    answer = api.post(f"{PATH}/accept", json={"revision": 2}, headers={"If-Match": quote})
    assert (answer.status_code, answer.json()["title"]) == (412, "version-mismatch")
    assert [item["revision"] for item in answer.json()["revisions"]] == [2]
    current = answer.json()["current_etag"]
    assert api.post(f"{PATH}/accept", json={"revision": 2}, headers={"If-Match": current}).status_code == 200


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("required", "revision")),
        ({"revision": None}, ("required", "revision")),
        ({"revision": "1"}, ("invalid", "revision")),
        ({"revision": 1.5}, ("invalid", "revision")),
        ({"revision": True}, ("invalid", "revision")),
        ({"revision": 0}, ("invalid", "revision")),
        ({"revision": 2**31}, ("invalid", "revision")),
        ([], ("invalid-api-request-contents", None)),
    ],
)
def test_a_body_that_is_no_acceptance_is_refused(api: ApiCaller, quote: str, body: Any, fault: Any) -> None:
    answer = api.post(f"{PATH}/accept", json=body)
    assert (answer.status_code, faults(answer)) == (400, [fault])
    assert api.get(PATH)["ETag"] == quote


@pytest.mark.parametrize("verb", ["accept", "approve", "reject"])
@pytest.mark.parametrize(
    ("where", "status"),
    [("internal/unknown", 404), (f"sparklayer/{NO_UUID}", 404), ("sparklayer/x", 404), ("x/y", 400)],
)
def test_what_is_not_there_is_not_decided_on(api: ApiCaller, verb: str, where: str, status: int) -> None:
    body = {"revision": 1, "total": "1", "reason": "no"}
    assert api.post(f"{PURCHASES}/{where}/{verb}", json=body).status_code == status
