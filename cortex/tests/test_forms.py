"""The form of an order: what is in the way, and what comes of submitting it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.models import Site
from core.site_settings import set_setting
from cortex.ids import encode
from cortex.tests.walker import MOUNT, Doc, Walker, href, rels, walker_of
from customers.models import Customer
from purchasing.models import FailedSubmission, Purchase, PurchaseRevision
from purchasing.tests.bakers import approve
from purchasing.tests.bakers import put as put_named
from tests.cast import line, make_buyer, make_customer, make_order, package

ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
WAITING = ["quote", "order_unconfirmed"]


@pytest.fixture
def company(site: Site) -> Customer:
    return make_customer(site, "Tom Jones Climbing", payment_on_account=True)


@pytest.fixture
def buyer(site: Site, company: Customer) -> Customer:
    return make_buyer(site, "Main", parent=company, role="main")


@pytest.fixture
def api(buyer: Customer) -> Walker:
    return walker_of(buyer)


def whole(**members: Any) -> dict[str, Any]:
    """What an order has that lacks nothing."""
    parcel = package(line(net="100.00"), shipping_address=ADDRESS, shipping_method={"name": "Courier"})
    return {
        "identifiers": {"internal": "A-1"},
        "packages": [parcel],
        "billing_address": ADDRESS,
        "payment_method": "card",
    } | members


def form_of(api: Walker) -> Doc:
    return api.follow("defaultprofile", "orders", "element", "purchaseform")


def post(api: Walker, *, query: str = "") -> Any:
    """Submit whether there is an action or not: its address is the form's own."""
    return api.ask("POST", form_of(api)["self"]["href"] + query)


def told(document: Doc) -> list[tuple[str, str, str | None]]:
    return [(message["type"], message["id"], message.get("blocks")) for message in document["messages"]]


def ids(answer: Any) -> list[str]:
    return [message["id"] for message in answer.json()["messages"]]


@pytest.mark.parametrize("type", WAITING)
def test_what_lacks_nothing_becomes_the_order(
    api: Walker, site: Site, company: Customer, buyer: Customer, type: str
) -> None:
    order = make_order(site, company, type=type, **whole())
    form = form_of(api)
    assert (rels(form), form["messages"]) == (["submitorderaction", "order"], [])
    action = href(form, "submitorderaction")
    assert action == form["self"]["href"]
    answer = api.submit(form, query="followlocation")
    shown = answer.json()
    assert (answer.status_code, shown["purchase-number"], shown["self"]["href"]) == (201, "A-1", answer["Location"])
    stored = Purchase.objects.get(pk=order.pk)
    assert (stored.type, stored.revision) == ("order", 2)
    assert PurchaseRevision.objects.get(number=2).author == str(buyer.actor)
    assert [rel for rel in rels(api.follow("defaultprofile", "orders")) if rel == "element"] == []
    again = api.ask("POST", action)
    assert (again.status_code, ids(again)) == (409, ["order.already.placed"])
    assert told(api.get(action)) == [("error", "order.already.placed", "submitorderaction")]
    assert FailedSubmission.objects.count() == 0


@pytest.mark.parametrize(
    ("members", "expected", "remedy"),
    [
        ({"packages": []}, ["cart.empty", "need.shipping.address", "need.shipping.option"], None),
        ({"billing_address": None}, ["need.billing.address"], "billingaddressinfo"),
        ({"payment_method": ""}, ["need.payment.method"], "paymentmethodinfo"),
        ({"packages": [package(line(), shipping_method={"name": "Van"})]}, ["need.shipping.address"], "deliveries"),
        ({"packages": [package(line(), shipping_address=ADDRESS)]}, ["need.shipping.option"], "deliveries"),
        ({"quote_status": "rejected"}, ["quote.not.open"], None),
        ({"quote_expires_at": "2020-01-01T00:00:00Z"}, ["quote.expired"], None),
        ({"type": "awaiting_approval"}, ["b2b.approval.required"], None),
    ],
)
def test_what_is_in_the_way_is_told_and_takes_the_action_away(
    api: Walker, site: Site, company: Customer, members: dict[str, Any], expected: list[str], remedy: str | None
) -> None:
    order = make_order(site, company, **({"type": "quote"} | whole(**members)))
    form = form_of(api)
    assert rels(form) == ["order"]
    kinds = ["needinfo" if name.startswith("need.") else "error" for name in expected]
    assert told(form) == [(kind, name, "submitorderaction") for kind, name in zip(kinds, expected, strict=True)]
    assert told(api.get(href(form, "order"))) == told(form)
    if remedy:
        where = api.get(form["messages"][-1]["linked-to"]["href"])
        assert where["self"]["href"] == href(api.get(href(form, "order")), remedy)
    answer = post(api)
    assert (answer.status_code, ids(answer)) == (409, expected)
    assert answer.json()["messages"] == form["messages"]
    assert Purchase.objects.get(pk=order.pk).revision == 1


def test_a_zoom_that_goes_too_deep_places_nothing(api: Walker, site: Site, company: Customer) -> None:
    order = make_order(site, company, type="quote", **whole())
    answer = post(api, query=f"?followlocation&zoom={':'.join('a' * 13)}")
    assert (answer.status_code, ids(answer)) == (400, ["field.invalid.size"])
    assert Purchase.objects.get(pk=order.pk).type == "quote"


def test_a_zoom_that_turns_out_too_large_is_left_out(api: Walker, site: Site, company: Customer) -> None:
    """The order was placed, and that is what the status says."""
    order = make_order(site, company, type="quote", **whole())
    for number in range(12):
        make_order(site, company, identifiers={"visible": f"V-{number}"}, packages=[])
    circles = ":".join(["list", "element"] * 6)
    answer = post(api, query=f"?followlocation&zoom={circles}")
    assert (answer.status_code, answer.content, Purchase.objects.get(pk=order.pk).type) == (201, b"", "order")
    assert api.get(answer["Location"])["purchase-number"] == "A-1"


def test_a_buyer_without_an_e_mail_is_missed(api: Walker, site: Site, company: Customer) -> None:
    make_order(site, company, type="quote", **whole())
    Customer.objects.filter(pk=company.pk).update(deleted_at=timezone.now())
    assert [name for _kind, name, _blocks in told(form_of(api))] == ["need.email"]


def test_credit_is_asked_for_on_the_form_and_again_on_submitting(api: Walker, site: Site, company: Customer) -> None:
    Customer.objects.filter(pk=company.pk).update(credit_limit=150, currency_code="GBP")
    make_order(site, company, type="quote", **whole(payment_method="on_account"))
    assert told(form_of(api)) == []
    put_named(
        site,
        {
            "type": "order",
            "customer_identifiers": {"sparklayer": company.public_id},
            "dates": {},
            "payment_method": "on_account",
            "packages": [package(line(net="60.00"))],
        },
        "B-1",
    )
    [message] = form_of(api)["messages"]
    assert (message["id"], message["data"]["available"]) == ("b2b.credit.exceeded", "90.00")
    answer = post(api)
    assert (answer.status_code, ids(answer)) == (409, ["b2b.credit.exceeded"])


def test_the_last_attempt_that_failed_is_kept_until_one_succeeds(api: Walker, site: Site, company: Customer) -> None:
    members = whole(payment_method="on_account")
    order = make_order(site, company, type="quote", **members)
    Customer.objects.filter(pk=company.pk).update(credit_limit=1, currency_code="GBP")
    assert post(api).status_code == 409
    Customer.objects.filter(pk=company.pk).update(payment_on_account=False)
    before = timezone.now()
    assert post(api).status_code == 409
    kept = FailedSubmission.objects.get()
    assert (kept.purchase_id, kept.faults[0]["code"], kept.at >= before) == (order.pk, "credit-exceeded", True)
    assert told(form_of(api))[-1] == ("information", "submit.failed", None)
    assert form_of(api)["messages"][-1]["data"]["reasons"] == "b2b.credit.exceeded"
    Customer.objects.filter(pk=company.pk).update(payment_on_account=True, credit_limit=None)
    form = form_of(api)
    assert (rels(form)[0], told(form)) == ("submitorderaction", [("information", "submit.failed", None)])
    assert api.submit(form).status_code == 201
    assert FailedSubmission.objects.count() == 0


def test_what_a_limited_customer_submits_awaits_approval(site: Site, company: Customer, buyer: Customer) -> None:
    set_setting(site=site, key="approval_places_order", value=False)
    limited = make_buyer(site, "Limited", parent=company, role="limited-customer")
    order = make_order(site, company, child=limited, type="order_unconfirmed", **whole())
    api = walker_of(limited)
    answer = api.submit(form_of(api), query="followlocation")
    assert (answer.status_code, answer.json()["self"]["type"]) == (201, "orders.order")
    assert answer["Location"] == href(api.follow("defaultprofile", "orders"), "element")
    assert Purchase.objects.get(pk=order.pk).type == "awaiting_approval"
    assert ids(post(api)) == ["b2b.approval.required"]
    approve(site, revision=2, reader=buyer, actor=buyer.actor)
    answer = api.submit(form_of(api), query="followlocation")
    assert (answer.status_code, answer.json()["purchase-number"]) == (201, "A-1")
    assert Purchase.objects.get(pk=order.pk).type == "order"


def test_neither_a_cart_nor_a_draft_is_an_order(api: Walker, site: Site, company: Customer, buyer: Customer) -> None:
    agent = make_buyer(site, "Agent", role="sales-agent")
    for order in (
        make_order(site, company, type="cart", **whole()),
        make_order(site, company, type="quote", **whole(quote_status="draft", identifiers={"internal": "A-2"})),
    ):
        address = f"{MOUNT}/purchases/orders/{site.slug}/{encode(str(order.pk))}/form"
        assert api.ask("GET", address).status_code == 404
        assert ids(api.ask("POST", address)) == ["not.found"]
    assert "element" not in rels(api.follow("defaultprofile", "orders"))
    assert [name for _kind, name, _blocks in told(form_of(walker_of(agent)))] == ["quote.not.open"]


def test_nobody_submits_what_he_does_not_see(site: Site, company: Customer, api: Walker) -> None:
    order = make_order(site, company, type="quote", **whole())
    address = form_of(api)["self"]["href"]
    for stranger in (make_buyer(site, "Stranger"), make_buyer(site, "Sibling", parent=company)):
        answer = walker_of(stranger).ask("POST", address)
        assert (answer.status_code, ids(answer)) == (404, ["not.found"])
    assert Purchase.objects.get(pk=order.pk).type == "quote"
    assert FailedSubmission.objects.count() == 0


def test_a_quote_that_expires_soon_can_be_submitted(api: Walker, site: Site, company: Customer) -> None:
    soon = (timezone.now() + timedelta(hours=1)).isoformat()
    make_order(site, company, type="quote", **whole(quote_expires_at=soon))
    assert api.submit(form_of(api)).status_code == 201
