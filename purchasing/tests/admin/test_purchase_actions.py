"""The buttons of a purchase's page, deleting, and a package on its own page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.actors import SYSTEM
from core.models import Site, User
from customers.models import Customer
from purchasing.documents import read_document
from purchasing.identity import Lookup
from purchasing.models import Package, Purchase
from purchasing.operations import put_purchase
from purchasing.revisions import document_of
from purchasing.tests.admin.pages import address, save
from tests.callers import ApiCaller
from tests.cast import line, make_order, package, pay
from tests.html_forms import fields_of

NAMES = (
    *("ship", "cancel", "take-back", "send-quote", "accept", "approve", "reject", "comment"),
    *("record-payment", "record-refund", "compare"),
)


def page_of(purchase: Purchase, name: str) -> str:
    return f"/admin/purchasing/purchase/{purchase.pk}/{name}/"


def changed(purchase: Purchase, **members: Any) -> Purchase:
    """The purchase after a program sent it with other members."""
    document = read_document(document_of(purchase) | members)
    put_purchase(site=purchase.site, lookup=Lookup("sparklayer", purchase.spark_id), document=document, actor=SYSTEM)
    return Purchase.objects.get(pk=purchase.pk)


def asked(back_office: Client, purchase: Purchase, name: str) -> dict[str, Any]:
    """What the dialog would send if nobody touched it."""
    form = back_office.get(page_of(purchase, name)).context["form"]
    shown = {field.html_name: field.value() for field in form}
    sent = {name: value or 0 if name == "refund_shipping" else value or "" for name, value in shown.items()}
    if sent.pop("shipped_at", None):
        sent |= {"shipped_at_0": "2026-03-01", "shipped_at_1": "12:00:00"}
    return sent


def test_staff_ship_what_remains_with_one_button(
    back_office: Client, staff: User, site: Site, purchase: Purchase
) -> None:
    page = page_of(purchase, "ship")
    assert back_office.post(page, {**asked(back_office, purchase, "ship"), "carrier": "DPD"}).status_code == 302
    now = Purchase.objects.get(pk=purchase.pk)
    assert (now.calculated_fulfilment_status, now.revisions.get(number=2).author) == ("shipped", f"staff:{staff.email}")
    again = back_office.get(page, follow=True)
    assert "Nothing is left to ship." in again.content.decode()


def ship(back_office: Client, purchase: Purchase, *, quantities: list[str]) -> Purchase:
    """The purchase after so many of each of its open lines were shipped."""
    sent = asked(back_office, purchase, "ship")
    lines = [name for name in sent if name.startswith("line_")]
    chosen = dict(zip(lines, quantities, strict=True))
    assert back_office.post(page_of(purchase, "ship"), {**sent, **chosen, "tracking_number": "1550"}).status_code == 302
    return Purchase.objects.get(pk=purchase.pk)


@pytest.mark.parametrize(
    ("quantities", "shipped", "names"),
    [
        (["2", "0"], 2, ["PKG-2", "PKG-1"]),  # the whole package left, so it keeps its name
        (["2", ""], 2, ["PKG-2", "PKG-1"]),
        (["2", "2"], 4, [""]),
        (["1", "0"], 1, ["PKG-1", "PKG-2", ""]),
    ],
)
def test_what_is_shipped_is_one_package(
    back_office: Client, site: Site, quantities: list[str], shipped: int, names: list[str]
) -> None:
    parcels = [package(line(name, quantity=2), identifiers={"visible": f"PKG-{name}"}) for name in "12"]
    now = ship(back_office, make_order(site, packages=parcels), quantities=quantities)
    assert (now.shipped_quantity, now.open_quantity) == (shipped, 4 - shipped)
    rows = Package.objects.filter(purchase=now.pk).order_by("position")
    assert [row.visible_id for row in rows] == names
    [parcel] = [row for row in rows if row.state == "shipped"]
    assert parcel.tracking == [{"carrier": "", "number": "1550", "url": ""}]


def test_a_quote_is_not_shipped(back_office: Client, site: Site) -> None:
    quote = make_order(site, type="quote")
    answer = back_office.get(page_of(quote, "ship"), follow=True)
    assert "Nothing is left to ship." in answer.content.decode()


@pytest.mark.parametrize(
    ("quantity", "text"),
    [("3", "less than or equal to 2"), ("-1", "greater than or equal to 0"), ("x", "whole number"), ("0", "Say how")],
)
def test_a_wrong_quantity_is_named(back_office: Client, site: Site, quantity: str, text: str) -> None:
    order = make_order(site, packages=[package(line("1", quantity=2))])
    sent = asked(back_office, order, "ship")
    [field] = [name for name in sent if name.startswith("line_")]
    answer = back_office.post(page_of(order, "ship"), {**sent, field: quantity})
    assert (answer.status_code, text in str(answer.context["form"].errors)) == (200, True)
    assert Purchase.objects.get(pk=order.pk).revision == 1


def test_shipping_from_an_old_page_is_refused(back_office: Client, site: Site, purchase: Purchase) -> None:
    sent = asked(back_office, purchase, "ship")
    pay(purchase, "1.00")
    response = back_office.post(page_of(purchase, "ship"), {**sent, "carrier": "typed"})
    assert (response.status_code, Purchase.objects.get(pk=purchase.pk).revision) == (200, 1)
    assert "typed" in response.content.decode()


def test_some_is_cancelled_and_some_comes_back(back_office: Client, site: Site, customer: Customer) -> None:
    order = make_order(site, customer, payment_method="on_account", packages=[package(line("1", quantity=5))])
    price = order.calculated_total / 5
    shipped = ship(back_office, order, quantities=["1"])

    sent = asked(back_office, shipped, "cancel")
    [field] = [name for name in sent if name.startswith("line_")]
    assert sent[field] == 4
    assert back_office.post(page_of(order, "cancel"), {**sent, field: "1"}).status_code == 302
    now = Purchase.objects.get(pk=order.pk)
    assert (now.open_quantity, now.cancelled_quantity, now.calculated_total) == (3, 1, price * 4)

    back = asked(back_office, now, "take-back")
    assert back_office.post(page_of(order, "take-back"), back).status_code == 302
    now = Purchase.objects.get(pk=order.pk)
    assert (now.returned_quantity, now.credited, now.amount_due) == (1, price, price * 3)
    assert customer.accounts.get().balance == price * 3


def test_freight_is_credited_in_the_currency_s_decimals(back_office: Client, site: Site) -> None:
    order = ship(back_office, make_order(site, packages=[package(line("1", quantity=1))]), quantities=["1"])
    sent = asked(back_office, order, "take-back")
    wrong = back_office.post(page_of(order, "take-back"), {**sent, "refund_shipping": "1.001"})
    assert wrong.context["form"].errors == {"refund_shipping": ["GBP has 2 decimals."]}


def test_no_more_freight_is_credited_than_is_left(back_office: Client, site: Site) -> None:
    freight = {"name": "Courier", "line_total": {"total_net": {"number": "5", "currency": "GBP"}}}
    packed = package(line("1", quantity=2), shipping_method=freight)
    order = ship(back_office, make_order(site, packages=[packed]), quantities=["2"])
    sent = asked(back_office, order, "take-back")
    [field] = [name for name in sent if name.startswith("line_")]
    page = page_of(order, "take-back")
    assert "At most what was not credited yet: 5.00 GBP." in back_office.get(page).content.decode()
    refused = ["At most 5.00 GBP of freight can still be credited."]
    for much in ("5.01", "999999999999"):
        wrong = back_office.post(page, {**sent, field: "1", "refund_shipping": much})
        assert wrong.context["form"].errors == {"refund_shipping": refused}
    assert back_office.post(page, {**sent, field: "1", "refund_shipping": "3.00"}).status_code == 302

    order = Purchase.objects.get(pk=order.pk)
    sent = asked(back_office, order, "take-back")
    wrong = back_office.post(page, {**sent, "refund_shipping": "2.01"})
    refused = ["At most 2.00 GBP of freight can still be credited."]
    assert wrong.context["form"].errors == {"refund_shipping": refused}
    assert back_office.post(page, {**sent, "refund_shipping": "2.00"}).status_code == 302
    order = Purchase.objects.get(pk=order.pk)
    assert (order.credited, order.amount_due) == (order.calculated_total, 0)


def test_freight_of_another_package_is_not_credited(back_office: Client, site: Site) -> None:
    def freight(net: str) -> dict[str, Any]:
        return {"name": "Courier", "line_total": {"total_net": {"number": net, "currency": "GBP"}}}

    packed = [package(line(str(sku)), shipping_method=freight(f"{sku}.00")) for sku in (1, 4)]
    order = make_order(site, packages=[{**each, "dates": {"shipped_at": "2026-03-02T10:00:00Z"}} for each in packed])
    sent = asked(back_office, order, "take-back")
    _first, second = (name for name in sent if name.startswith("line_"))
    page = page_of(order, "take-back")
    assert "At most what was not credited yet: 5.00 GBP." in back_office.get(page).content.decode()
    wrong = back_office.post(page, {**sent, second: "0", "refund_shipping": "1.01"})
    refused = ["At most 1.00 GBP of freight can still be credited."]
    assert wrong.context["form"].errors == {"refund_shipping": refused}


def test_no_page_credits_more_freight_than_is_left(back_office: Client, site: Site) -> None:
    """On the package's page beside the field, on the purchase's above the form; what a program put may stay."""
    cost = {"name": "Courier", "line_total": {"total_net": {"number": "5", "currency": "GBP"}}}
    back = {"dates": {"returned_at": "2026-03-02T10:00:00Z"}, "shipping_method": cost}
    credited = {"refund_shipping": {"gross": {"number": "2", "currency": "GBP"}}}
    order = make_order(site, packages=[package(line("1"), **back, **credited), package(line("2"), **back)])
    first = order.packages.earliest("pk")
    path = f"/admin/purchasing/package/{first.pk}/change/"
    form = fields_of(back_office.get(path), "package_form")
    message = "At most 5.00 GBP of freight can still be credited."

    refused = back_office.post(path, {**form, "refund_shipping": "5.01"})
    assert refused.context["adminform"].form.errors == {"refund_shipping": [message]}
    refused = save(back_office, order, **{"packages-0-refund_shipping": "5.01"})
    assert message in refused.content.decode()
    order.refresh_from_db()
    assert f"{order.amount_due:.2f}" == "3.00"

    assert back_office.post(path, {**form, "refund_shipping": "5"}).status_code == 302
    order = changed(
        order,
        packages=[
            package(line("1"), **back, refund_shipping={"gross": {"number": "90", "currency": "GBP"}}),
            package(line("2")),
        ],
    )
    assert save(back_office, order, customer_reference="PO 8").status_code == 302


def test_a_quote_is_sent_and_accepted_for_the_customer(back_office: Client, site: Site, customer: Customer) -> None:
    quote = make_order(site, customer, type="quote", quote_status="draft")
    assert back_office.post(page_of(quote, "send-quote"), asked(back_office, quote, "send-quote")).status_code == 302
    sent = Purchase.objects.get(pk=quote.pk)
    assert back_office.post(page_of(sent, "accept"), asked(back_office, sent, "accept")).status_code == 302
    assert Purchase.objects.get(pk=quote.pk).type == "order"
    again = back_office.get(page_of(sent, "accept"), follow=True)
    assert "There is nothing to do here." in again.content.decode()


def test_what_waits_is_approved(back_office: Client, staff: User, site: Site, customer: Customer) -> None:
    waiting = make_order(site, customer, type="awaiting_approval")
    assert back_office.post(page_of(waiting, "approve"), asked(back_office, waiting, "approve")).status_code == 302
    now = Purchase.objects.get(pk=waiting.pk)
    assert (now.type, now.approval["by"]) == ("order", f"staff:{staff.email}")


def test_what_waits_is_rejected_with_a_reason(back_office: Client, site: Site, customer: Customer) -> None:
    waiting = make_order(site, customer, type="awaiting_approval")
    sent = asked(back_office, waiting, "reject")
    blank = back_office.post(page_of(waiting, "reject"), sent)
    assert list(blank.context["form"].errors) == ["reason"]
    assert back_office.post(page_of(waiting, "reject"), {**sent, "reason": "Too dear"}).status_code == 302
    now = Purchase.objects.get(pk=waiting.pk)
    assert (now.approval["status"], now.approval["reason"]) == ("rejected", "Too dear")


def test_an_approval_is_of_what_was_shown(back_office: Client, site: Site, customer: Customer) -> None:
    waiting = make_order(site, customer, type="awaiting_approval")
    sent = asked(back_office, waiting, "approve")
    changed(waiting, customer_reference="PO 2")
    refused = back_office.post(page_of(waiting, "approve"), sent)
    assert (refused.status_code, Purchase.objects.get(pk=waiting.pk).type) == (200, "awaiting_approval")


def test_a_comment_stands_in_the_timeline_and_nowhere_else(
    back_office: Client, staff: User, api: ApiCaller, site: Site, purchase: Purchase
) -> None:
    sent = asked(back_office, purchase, "comment")
    assert back_office.post(page_of(purchase, "comment"), {**sent, "text": "<b>Call</b> them"}).status_code == 302
    shown = back_office.get(address(purchase))
    assert [event.what for event in shown.context["timeline"]] == ["comment", "revision"]
    assert "&lt;b&gt;Call&lt;/b&gt; them" in shown.content.decode()
    assert f"staff:{staff.email}" in shown.content.decode()
    assert "Call" not in api.get(f"/api/v1/purchases/sparklayer/{purchase.spark_id}").content.decode()
    assert Purchase.objects.get(pk=purchase.pk).etag == purchase.etag


def buttons(back_office: Client, purchase: Purchase) -> set[str]:
    shown = back_office.get(address(purchase)).content.decode()
    return {name for name in NAMES if f"/purchase/{purchase.pk}/{name}/" in shown}


@pytest.mark.parametrize(
    ("document", "offered"),
    [
        ({}, {"ship", "cancel", "record-payment", "record-refund"}),
        ({"type": "quote", "quote_status": "draft"}, {"send-quote"}),
        ({"type": "quote", "quote_status": "sent"}, {"accept", "reject"}),
        ({"type": "awaiting_approval"}, {"approve", "reject"}),
        ({"type": "order_unconfirmed"}, {"ship", "cancel", "record-payment", "record-refund"}),
    ],
)
def test_buttons_are_those_that_make_sense(
    back_office: Client, site: Site, document: dict[str, Any], offered: set[str]
) -> None:
    order = make_order(site, **document)
    assert buttons(back_office, order) == {*offered, "comment", "compare"}


def test_revisions_are_compared(back_office: Client, site: Site) -> None:
    order = make_order(site, customer_reference="PO 1")
    for reference in ("PO 2", "PO 3"):
        order = changed(order, customer_reference=reference)
    last = back_office.get(page_of(order, "compare")).content.decode()
    assert ("PO 1" in last, "PO 2" in last, "PO 3" in last) == (False, True, True)
    chosen = back_office.get(page_of(order, "compare"), {"from": "1", "to": "3"}).content.decode()
    assert ("PO 1" in chosen, "PO 2" in chosen, "PO 3" in chosen) == (True, False, True)
    for wrong in ("4", "0", "x", "-1", "1e3", "9" * 400):
        assert back_office.get(page_of(order, "compare"), {"from": wrong}).status_code == 404


def test_a_purchase_with_payments_is_deleted_in_one_confirmed_step(
    back_office: Client, customer: Customer, purchase: Purchase
) -> None:
    pay(purchase, "10.00", platform_id="pay-1")
    page = f"/admin/purchasing/purchase/{purchase.pk}/delete/"
    assert "un-apply pay-1: 10.00 GBP" in back_office.get(page).content.decode()
    back_office.post(page, {"post": "yes"})
    now = Purchase.objects.get(pk=purchase.pk)
    assert (now.deleted_at is None, str(now.paid), str(customer.accounts.get().balance)) == (False, "0.0000", "0.0000")
    assert back_office.get(address(purchase)).status_code == 200
    assert back_office.post(address(purchase), {"version": now.etag}).status_code == 403
    assert back_office.get("/admin/purchasing/purchase/").context["cl"].result_count == 0


def test_many_purchases_are_deleted_at_once(back_office: Client, site: Site, customer: Customer) -> None:
    orders = [make_order(site, customer, payment_method="on_account") for _ in range(2)]
    pay(orders[0], "10.00")
    chosen = {"action": "delete_selected", "_selected_action": [order.pk for order in orders]}
    back_office.post("/admin/purchasing/purchase/", {**chosen, "post": "yes"})
    assert Purchase.objects.present().count() == 0
    assert customer.accounts.get().balance == 0


def test_a_package_is_shipped_on_its_own_page(back_office: Client, staff: User, purchase: Purchase) -> None:
    row = Package.objects.get(purchase=purchase.pk)
    page = f"/admin/purchasing/package/{row.pk}/change/"
    sent = fields_of(back_office.get(page), "package_form")
    when = {"shipped_at_0": "2026-03-01", "shipped_at_1": "12:00:00", "lines-0-quantity": "4"}
    assert back_office.post(page, {**sent, **when}).status_code == 302
    now = Purchase.objects.get(pk=purchase.pk)
    assert (now.shipped_quantity, now.revisions.get(number=2).author) == (14, f"staff:{staff.email}")
    stale = back_office.post(page, {**sent, "carrier": "typed"})
    assert (stale.status_code, Purchase.objects.get(pk=purchase.pk).revision) == (200, 2)


def test_a_second_click_makes_no_second_comment(back_office: Client, purchase: Purchase) -> None:
    sent = asked(back_office, purchase, "comment")
    for text in ("Call them", "Call them", "Call them again"):
        assert back_office.post(page_of(purchase, "comment"), {**sent, "text": text}).status_code == 302
    assert sorted(purchase.comments.values_list("text", flat=True)) == ["Call them", "Call them again"]


def test_a_payment_that_was_recorded_leads_back_to_its_purchase(back_office: Client, site: Site) -> None:
    order = make_order(site)
    form = back_office.get(page_of(order, "record-payment"))["Location"]
    sent = fields_of(back_office.get(form), "purchasetransaction_form")
    answer = back_office.post(form, {**sent, "total": "1.00"})
    assert (answer.status_code, answer["Location"]) == (302, address(order))
