"""`ETag`, `If-Match` and `If-None-Match` of a purchase: on GET, PUT and DELETE."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from purchasing.models import Purchase
from purchasing.tests.bodies import FLAT, PURCHASES, order, payment
from tests.callers import ApiCaller, make_caller
from tests.cast import line, package

PATH = f"{PURCHASES}/internal/I-1"


@pytest.fixture
def tag(api: ApiCaller) -> str:
    """The version of a stored purchase."""
    tag: str = api.put(PATH, json=order())["ETag"]
    return tag


def test_a_version_is_answered_by_get_and_put(api: ApiCaller, tag: str) -> None:
    assert tag.startswith('"')
    assert tag.endswith('.r1.0"')
    assert api.get(PATH)["ETag"] == api.head(PATH)["ETag"] == tag


def test_a_transaction_moves_the_version_but_no_revision(api: ApiCaller, tag: str) -> None:
    api.put(f"{PATH}/transactions", json=payment())
    after = api.get(PATH)
    assert (after["ETag"] != tag, after.json()["revision"]) == (True, 1)


@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', "*", '"a","b" , W/{}'])
def test_if_none_match_that_names_it_answers_304(api: ApiCaller, tag: str, written: str) -> None:
    answer = api.get(PATH, headers={"If-None-Match": written.format(tag)})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("written", ['"other"', "", "nonsense", '"'])
def test_if_none_match_that_names_another_answers_all(api: ApiCaller, tag: str, written: str) -> None:
    assert api.get(PATH, headers={"If-None-Match": written}).json()["revision"] == 1


@pytest.mark.parametrize("written", ["{}", "W/{}", "*", '"other", {}'])
@pytest.mark.parametrize(("method", "status"), [("PUT", 200), ("DELETE", 204)])
def test_if_match_that_names_it_lets_it_be_written(
    api: ApiCaller, tag: str, written: str, method: str, status: int
) -> None:
    answer = api.request(method, PATH, json=order(customer_reference="PO"), headers={"If-Match": written.format(tag)})
    assert answer.status_code == status


@pytest.mark.parametrize("headers", [{"If-Match": '"other"'}, {"If-Match": "nonsense"}, {"If-Match": ""}])
@pytest.mark.parametrize("body", [order(), order(customer_reference="PO"), None], ids=["same", "changed", "delete"])
def test_if_match_that_names_another_is_refused(api: ApiCaller, tag: str, headers: Any, body: Any) -> None:
    answer = api.delete(PATH, headers=headers) if body is None else api.put(PATH, json=body, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (412, "version-mismatch")
    assert answer.json()["current_etag"] == tag
    assert api.get(PATH)["ETag"] == tag


def test_an_overtaken_version_is_refused(api: ApiCaller, tag: str) -> None:
    newer = api.put(PATH, json=order(customer_reference="PO"), headers={"If-Match": tag})
    assert newer.status_code == 200
    late = api.put(PATH, json=order(customer_reference="late"), headers={"If-Match": tag})
    assert (late.status_code, late.json()["current_etag"]) == (412, newer["ETag"])
    assert api.get(PATH).json()["customer_reference"] == "PO"


def test_an_overtaken_version_is_told_what_happened(api: ApiCaller, site: Site, tag: str) -> None:
    second = api.put(PATH, json=order(customer_reference="PO")).json()
    third = make_caller(site, name="Shop").put(PATH, json=order(packages=[package(line(quantity=3))])).json()
    refusal = api.put(PATH, json=order(), headers={"If-Match": f'"other", {tag}'})
    assert refusal.json()["revisions"] == [
        {"revision": 2, "at": second["revision_date"], "by": "client:ERP"},
        {"revision": 3, "at": third["revision_date"], "by": "client:Shop"},
    ]
    assert refusal.json()["changes"] == [{"path": "packages[0].line_items[0].quantity", "old": 1, "new": 3}]


def test_money_that_moved_is_another_version(api: ApiCaller, tag: str) -> None:
    api.put(f"{PATH}/transactions", json=payment())
    refusal = api.put(PATH, json=order(), headers={"If-Match": tag})
    assert (refusal.status_code, refusal.json()["revisions"]) == (412, [])
    moved = api.get(PATH).json()["calculated_payment"]
    assert refusal.json()["changes"] == [{"path": "calculated_payment", "new": moved}]


def test_a_delete_that_came_too_late_is_told_as_much(api: ApiCaller, tag: str) -> None:
    api.put(PATH, json=order(customer_reference="PO 2"))
    api.put(f"{PATH}/transactions", json=payment())
    refusal = api.delete(PATH, headers={"If-Match": tag})
    assert (refusal.status_code, [row["revision"] for row in refusal.json()["revisions"]]) == (412, [2])
    moved = api.get(PATH).json()["calculated_payment"]
    assert {"path": "calculated_payment", "new": moved} in refusal.json()["changes"]
    assert "customer_reference" in [change["path"] for change in refusal.json()["changes"]]


@pytest.mark.parametrize("named", ['"other"', '"999999.r1.0"', '"{number}.r9.0"', '"{number}.r1.9"', "nonsense"])
def test_a_version_that_is_not_ours_is_told_nothing(api: ApiCaller, tag: str, named: str) -> None:
    number = api.get(PATH).json()["id"].removeprefix("o_")
    refusal = api.delete(PATH, headers={"If-Match": named.format(number=number)})
    assert (refusal.status_code, refusal.json()["revisions"], refusal.json()["changes"]) == (412, None, None)


@pytest.mark.parametrize("headers", [{"If-Match": "*"}, {"If-Match": '"1.r1.0"'}])
def test_if_match_needs_one_to_stand(api: ApiCaller, headers: Any) -> None:
    answer = api.put(PATH, json=order(), headers=headers)
    assert (answer.status_code, answer.json()["current_etag"]) == (412, None)
    assert not Purchase.objects.exists()


def test_if_none_match_star_creates_and_never_replaces(api: ApiCaller) -> None:
    assert api.put(PATH, json=order(), headers={"If-None-Match": "*"}).status_code == 200
    again = api.put(PATH, json=order(), headers={"If-None-Match": "*"})
    assert again.status_code == 412
    by_another_name = order(purchase_identifiers={"internal": "I-1"})
    assert api.put(f"{PURCHASES}/visible/V", json=by_another_name, headers={"If-None-Match": "*"}).status_code == 412


def test_a_version_is_never_used_twice(api: ApiCaller, tag: str) -> None:
    assert api.delete(PATH).status_code == 204
    assert api.put(PATH, json=order())["ETag"] != tag


def test_none_match_of_a_put_may_name_versions(api: ApiCaller, tag: str) -> None:
    """Written unless one of these stands."""
    refused = api.put(PATH, json=order(customer_reference="PO"), headers={"If-None-Match": f'"other", W/{tag}'})
    assert (refused.status_code, refused.json()["current_etag"]) == (412, tag)
    assert (refused.json()["revisions"], refused.json()["changes"]) == (None, None)
    written = api.put(PATH, json=order(customer_reference="PO"), headers={"If-None-Match": '"other"'})
    assert written.json()["revision"] == 2


def test_the_older_version_that_is_named_first_is_told_from(api: ApiCaller, tag: str) -> None:
    second = api.put(PATH, json=order(customer_reference="PO 2"))["ETag"]
    api.put(PATH, json=order(customer_reference="PO 3"))
    told = api.put(PATH, json=order(), headers={"If-Match": f"{second}, {tag}"}).json()
    assert [row["revision"] for row in told["revisions"]] == [3]
    assert told["changes"] == [{"path": "customer_reference", "old": "PO 2", "new": "PO 3"}]


def test_a_change_that_was_taken_back_is_a_revision_and_no_change(api: ApiCaller, tag: str) -> None:
    api.put(PATH, json=order(customer_reference="PO"))
    api.put(PATH, json=order())
    told = api.put(PATH, json=order(), headers={"If-Match": tag}).json()
    assert ([row["revision"] for row in told["revisions"]], told["changes"]) == ([2, 3], [])


def test_lists_and_what_belongs_to_a_purchase_have_none(api: ApiCaller, tag: str) -> None:
    recorded = api.put(f"{PATH}/transactions", json=payment())
    addresses = [
        PURCHASES,
        *(f"{PATH}/{tail}" for tail in ("transactions", "history", "revisions", "revisions/1", "diff")),
        FLAT,
        f"{FLAT}/{recorded.json()['id']}",
    ]
    assert [path for path in addresses if "ETag" in api.get(path)] == []
    assert "ETag" not in recorded
    assert [row["revision"] for row in api.get(PURCHASES).json()] == [1]


def test_a_known_version_needs_no_document(api: ApiCaller, tag: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert api.get(PATH, headers={"If-None-Match": tag}).status_code == 304
    assert [("header" in query["sql"], "contents" in query["sql"]) for query in queries] == [(False, False)]
    assert api.head(PATH, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("revisions", [2, 12])
def test_what_happened_since_is_two_queries_for_however_many_revisions(
    api: ApiCaller, tag: str, revisions: int
) -> None:
    for number in range(1, revisions):
        api.put(PATH, json=order(customer_reference=f"PO {number}"))
    with CaptureQueriesContext(connection) as queries:
        told = api.delete(PATH, headers={"If-Match": tag}).json()
    assert len(told["revisions"]) == revisions - 1
    asked = [query["sql"] for query in queries if "purchasing_purchaserevision" in query["sql"]]
    assert [("contents" in text) for text in asked] == [False, True]
    assert len([query for query in queries if query["sql"].startswith("SELECT")]) == 3
