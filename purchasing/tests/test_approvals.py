"""Accepting, approving and rejecting by operation: who may, in which state, and what it comes to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.actors import Actor, ActorKind
from core.api.etag import Tags
from core.errors import Conflict, DomainError, NotFound, NotPermitted, VersionMismatch
from core.models import Site
from core.site_settings import set_setting
from customers.models import Account, Customer
from purchasing.models import Purchase, PurchaseHistory, PurchaseRevision
from purchasing.operations import Preconditions
from purchasing.putting import Outcome, Put
from purchasing.tests.bakers import (
    accept,
    answer,
    approve,
    delete,
    get,
    line,
    make_customer,
    on_account,
    order,
    package,
    pay,
    put,
    reject,
    stored,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BUYER = Actor(ActorKind.CUSTOMER, "cu_5")
OTHER: dict[str, Any] = {"customer_reference": "PO 8"}


@pytest.fixture
def limited(site: Site, company: Customer) -> Customer:
    """Buys for the company, and needs approval."""
    return make_customer(site, "Wales", parent=company, role="limited-customer")


@pytest.fixture
def approval_waits(site: Site) -> None:
    """An approval places nothing."""
    set_setting(site=site, key="approval_places_order", value=False)


def quote(site: Site, customer: Customer | None = None, **members: Any) -> None:
    put(site, order(customer=customer, type="quote", **members))


def waiting(site: Site, company: Customer, child: Customer | None = None, **members: Any) -> None:
    """A purchase that waits for approval, placed by a child of the company."""
    named = {"sparklayer": company.public_id} | ({"sparklayer_child": child.public_id} if child else {})
    put(site, order(type="awaiting_approval", customer_identifiers=named, **members))


def code_of(refusal: pytest.ExceptionInfo[DomainError]) -> str:
    [fault] = refusal.value.faults
    return fault.code


# --- accepting --------------------------------------------------------------------------------------------------------


def test_an_accepted_quote_is_the_order(site: Site) -> None:
    quote(site)

    put = accept(site, actor=BUYER, now=NOW)

    assert (put.outcome, put.purchase.type, put.purchase.revision) == (Outcome.UPDATED, "order", 2)
    document = get(site)
    assert document == answer(put.purchase)
    assert (document["type"], document["quote_status"], document["approval"]) == ("order", None, None)
    assert document["dates"]["calculated_submitted_at"] == NOW.isoformat()
    assert document["calculated_payment_status"] == "unpaid"
    assert PurchaseRevision.objects.get(number=2).author == "customer:cu_5"
    assert not PurchaseHistory.objects.exists()


def test_an_accepted_quote_on_account_is_charged(site: Site, company: Customer) -> None:
    quote(site, company, payment_method="on_account")
    accept(site)
    assert Account.objects.get().balance == 100


def test_everything_else_of_a_quote_stays(site: Site, company: Customer) -> None:
    parcels = [
        package(line("7.005", sku="CHALK", quantity=3, total={"tax_rate": 20}), shipping="5.50"),
        package(line()),
    ]
    quote(site, company)
    put(site, order(*parcels, type="quote", customer=company, metadata=[{"name": "a", "value": None}], **OTHER))
    before = get(site)

    accept(site, revision=2)

    after = get(site)
    differing = {name for name in after if after[name] != before[name]}
    assert differing == {
        "type",
        "quote_status",
        "dates",
        "revision",
        "revision_date",
        "calculated_fulfilment_status",
        "calculated_payment_status",
        "calculated_payment",
    }


def test_a_quote_is_accepted_once(site: Site) -> None:
    quote(site)
    accept(site)
    for revision in (1, 2):
        with pytest.raises(Conflict) as refusal:
            accept(site, revision=revision)
        assert code_of(refusal) == refusal.value.title == "already-accepted"
    assert PurchaseRevision.objects.count() == 2


def test_a_quote_that_became_the_order_by_a_put_was_accepted(site: Site) -> None:
    quote(site)
    put(site, order())
    with pytest.raises(Conflict) as refusal:
        accept(site, revision=2)
    assert code_of(refusal) == "already-accepted"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"quote_status": "draft"}, "quote-not-open"),
        ({"quote_status": "rejected"}, "quote-not-open"),
        ({"quote_status": "accepted"}, "already-accepted"),
        ({"quote_status": "expired"}, "quote-expired"),
        ({"quote_expires_at": "2026-03-02T08:59:59Z"}, "quote-expired"),
        ({"quote_status": "draft", "quote_expires_at": "2026-03-02T08:59:59Z"}, "quote-not-open"),
        ({"type": "order"}, "not-a-quote"),
        ({"type": "order_unconfirmed"}, "not-a-quote"),
        ({"type": "awaiting_approval"}, "not-a-quote"),
        ({"type": "cart"}, "not-a-quote"),
    ],
)
def test_only_a_sent_quote_is_accepted(site: Site, members: dict[str, Any], code: str) -> None:
    put(site, order(**{"type": "quote", **members}))
    before = stored(site).etag
    with pytest.raises(Conflict) as refusal:
        accept(site, now=NOW)
    assert (code_of(refusal), stored(site).etag) == (code, before)


@pytest.mark.parametrize("expires_at", ["2026-03-02T09:00:00Z", "2026-03-02T10:30:00+01:00", None])
def test_a_quote_is_open_until_it_expires(site: Site, expires_at: str | None) -> None:
    quote(site, quote_expires_at=expires_at)
    assert accept(site, now=NOW).purchase.type == "order"


def test_a_quote_is_accepted_as_it_was_seen(site: Site) -> None:
    quote(site)
    put(site, order(package(line("120")), type="quote"))
    with pytest.raises(Conflict) as refusal:
        accept(site, revision=1)
    assert code_of(refusal) == "revision-stale"
    assert refusal.value.members == {"revision": 2, "total": {"number": "120.00", "currency": "GBP"}}
    assert accept(site, revision=2).purchase.type == "order"


def test_a_limited_customer_s_acceptance_waits_for_approval(site: Site, company: Customer, limited: Customer) -> None:
    put(site, order(type="quote", customer=limited))

    put_ = accept(site, reader=limited, actor=BUYER)

    assert (put_.purchase.type, put_.purchase.revision) == ("awaiting_approval", 2)
    assert get(site)["approval"] == {
        "status": "pending",
        "revision": 2,
        "total": {"number": "100.00", "currency": "GBP"},
        "by": None,
        "at": None,
        "reason": "",
    }
    with pytest.raises(Conflict) as refusal:
        accept(site, reader=limited, revision=2)
    assert code_of(refusal) == "already-accepted"
    assert approve(site, reader=company, revision=2).purchase.type == "order"


@pytest.mark.parametrize("role", ["", "main"])
def test_other_customers_place_the_order(site: Site, company: Customer, role: str) -> None:
    child = make_customer(site, "Wales", parent=company, role=role)
    put(site, order(type="quote", customer=child))
    assert accept(site, reader=child).purchase.type == "order"


# --- approving --------------------------------------------------------------------------------------------------------


def test_an_approval_places_the_order(site: Site, company: Customer, child: Customer) -> None:
    waiting(site, company, child, payment_method="on_account")

    put = approve(site, actor=BUYER, now=NOW)

    assert (put.purchase.type, put.purchase.revision, put.purchase.changes) == ("order", 2, 0)
    assert Account.objects.get().balance == 100
    assert get(site) == answer(put.purchase)
    assert get(site)["approval"] == {
        "status": "approved",
        "revision": 1,
        "total": {"number": "100.00", "currency": "GBP"},
        "by": "customer:cu_5",
        "at": NOW.isoformat(),
        "reason": "",
    }


def test_an_order_keeps_who_approved_it(site: Site, company: Customer) -> None:
    waiting(site, company)
    approve(site, actor=BUYER)
    approval = get(site)["approval"]
    put(site, order(package(line("120")), customer=company))
    pay(site, "10")
    assert get(site)["approval"] == approval


@pytest.mark.usefixtures("approval_waits")
def test_an_approval_can_wait_to_be_placed(site: Site, company: Customer) -> None:
    waiting(site, company)
    before = stored(site)

    put_ = approve(site, actor=BUYER, now=NOW)

    assert (put_.purchase.type, put_.purchase.revision, put_.purchase.changes) == ("awaiting_approval", 1, 1)
    assert (stored(site).changed_at, stored(site).revision_at) == (NOW, before.revision_at)
    approval = get(site)["approval"]
    assert (approval["status"], approval["by"]) == ("approved", "customer:cu_5")
    with pytest.raises(Conflict) as refusal:
        approve(site)
    assert code_of(refusal) == "already-approved"

    put(site, get(site) | {"type": "order"})
    assert (stored(site).type, get(site)["approval"]) == ("order", approval)


@pytest.mark.usefixtures("approval_waits")
def test_the_same_document_again_voids_nothing(site: Site, company: Customer) -> None:
    waiting(site, company)
    approve(site)
    version = stored(site).etag
    assert put(site, get(site)).outcome is Outcome.UNCHANGED
    assert (stored(site).etag, get(site)["approval"]["status"]) == (version, "approved")


@pytest.mark.usefixtures("approval_waits")
def test_money_voids_no_approval(site: Site, company: Customer) -> None:
    waiting(site, company)
    approve(site)
    pay(site, "10")
    assert get(site)["approval"]["status"] == "approved"


@pytest.mark.usefixtures("approval_waits")
@pytest.mark.parametrize("decide", [approve, reject])
def test_a_change_of_content_voids_a_decision(site: Site, company: Customer, decide: Any) -> None:
    waiting(site, company)
    decide(site)

    waiting(site, company, **OTHER)

    approval = get(site)["approval"]
    assert (approval["status"], approval["revision"], approval["by"]) == ("pending", 2, None)
    assert approve(site, revision=2).purchase.type == "awaiting_approval"


@pytest.mark.usefixtures("approval_waits")
def test_an_order_of_another_content_was_not_approved(site: Site, company: Customer) -> None:
    waiting(site, company)
    approve(site)
    put(site, order(package(line("120")), customer=company))
    assert (stored(site).type, get(site)["approval"]) == ("order", None)


@pytest.mark.parametrize(
    ("revision", "total", "property"), [(1, "100", "revision"), (2, "100", "total"), (3, "120", "revision")]
)
def test_what_is_approved_is_what_stands(
    site: Site, company: Customer, revision: int, total: str, property: str
) -> None:
    waiting(site, company)
    waiting(site, company, packages=[package(line("120"))])
    with pytest.raises(Conflict) as refusal:
        approve(site, revision=revision, total=total)
    [fault] = refusal.value.faults
    assert (fault.code, fault.property) == ("approval-stale", property)
    assert refusal.value.members == {"revision": 2, "total": {"number": "120.00", "currency": "GBP"}}
    assert approve(site, revision=2, total="120.000").purchase.type == "order"


@pytest.mark.parametrize("type", ["order", "order_unconfirmed", "quote", "cart"])
def test_only_what_waits_is_approved(site: Site, type: str) -> None:
    put(site, order(type=type))
    with pytest.raises(Conflict) as refusal:
        approve(site)
    assert code_of(refusal) == "not-awaiting-approval"


def test_it_is_approved_once(site: Site, company: Customer) -> None:
    waiting(site, company)
    approve(site)
    for decide in (approve, reject):
        with pytest.raises(Conflict) as refusal:
            decide(site)
        assert code_of(refusal) == "already-approved"


# --- rejecting --------------------------------------------------------------------------------------------------------


def test_a_rejection_says_why(site: Site, company: Customer) -> None:
    waiting(site, company)

    put = reject(site, reason="too dear", actor=BUYER, now=NOW)

    assert (put.purchase.type, put.purchase.revision, put.purchase.changes) == ("awaiting_approval", 1, 1)
    assert get(site) == answer(put.purchase)
    assert get(site)["approval"] == {
        "status": "rejected",
        "revision": 1,
        "total": {"number": "100.00", "currency": "GBP"},
        "by": "customer:cu_5",
        "at": NOW.isoformat(),
        "reason": "too dear",
    }


def test_what_was_rejected_is_changed_before_it_is_decided_on_again(site: Site, company: Customer) -> None:
    waiting(site, company)
    reject(site)
    for decide in (approve, reject):
        with pytest.raises(Conflict) as refusal:
            decide(site)
        assert code_of(refusal) == "already-rejected"
    waiting(site, company, **OTHER)
    assert approve(site, revision=2).purchase.type == "order"


@pytest.mark.usefixtures("approval_waits")
def test_an_approval_is_taken_back_by_rejecting(site: Site, company: Customer) -> None:
    waiting(site, company)
    approve(site)
    reject(site)
    assert get(site)["approval"]["status"] == "rejected"


def test_a_rejected_quote_says_why(site: Site) -> None:
    quote(site, quote_expires_at="2026-03-03T00:00:00Z")

    put_ = reject(site, reason="too dear", actor=BUYER, now=NOW)

    assert (put_.purchase.type, put_.purchase.revision) == ("quote", 2)
    document = get(site)
    assert (document["quote_status"], document["quote_expires_at"]) == ("rejected", "2026-03-03T00:00:00+00:00")
    assert (document["approval"]["status"], document["approval"]["reason"]) == ("rejected", "too dear")
    with pytest.raises(Conflict) as refusal:
        accept(site, revision=2, now=NOW)
    assert code_of(refusal) == "quote-not-open"

    quote(site, quote_status="sent")
    assert get(site)["approval"] is None
    assert accept(site, revision=3).purchase.type == "order"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"type": "quote", "quote_status": "draft"}, "quote-not-open"),
        ({"type": "quote", "quote_status": "rejected"}, "already-rejected"),
        ({"type": "quote", "quote_status": "accepted"}, "already-accepted"),
        ({"type": "quote", "quote_expires_at": "2026-03-02T08:59:59Z"}, "quote-expired"),
        ({"type": "order"}, "nothing-to-reject"),
        ({"type": "order_unconfirmed"}, "nothing-to-reject"),
        ({"type": "cart"}, "nothing-to-reject"),
    ],
)
def test_only_what_is_open_is_rejected(site: Site, members: dict[str, Any], code: str) -> None:
    put(site, order(**members))
    before = stored(site).etag
    with pytest.raises(Conflict) as refusal:
        reject(site, now=NOW)
    assert (code_of(refusal), stored(site).etag) == (code, before)


def test_an_accepted_quote_is_not_rejected(site: Site) -> None:
    quote(site)
    accept(site)
    with pytest.raises(Conflict) as refusal:
        reject(site)
    assert code_of(refusal) == "already-accepted"


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decide", [approve, reject])
@pytest.mark.parametrize(
    ("role", "placed_by_child", "code"),
    [
        ("main", True, None),
        ("", True, "not-an-approver"),
        ("limited-customer", True, "not-an-approver"),
        ("sales-agent", True, "not-an-approver"),
        ("sales-admin", True, "not-an-approver"),
        ("main", False, "own-purchase"),
    ],
)
def test_who_may_decide(
    site: Site, company: Customer, decide: Any, role: str, placed_by_child: bool, code: str | None
) -> None:
    """A main user of the company who did not place it; `role` is that of a child who placed it or, else, somebody."""
    placer = make_customer(site, "Wales", parent=company)
    reader = make_customer(site, "Dover", parent=company, role=role)
    placed_by = placer if placed_by_child else reader
    named = {"sparklayer": reader.public_id, "sparklayer_child": placed_by.public_id}
    put(site, order(type="awaiting_approval", customer_identifiers=named))
    if code is None:
        assert decide(site, reader=reader).outcome is Outcome.UPDATED
        return
    with pytest.raises(NotPermitted) as refusal:
        decide(site, reader=reader)
    assert (code_of(refusal), refusal.value.status) == (code, 403)


def test_without_a_child_the_customer_placed_it(site: Site, company: Customer) -> None:
    waiting(site, company)
    with pytest.raises(NotPermitted) as refusal:
        approve(site, reader=company)
    assert code_of(refusal) == "own-purchase"


def test_programs_and_staff_approve_anything(site: Site, company: Customer) -> None:
    waiting(site, company)
    assert approve(site, actor=Actor(ActorKind.STAFF, "ann@jones.example")).purchase.type == "order"


@pytest.mark.parametrize("decide", [accept, approve, reject])
def test_what_is_not_visible_is_not_there(site: Site, company: Customer, summit: Customer, decide: Any) -> None:
    put(site, order(type="quote" if decide is accept else "awaiting_approval", customer=company))
    with pytest.raises(NotFound) as foreign:
        decide(site, reader=summit)
    with pytest.raises(NotFound) as unknown:
        decide(site, "B-1", reader=summit)
    assert str(foreign.value) == str(unknown.value)


@pytest.mark.parametrize("decide", [accept, approve, reject])
def test_what_was_deleted_is_not_there(site: Site, decide: Any) -> None:
    put(site, order(type="quote" if decide is accept else "awaiting_approval"))
    delete(site)
    with pytest.raises(NotFound):
        decide(site)


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decide", [accept, approve, reject])
def test_a_version_that_is_named_has_to_stand(site: Site, decide: Any) -> None:
    put(site, order(type="quote" if decide is accept else "awaiting_approval"))
    version = stored(site).etag
    pay(site, "10")
    with pytest.raises(VersionMismatch) as refusal:
        decide(site, preconditions=Preconditions(if_match=Tags(any=False, values=(version,))))
    assert refusal.value.members["current_etag"] == stored(site).etag
    current = Preconditions(if_match=Tags(any=False, values=(stored(site).etag,)))
    assert isinstance(decide(site, preconditions=current), Put)


@pytest.mark.usefixtures("approval_waits")
def test_an_approval_is_told_to_whom_it_overtook(site: Site, company: Customer) -> None:
    waiting(site, company)
    version = stored(site).etag
    approve(site)
    with pytest.raises(VersionMismatch) as refusal:
        approve(site, preconditions=Preconditions(if_match=Tags(any=False, values=(version,))))
    assert refusal.value.members["changes"] == [
        {"path": "calculated_payment", "new": None},
        {"path": "approval", "new": get(site)["approval"]},
    ]


def test_now_is_the_time_of_the_call(site: Site) -> None:
    quote(site)
    before = datetime.now(UTC)
    accept(site)
    assert timedelta(0) <= Purchase.objects.get().revision_at - before < timedelta(minutes=1)


def test_on_account_without_credit_is_no_matter_for_programs(site: Site, company: Customer) -> None:
    put(site, on_account(type="quote", customer=company))
    assert company.payment_on_account is False
    assert accept(site).purchase.type == "order"
