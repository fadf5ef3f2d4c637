"""POST /api/v1/purchases/bulk."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.api.bodies import BODY_LIMIT, BULK_BODY_LIMIT
from core.api.renderer import dump_json
from core.models import Site
from purchasing.bulk import MAX_ITEMS
from purchasing.bulk.purchases import CHUNK
from purchasing.bulk.sent import FAULTS_OF_A_CALL, FAULTS_OF_AN_ITEM
from purchasing.models import Purchase, PurchaseRevision
from purchasing.tests.bakers import pay
from purchasing.tests.bodies import PURCHASES, faults, order, rich_order
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

BULK = f"{PURCHASES}/bulk"


def named(name: str, **members: Any) -> dict[str, Any]:
    return order(purchase_identifiers={"internal": name}, **members)


def outcomes(answer: Any) -> list[tuple[str, int | None]]:
    assert answer.status_code == 200, answer.content
    return [(item["outcome"], item["revision"]) for item in answer.json()]


def test_each_item_has_its_outcome(api: ApiCaller) -> None:
    api.put(f"{PURCHASES}/internal/SAME", json=order())
    api.put(f"{PURCHASES}/internal/OTHER", json=order(purchase_identifiers={"visible": "V-1"}))
    stands = {
        name: api.get(f"{PURCHASES}/internal/{name}").json()["purchase_identifiers"] for name in ("SAME", "OTHER")
    }

    answer = api.post(
        BULK,
        json=[
            named("NEW"),
            named("SAME"),
            named("OTHER", customer_reference="PO 1"),
            named("BAD", packages=[package(line(quantity=-1))]),
        ],
    )

    new = api.get(f"{PURCHASES}/internal/NEW").json()["purchase_identifiers"]
    assert answer.status_code == 200
    assert answer.json() == [
        {"index": 0, "identifiers": new, "outcome": "created", "revision": 1, "errors": []},
        {"index": 1, "identifiers": stands["SAME"], "outcome": "unchanged", "revision": 1, "errors": []},
        {"index": 2, "identifiers": stands["OTHER"], "outcome": "updated", "revision": 2, "errors": []},
        {
            "index": 3,
            "identifiers": {"sparklayer": "", "platform": "", "internal": "BAD", "visible": ""},
            "outcome": "rejected",
            "revision": None,
            "errors": [
                {
                    "code": "invalid",
                    "property": "packages[0].line_items[0].quantity",
                    "message": "Input should be greater than or equal to 0.",
                }
            ],
        },
    ]
    assert Purchase.objects.count() == 3


def test_items_are_applied_in_the_order_sent(api: ApiCaller) -> None:
    """Each finds what those before it have done: a rename, and a new purchase under the old name."""
    call = [
        named("A", customer_reference="1"),
        named("A", customer_reference="2"),
        order(purchase_identifiers={"internal": "A", "visible": "V"}, customer_reference="2"),
        order(purchase_identifiers={"internal": None, "visible": "V"}, customer_reference="2"),
        named("A", customer_reference="3"),
    ]
    rehearsed = api.post(f"{BULK}?dry_run=true", json=call)
    assert Purchase.objects.count() == 0

    answer = api.post(BULK, json=call)

    assert answer.json() == rehearsed.json()
    assert outcomes(answer) == [("created", 1), ("updated", 2), ("updated", 3), ("updated", 4), ("created", 1)]
    assert api.get(f"{PURCHASES}/visible/V").json()["customer_reference"] == "2"
    assert api.get(f"{PURCHASES}/internal/A").json()["customer_reference"] == "3"


def test_a_refusal_of_the_rules_is_the_item_s(api: ApiCaller) -> None:
    """In the words of a PUT, and without a trace; what comes after it is applied."""
    for name in ("A", "B"):
        api.put(f"{PURCHASES}/internal/{name}", json=order(purchase_identifiers={"visible": f"V-{name}"}))
    before = PurchaseRevision.objects.count()

    answer = api.post(
        BULK,
        json=[
            named("A", type="quote"),
            order(purchase_identifiers={"internal": "A", "visible": "V-B"}),
            named("C", customer_identifiers={"sparklayer": "cu_404", "sparklayer_child": "nobody"}),
            order(purchase_identifiers={"internal": "A", "sparklayer": None}),
            order(),
            named("B", customer_reference="PO"),
        ],
    )

    assert [[(error["code"], error["property"]) for error in item["errors"]] for item in answer.json()] == [
        [("type-cannot-go-back", "type")],
        [
            ("identifier-conflict", "purchase_identifiers.internal"),
            ("identifier-conflict", "purchase_identifiers.visible"),
        ],
        [
            ("resource-not-found", "customer_identifiers.sparklayer"),
            ("resource-not-found", "customer_identifiers.sparklayer_child"),
        ],
        [("invalid", "purchase_identifiers.sparklayer")],
        [("required", "purchase_identifiers")],
        [],
    ]
    assert outcomes(answer)[5] == ("updated", 2)
    assert PurchaseRevision.objects.count() == before + 1


def test_customers_are_found_by_any_name(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, external_id="HEAD")
    child = make_customer(site, external_id="CHILD", parent=head)
    gone = make_customer(site, external_id="GONE")
    api.put(f"{PURCHASES}/internal/OLD", json=order(customer_identifiers={"sparklayer": "GONE"}))
    assert api.delete(f"/api/v1/customers/{gone.public_id}").status_code == 204

    answer = api.post(
        BULK,
        json=[
            named("A", customer_identifiers={"sparklayer": head.public_id, "sparklayer_child": "CHILD"}),
            named("OLD", customer_identifiers={"sparklayer": gone.public_id}, customer_reference="PO"),
            named("NEW", customer_identifiers={"sparklayer": gone.public_id}),
        ],
    )

    assert outcomes(answer) == [("created", 1), ("updated", 2), ("rejected", None)]
    stored = api.get(f"{PURCHASES}/internal/A").json()["customer_identifiers"]
    assert (stored["sparklayer"], stored["sparklayer_child"]) == (head.public_id, child.public_id)


def test_what_is_charged_is_charged(api: ApiCaller, site: Site) -> None:
    make_customer(site, external_id="HEAD")
    bodies = [
        named(f"A-{number}", payment_method="on_account", customer_identifiers={"sparklayer": "HEAD"})
        for number in range(3)
    ]
    api.post(BULK, json=bodies)
    [balance] = api.get("/api/v1/customers/HEAD").json()["balances"]
    assert balance["amount"] == "30.00"


def test_its_author_is_the_program(api: ApiCaller) -> None:
    api.post(BULK, json=[named("A")])
    assert PurchaseRevision.objects.get().author == "client:ERP"


def test_nothing_is_sent(api: ApiCaller) -> None:
    assert api.post(BULK, json=[]).json() == []


def test_what_cannot_be_read_at_all(api: ApiCaller) -> None:
    assert api.post(BULK, json={}).status_code == 400
    assert faults(api.post(BULK, json=[0] * (MAX_ITEMS + 1))) == [("too-many", None)]
    assert faults(api.post(f"{BULK}?dry_run=perhaps", json=[])) == [("invalid", "dry_run")]
    assert faults(api.post(f"{BULK}?dryrun=true", json=[])) == [("unknown-parameter", "dryrun")]


def test_a_body_may_have_32_mb(api: ApiCaller) -> None:
    texts = [{"name": "t", "value": "x" * 10_000}] * 1_000
    body = dump_json([named("BIG", metadata=texts)])
    assert BODY_LIMIT < len(body) < BULK_BODY_LIMIT
    assert outcomes(api.post(BULK, body=body)) == [("created", 1)]
    assert api.post(BULK, body=body + b" " * BULK_BODY_LIMIT).status_code == 413


def test_too_many_lines_are_the_item_s_fault(api: ApiCaller) -> None:
    answer = api.post(BULK, json=[named("A", packages=[package(*[line()] * 5_001)] * 2), named("B")])
    assert outcomes(answer) == [("rejected", None), ("created", 1)]
    assert answer.json()[0]["errors"][0]["property"] == "packages"


def test_of_very_many_faults_not_all_are_listed(api: ApiCaller) -> None:
    """Of the first items all, of later ones a few: an answer stays one that can be read."""
    bad = named("A", packages=[package(*[line(quantity=-1)] * 900)])
    answer = api.post(BULK, json=[bad] * 30)
    listed = [len(item["errors"]) for item in answer.json()]
    assert listed[:10] == [900] * 10
    assert max(listed[-10:]) <= FAULTS_OF_AN_ITEM
    assert sum(listed) <= FAULTS_OF_A_CALL + 1_000 + 30 * FAULTS_OF_AN_ITEM
    assert answer.json()[-1]["errors"][-1]["code"] == "too-many-faults"


def test_a_repeat_under_a_key_is_answered_as_the_first(api: ApiCaller) -> None:
    key = {"Idempotency-Key": "b-1"}
    first = api.post(BULK, json=[named("A"), named("B"), None], headers=key)
    assert outcomes(first) == [("created", 1), ("created", 1), ("rejected", None)]
    again = api.post(BULK, json=[named("A"), named("B"), None], headers=key)
    assert again.content == first.content
    assert api.post(f"{BULK}?dry_run=true", json=[named("A"), named("B"), None], headers=key).status_code == 409


@pytest.mark.parametrize("kind", ["new", "replaced", "unchanged", "paid"])
def test_purchases_that_share_a_transaction_are_as_many_statements_as_one(
    api: ApiCaller, site: Site, kind: str
) -> None:
    make_customer(site, external_id="HEAD")
    bodies = [
        named(f"A-{number}", payment_method="on_account", customer_identifiers={"sparklayer": "HEAD"})
        for number in range(1 + CHUNK + 3 * CHUNK)
    ]
    if kind != "new":
        api.post(BULK, json=bodies)
    if kind == "paid":
        for body in bodies:
            pay(site, 5, body["purchase_identifiers"]["internal"])
    if kind in ("replaced", "paid"):
        bodies = [body | {"customer_reference": "PO"} for body in bodies]
    counts = []
    for few in (bodies[:1], bodies[1 : 1 + CHUNK], bodies[1 + CHUNK :]):
        with CaptureQueriesContext(connection) as queries:
            api.post(BULK, json=few)
        counts.append(len(queries))
    of_chunk = {
        "new": 6,  # savepoint, look-up with locks, numbers, purchases, entries of the account, release
        "replaced": 4,
        "unchanged": 3,
        "paid": 5,  # what was paid is read
    }[kind]
    assert counts == [counts[0], counts[0], counts[0] + 2 * of_chunk]


def test_everything_a_document_may_hold(api: ApiCaller) -> None:
    body = rich_order()
    api.post(BULK, json=[body])
    stored = api.get(f"{PURCHASES}/internal/I-1").json()
    api.put(f"{PURCHASES}/internal/I-1", json=body)
    assert api.get(f"{PURCHASES}/internal/I-1").json() == stored
