"""Transactions in the back office: recorded, un-applied and deleted as the API does, one by one or many at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site, User
from customers.models import AccountEntry, Customer
from purchasing.models import Purchase, PurchaseHistory, PurchaseTransaction
from tests.cast import make_customer, make_order, pay
from tests.html_forms import fields_of, unnamed_inputs

LIST = "/admin/purchasing/purchasetransaction/"
FORM = "purchasetransaction_form"


@pytest.fixture
def customer(site: Site) -> Customer:
    return make_customer(site)


@pytest.fixture
def purchase(site: Site, customer: Customer) -> Purchase:
    """10.00 GBP on account."""
    return make_order(site, customer, identifiers={"visible": "JC-1"}, payment_method="on_account")


def page_of(transaction: PurchaseTransaction) -> str:
    return f"{LIST}{transaction.pk}/change/"


def balance_of(customer: Customer) -> str:
    return str(customer.accounts.get().balance)


def status_of(purchase: Purchase) -> str | None:
    return Purchase.objects.get(pk=purchase.pk).calculated_payment_status


def test_a_payment_is_recorded(back_office: Client, staff: User, customer: Customer, purchase: Purchase) -> None:
    """The button of the purchase proposes what is outstanding, applied, under an id of ours."""
    page = back_office.get(f"/admin/purchasing/purchase/{purchase.pk}/record-payment/", follow=True)
    proposed = fields_of(page, FORM)
    assert (proposed["total"], proposed["currency_code"], proposed["apply_to_balance"]) == ("10.00", "GBP", "on")
    assert proposed["platform_id"].startswith("admin-")
    response = back_office.post(f"{LIST}add/", {**proposed, "total": "4.00"})
    entry = AccountEntry.objects.get(account__customer=customer, kind="transaction")
    assert (response.status_code, status_of(purchase), balance_of(customer)) == (302, "partially_paid", "6.0000")
    assert (entry.author, entry.reference) == (f"staff:{staff.email}", proposed["platform_id"])
    assert PurchaseHistory.objects.get().message == "Payment of 4.00 GBP received"


def test_a_second_click_on_save_records_nothing_more(
    back_office: Client, customer: Customer, purchase: Purchase
) -> None:
    """Nor does a payment under the id of another one change that."""
    page = back_office.get(f"{LIST}add/", {"purchase": str(purchase.pk), "currency_code": "GBP"})
    sent = {**fields_of(page, FORM), "total": "4.00"}
    back_office.post(f"{LIST}add/", sent)
    again = back_office.post(f"{LIST}add/", {**sent, "total": "5.00"})
    assert again.status_code == 200
    assert again.context["adminform"].form.errors == {
        "platform_id": ["The purchase has a transaction of this id already."]
    }
    assert (PurchaseTransaction.objects.count(), balance_of(customer)) == (1, "6.0000")


def test_a_refund_is_proposed_from_the_credit(back_office: Client, purchase: Purchase) -> None:
    pay(purchase, "12.00")
    page = back_office.get(f"/admin/purchasing/purchase/{purchase.pk}/record-refund/", follow=True)
    assert fields_of(page, FORM)["total"] == "2.00"
    assert page.context["title"] == "Record refund: JC-1"
    assert "The amount that goes back to the customer." in page.content.decode()


@pytest.mark.parametrize("typed", ["2.00", "-2.00"])
def test_what_is_typed_into_a_refund_is_refunded(
    back_office: Client, customer: Customer, purchase: Purchase, typed: str
) -> None:
    pay(purchase, "12.00")
    page: Any = back_office.get(f"/admin/purchasing/purchase/{purchase.pk}/record-refund/", follow=True)
    address = page.redirect_chain[-1][0]
    nothing = back_office.post(address, {**fields_of(page, FORM), "total": "0"})
    assert list(nothing.context["adminform"].form.errors) == ["total"]
    assert back_office.post(address, {**fields_of(page, FORM), "total": typed}).status_code == 302
    assert [str(row.total) for row in PurchaseTransaction.objects.order_by("total")] == ["-2.0000", "12.0000"]
    assert (status_of(purchase), balance_of(customer)) == ("paid", "0.0000")


def test_a_payment_is_no_refund(back_office: Client, purchase: Purchase) -> None:
    """The page of a new transaction that no button led to takes both."""
    page: Any = back_office.get(f"/admin/purchasing/purchase/{purchase.pk}/record-payment/", follow=True)
    assert page.context["title"] == "Record payment: JC-1"
    sent = {**fields_of(page, FORM), "total": "-4.00"}
    refused = back_office.post(page.redirect_chain[-1][0], sent)
    message = "A payment is more than 0. What goes back to the customer is a refund."
    assert refused.context["adminform"].form.errors == {"total": [message]}
    assert PurchaseTransaction.objects.count() == 0
    assert back_office.post(f"{LIST}add/", sent).status_code == 302
    assert str(PurchaseTransaction.objects.get().total) == "-4.0000"


def test_a_payment_is_unapplied_and_applied_again(
    back_office: Client, staff: User, customer: Customer, purchase: Purchase
) -> None:
    transaction = pay(purchase, "4.00")
    sent = fields_of(back_office.get(page_of(transaction)), FORM)
    del sent["apply_to_balance"]
    assert back_office.post(page_of(transaction), sent).status_code == 302
    assert (status_of(purchase), balance_of(customer), PurchaseHistory.objects.count()) == ("unpaid", "10.0000", 0)
    sent = fields_of(back_office.get(page_of(transaction)), FORM)
    back_office.post(page_of(transaction), {**sent, "apply_to_balance": "on"})
    assert (status_of(purchase), balance_of(customer), PurchaseHistory.objects.count()) == (
        "partially_paid",
        "6.0000",
        1,
    )
    entries = AccountEntry.objects.filter(transaction_id=transaction.pk).order_by("id")
    assert [(entry.kind, entry.author) for entry in entries] == [
        ("transaction", "system"),
        ("reversal", f"staff:{staff.email}"),
        ("transaction", f"staff:{staff.email}"),
    ]


def test_a_form_opened_before_a_newer_write_is_refused(
    back_office: Client, customer: Customer, purchase: Purchase
) -> None:
    transaction = pay(purchase, "4.00", platform_id="pay-1")
    sent = fields_of(back_office.get(page_of(transaction)), FORM)
    pay(purchase, "7.00", platform_id="pay-1")
    response = back_office.post(page_of(transaction), {**sent, "total": "5.00"})
    assert response.status_code == 200
    assert response.context["adminform"].form.non_field_errors() == [
        "This transaction was changed while the form was open, so nothing was saved. It is now 7.00 GBP, applied."
    ]
    assert fields_of(response, FORM)["total"] == "5.00"
    assert balance_of(customer) == "3.0000"


def test_deleting_one_unapplies_it_first(back_office: Client, customer: Customer, purchase: Purchase) -> None:
    transaction = pay(purchase, "4.00", platform_id="pay-1")
    page = f"{LIST}{transaction.pk}/delete/"
    assert "pay-1: 4.00 GBP of JC-1, un-applied first" in back_office.get(page).content.decode()
    back_office.post(page, {"post": "yes"})
    assert (PurchaseTransaction.objects.count(), status_of(purchase), balance_of(customer)) == (0, "unpaid", "10.0000")


@pytest.mark.parametrize(("action", "left"), [("delete_selected", 0), ("unapply", 2)])
def test_many_are_unapplied_or_deleted_at_once(
    back_office: Client, staff: User, customer: Customer, purchase: Purchase, action: str, left: int
) -> None:
    chosen = [pay(purchase, "4.00").pk, pay(purchase, "5.00").pk]
    back_office.post(LIST, {"action": action, "_selected_action": chosen, "post": "yes"})
    assert (PurchaseTransaction.objects.count(), status_of(purchase), balance_of(customer)) == (
        left,
        "unpaid",
        "10.0000",
    )
    authors = AccountEntry.objects.filter(kind="reversal").values_list("author", flat=True)
    assert list(authors) == [f"staff:{staff.email}"] * 2


def test_many_are_applied_at_once(back_office: Client, customer: Customer, purchase: Purchase) -> None:
    chosen = [pay(purchase, "4.00", applied=False).pk, pay(purchase, "5.00").pk]
    back_office.post(LIST, {"action": "apply", "_selected_action": chosen})
    assert balance_of(customer) == "1.0000"


def test_one_in_another_currency_cannot_be_applied(back_office: Client, site: Site, purchase: Purchase) -> None:
    """The refusal is a message on the list, never an error page."""
    from_abroad = back_office.get(f"{LIST}add/", {"purchase": str(purchase.pk), "currency_code": "USD"})
    sent = {**fields_of(from_abroad, FORM), "total": "4.00"}
    del sent["apply_to_balance"]
    back_office.post(f"{LIST}add/", sent)
    transaction = PurchaseTransaction.objects.get()
    response = back_office.post(LIST, {"action": "apply", "_selected_action": [transaction.pk]}, follow=True)
    assert [str(message) for message in response.context["messages"]][-1:] == [
        "currency_code: an applied transaction has to be in the purchase's GBP"
    ]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"total": "0"}, {"total": ["must not be 0."]}),
        ({"total": "1.001"}, {"total": ["has more decimals than GBP has."]}),
        ({"currency_code": "XXX"}, {"currency_code": ["not an ISO 4217 currency code with a minor unit."]}),
        ({"currency_code": "USD"}, {"currency_code": ["an applied transaction has to be in the purchase's GBP"]}),
        ({"purchase": ""}, {"purchase": ["This field is required."]}),
        (
            {"purchase": "other"},
            {"purchase": ["Select a valid choice. That choice is not one of the available choices."]},
        ),
    ],
)
def test_a_wrong_one_is_refused(
    back_office: Client, other_site: Site, purchase: Purchase, changes: dict[str, str], faults: dict[str, list[str]]
) -> None:
    if changes.get("purchase") == "other":
        changes = {"purchase": str(make_order(other_site, make_customer(other_site)).pk)}
    page = back_office.get(f"{LIST}add/", {"purchase": str(purchase.pk), "currency_code": "GBP"})
    sent = {**fields_of(page, FORM), "total": "4.00", **changes}
    response = back_office.post(f"{LIST}add/", sent)
    assert (response.status_code, response.context["adminform"].form.errors) == (200, faults)
    assert PurchaseTransaction.objects.count() == 0


def test_foreign_text_is_formatted_and_never_markup(back_office: Client, purchase: Purchase) -> None:
    page = back_office.get(f"{LIST}add/", {"purchase": str(purchase.pk), "currency_code": "GBP"})
    text = '{"id": 7, "note": "<script>alert(1)</script>"}'
    back_office.post(f"{LIST}add/", {**fields_of(page, FORM), "total": "4.00", "full_transaction": text})
    shown = back_office.get(page_of(PurchaseTransaction.objects.get())).content.decode()
    assert "{\n  &quot;id&quot;: 7,\n  &quot;note&quot;: &quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;\n}" in shown
    assert "<script>alert(1)" not in shown


def test_what_a_deleted_purchase_holds_is_only_looked_at(back_office: Client, site: Site, purchase: Purchase) -> None:
    transaction = pay(purchase, "4.00")
    back_office.post(f"/admin/purchasing/purchase/{purchase.pk}/delete/", {"post": "yes"})
    sent: dict[str, Any] = {"total": "5.00", "currency_code": "GBP", "apply_to_balance": "on"}
    assert back_office.get(page_of(transaction)).status_code == 200
    assert back_office.post(page_of(transaction), sent).status_code == 403
    assert back_office.post(f"{LIST}{transaction.pk}/delete/", {"post": "yes"}).status_code == 403
    back_office.post(LIST, {"action": "delete_selected", "_selected_action": [transaction.pk], "post": "yes"})
    assert PurchaseTransaction.objects.get().apply_to_balance is False


def test_the_list_costs_the_same_for_one_as_for_twenty(back_office: Client, site: Site) -> None:
    counts = []
    for number in (1, 19):
        for _ in range(number):
            pay(make_order(site, make_customer(site)), "1.00")
        back_office.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            back_office.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_input_says_its_name(back_office: Client, purchase: Purchase) -> None:
    transaction = pay(purchase, "1.00")
    for page in (page_of(transaction), f"{LIST}add/"):
        assert unnamed_inputs(back_office.get(page), FORM) == []
