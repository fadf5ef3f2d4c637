"""GET /api/v1/purchases/{lookupBy}/{identifier}."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from purchasing.tests.bodies import PURCHASES, order, payment, rich_order
from tests.callers import ApiCaller, make_caller
from tests.cast import line, package

PATH = f"{PURCHASES}/internal/I-1"
UNKNOWN = "63428136-658f-48a6-beb7-7f333dfd9686"


def test_answers_what_the_put_answered(api: ApiCaller) -> None:
    put = api.put(PATH, json=rich_order())
    got = api.get(PATH)
    assert (got.status_code, got["ETag"], got.json()) == (200, put["ETag"], put.json())


@pytest.mark.parametrize("kind", ["sparklayer", "platform", "internal", "visible"])
def test_by_each_look_up(api: ApiCaller, kind: str) -> None:
    put = api.put(PATH, json=rich_order()).json()
    assert api.get(f"{PURCHASES}/{kind}/{put['purchase_identifiers'][kind]}").json() == put


@pytest.mark.parametrize(
    "path",
    [
        "internal/unknown",
        "internal/i-1",
        "internal/I-1%20",
        "platform/I-1",
        f"internal/{'a' * 300}",
        f"sparklayer/{UNKNOWN}",
        f"sparklayer/{UNKNOWN.replace('-', '')}",
        "sparklayer/I-1",
        "sparklayer/%20",
    ],
)
def test_an_unknown_one_is_404(api: ApiCaller, path: str) -> None:
    api.put(PATH, json=order())
    answer = api.get(f"{PURCHASES}/{path}")
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


@pytest.mark.parametrize("kind", ["number", "Internal", "id", "%20"])
def test_an_unknown_look_up_is_400(api: ApiCaller, kind: str) -> None:
    answer = api.get(f"{PURCHASES}/{kind}/I-1")
    assert (answer.status_code, answer.json()["errors"][0]["property"]) == (400, "lookupBy")


def test_shows_its_payments(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    api.put(f"{PATH}/transactions", json=payment("4"))
    stored = api.get(PATH).json()
    assert stored["calculated_payment_status"] == "partially_paid"
    assert {name: money["number"] for name, money in stored["calculated_payment"].items()} == {
        "amount_due": "10.00",
        "paid": "4.00",
        "refunded": "0.00",
        "net_paid": "4.00",
        "outstanding": "6.00",
        "credit": "0.00",
    }


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        (["orders"], 200),
        (["orders.read"], 200),
        (["customers", "products", "setup"], 403),
        ([], 403),
    ],
)
def test_needs_a_scope(api: ApiCaller, site: Site, scopes: list[str], status: int) -> None:
    api.put(PATH, json=order())
    caller = make_caller(site, name="Other", scopes=scopes)
    for path in (PATH, f"{PATH}/transactions", f"{PATH}/history", f"{PATH}/revisions", PURCHASES):
        assert caller.get(path).status_code == status


def test_head_and_options(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    head = api.head(PATH)
    assert (head.status_code, head.content, "ETag" in head) == (200, b"", True)
    assert api.head(f"{PURCHASES}/internal/unknown").status_code == 404
    options = api.options(PATH)
    assert options.status_code == 204
    assert {method.strip() for method in options["Allow"].split(",")} == {"GET", "PUT", "DELETE", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("method", ["POST", "PATCH", "TRACE", "PURGE"])
def test_other_methods_are_405(api: ApiCaller, method: str) -> None:
    answer = api.request(method, PATH, json=order())
    assert (answer.status_code, answer.json()["title"]) == (405, "method-not-allowed")


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_makes_another_method_of_it(api: ApiCaller, header: str) -> None:
    api.put(PATH, json=order())
    assert api.get(PATH, headers={header: "DELETE"}).status_code == 200
    assert api.request("POST", PATH, json=order(), headers={header: "PUT"}).status_code == 405
    assert api.get(PATH).status_code == 200


def test_costs_one_query_whatever_it_carries(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    api.put(f"{PURCHASES}/internal/I-2", json=order(packages=[package(*[line(str(n)) for n in range(200)])]))
    for path in (PATH, f"{PURCHASES}/internal/I-2"):
        with CaptureQueriesContext(connection) as queries:
            assert api.get(path).status_code == 200
        assert len(queries) == 1
