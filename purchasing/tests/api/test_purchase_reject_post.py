"""POST /api/v1/purchases/{lookupBy}/{identifier}/reject: what the address adds to the operation."""

from __future__ import annotations

from typing import Any

import pytest

from purchasing.tests.bodies import PURCHASES, faults, order
from tests.callers import ApiCaller

PATH = f"{PURCHASES}/internal/I-1"


@pytest.mark.parametrize(("kind", "revision"), [("awaiting_approval", 1), ("quote", 2)])
def test_answers_the_purchase_with_its_version(api: ApiCaller, kind: str, revision: int) -> None:
    version = api.put(PATH, json=order(type=kind))["ETag"]
    answer = api.post(f"{PATH}/reject", json={"reason": "too dear"})
    assert (answer.status_code, answer.json()["type"], answer.json()["revision"]) == (200, kind, revision)
    approval = answer.json()["approval"]
    assert (approval["status"], approval["reason"], approval["by"]) == ("rejected", "too dear", "client:ERP")
    assert answer["ETag"] != version
    stored = api.get(PATH)
    assert (stored["ETag"], stored.json()) == (answer["ETag"], answer.json())
    assert api.put(PATH, json=answer.json())["ETag"] == answer["ETag"]


@pytest.mark.parametrize("kind", ["awaiting_approval", "quote"])
def test_a_second_time_is_refused(api: ApiCaller, kind: str) -> None:
    api.put(PATH, json=order(type=kind))
    answers = [api.post(f"{PATH}/reject", json={"reason": "too dear"}) for _number in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["title"] == "already-rejected"


@pytest.mark.parametrize("kind", ["awaiting_approval", "quote"])
def test_a_key_answers_a_repeat_as_the_first_time(api: ApiCaller, kind: str) -> None:
    api.put(PATH, json=order(type=kind))
    sent = {"json": {"reason": "too dear"}, "headers": {"Idempotency-Key": "k"}}
    answers = [api.post(f"{PATH}/reject", **sent) for _number in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(200, answers[0].content)] * 2


@pytest.mark.parametrize("kind", ["awaiting_approval", "quote"])
def test_if_match_is_honoured(api: ApiCaller, kind: str) -> None:
    version = api.put(PATH, json=order(type=kind))["ETag"]
    body = {"reason": "too dear"}
    answer = api.post(f"{PATH}/reject", json=body, headers={"If-Match": '"1.r9.9"'})
    assert (answer.status_code, answer.json()["current_etag"]) == (412, version)
    assert api.post(f"{PATH}/reject", json=body, headers={"If-Match": version}).status_code == 200


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("required", "reason")),
        ({"reason": None}, ("required", "reason")),
        ({"reason": ""}, ("too-short", "reason")),
        ({"reason": " \t\n\u00a0"}, ("invalid", "reason")),
        ({"reason": 5}, ("invalid", "reason")),
        ({"reason": "x" * 10_001}, ("too-long", "reason")),
    ],
)
def test_a_body_that_is_no_rejection_is_refused(api: ApiCaller, body: Any, fault: Any) -> None:
    version = api.put(PATH, json=order(type="awaiting_approval"))["ETag"]
    answer = api.post(f"{PATH}/reject", json=body)
    assert (answer.status_code, faults(answer)) == (400, [fault])
    assert api.get(PATH)["ETag"] == version
