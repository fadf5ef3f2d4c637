"""Accept, approve and reject with a customer's own token."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.actors import Actor, ActorKind
from core.models import Site
from customers.models import Customer
from purchasing.approvals import approve_purchase
from purchasing.identity import Lookup
from purchasing.tests.bodies import PURCHASES, faults, order
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer

PATH = f"{PURCHASES}/internal/I-1"
BODIES = {"accept": {"revision": 1}, "approve": {"revision": 1, "total": "10"}, "reject": {"reason": "too dear"}}


@pytest.fixture
def head(site: Site) -> Customer:
    """The company."""
    return make_buyer(site)


@pytest.fixture
def limited(site: Site, head: Customer) -> Customer:
    """Buys for the company, and needs its approval."""
    return make_buyer(site, "Wales", parent=head, role=Customer.Role.LIMITED)


def signed_in(customer: Customer) -> ApiCaller:
    assert customer.user is not None
    return make_person_caller(customer.site, customer.user)


def store(api: ApiCaller, kind: str, customer: Customer, **members: Any) -> str:
    """A purchase of 10.00 GBP of this customer; its version."""
    named = {"sparklayer": customer.public_id}
    tag: str = api.put(PATH, json=order(type=kind, customer_identifiers=named, **members))["ETag"]
    return tag


def decide(caller: ApiCaller, verb: str, **options: Any) -> Any:
    return caller.post(f"{PATH}/{verb}", json=BODIES[verb], **options)


def test_a_quote_of_a_limited_customer_takes_two(api: ApiCaller, head: Customer, limited: Customer) -> None:
    store(api, "quote", limited)

    accepted = decide(signed_in(limited), "accept")
    assert (accepted.status_code, accepted.json()["type"]) == (200, "awaiting_approval")
    own = signed_in(limited).post(f"{PATH}/approve", json={"revision": 2, "total": "10"})
    assert (own.status_code, faults(own)) == (403, [("not-an-approver", None)])
    approved = signed_in(head).post(f"{PATH}/approve", json={"revision": 2, "total": "10"})

    assert (approved.status_code, approved.json()["type"]) == (200, "order")
    assert approved.json()["approval"]["by"] == f"customer:{head.public_id}"
    authors = [row["by"] for row in api.get(f"{PATH}/revisions").json()]
    assert authors == ["client:ERP", f"customer:{limited.public_id}", f"customer:{head.public_id}"]


def test_a_customer_is_told_no_warnings(api: ApiCaller, head: Customer) -> None:
    store(api, "quote", head)
    assert api.get(PATH).json()["warnings"] != []
    assert decide(signed_in(head), "accept").json()["warnings"] == []
    assert api.get(PATH).json()["warnings"] != []


def test_a_customer_is_not_told_who_changed_what(api: ApiCaller, head: Customer) -> None:
    version = store(api, "quote", head)
    current = store(api, "quote", head, customer_reference="PO")
    answer = decide(signed_in(head), "accept", headers={"If-Match": version})
    assert answer.status_code == 412
    told = {name: answer.json()[name] for name in ("current_etag", "revisions", "changes")}
    assert told == {"current_etag": current, "revisions": None, "changes": None}


@pytest.mark.parametrize("verb", BODIES)
def test_what_is_another_s_is_unknown(api: ApiCaller, site: Site, head: Customer, verb: str) -> None:
    stranger = make_buyer(site, "Summit Supplies")
    version = store(api, "quote" if verb == "accept" else "awaiting_approval", head)
    answers = [decide(signed_in(stranger), verb, headers=headers) for headers in ({}, {"If-Match": '"1.r1.0"'})]
    answers.append(signed_in(stranger).post(f"{PURCHASES}/internal/unknown/{verb}", json=BODIES[verb]))
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert api.get(PATH)["ETag"] == version


def test_who_rejects_a_quote_is_named(api: ApiCaller, head: Customer, limited: Customer) -> None:
    store(api, "quote", limited)
    answer = decide(signed_in(limited), "reject")
    assert (answer.status_code, answer.json()["quote_status"]) == (200, "rejected")
    assert answer.json()["approval"]["by"] == f"customer:{limited.public_id}"


def test_a_program_has_no_name_for_customers(api: ApiCaller, head: Customer) -> None:
    store(api, "quote", head)
    assert decide(api, "reject").json()["approval"]["by"] == "client:ERP"
    assert signed_in(head).get(PATH).json()["approval"]["by"] == "client"


def test_a_member_of_staff_has_no_name_for_customers(api: ApiCaller, site: Site, head: Customer) -> None:
    store(api, "awaiting_approval", head)
    ann = Actor(ActorKind.STAFF, "ann@jones-climbing.example")
    approve_purchase(site=site, lookup=Lookup("internal", "I-1"), revision=1, total=Decimal(10), actor=ann)
    buyer = signed_in(head)
    told = [buyer.get(PATH).json(), *buyer.get(PURCHASES).json()]
    assert [purchase["approval"]["by"] for purchase in told] == ["staff", "staff"]
    assert api.get(PATH).json()["approval"]["by"] == "staff:ann@jones-climbing.example"


def test_credit_binds_customers(api: ApiCaller, head: Customer) -> None:
    head.payment_on_account, head.credit_limit, head.currency_code = True, Decimal(9), "GBP"
    head.save()
    store(api, "quote", head, payment_method="on_account")
    answer = decide(signed_in(head), "accept")
    assert (answer.status_code, answer.json()["title"], answer.json()["available"]) == (409, "credit-exceeded", "9.00")
    assert decide(api, "accept").status_code == 200


def test_credit_is_for_programs_to_read(head: Customer) -> None:
    assert signed_in(head).get(f"/api/v1/customers/{head.public_id}/credit").status_code == 403
