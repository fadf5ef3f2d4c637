"""One purchase in the back office: every save is a PUT of the whole document by the member of staff."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from core.models import Site, User
from customers.models import AccountEntry, Customer
from purchasing.admin import editing, saving
from purchasing.models import Purchase, PurchaseHistory, PurchaseRevision
from purchasing.revisions import document_of
from purchasing.tests.admin.pages import SHIPPED, address, current, opened, save
from tests.cast import make_customer, make_order, pay, put
from tests.html_forms import fields_of


def messages_of(response: Any) -> list[str]:
    """Every fault of the page's form."""
    errors = response.context["adminform"].form.errors
    return [message for faults in errors.values() for message in faults]


def test_saving_what_nobody_touched_changes_nothing(back_office: Client, purchase: Purchase) -> None:
    response = save(back_office, purchase)
    now = Purchase.objects.get(pk=purchase.pk)
    assert (response.status_code, now.etag, document_of(now)) == (302, purchase.etag, document_of(purchase))


def test_a_package_is_shipped_by_entering_when(back_office: Client, staff: User, purchase: Purchase) -> None:
    before = current(purchase)
    save(back_office, purchase, **SHIPPED, **{"packages-0-carrier": "Royal Mail", "packages-0-tracking_number": "RM1"})
    after = current(purchase)
    now = Purchase.objects.get(pk=purchase.pk)
    shipments = [{**before["packages"][0]["shipments"][0], "carrier": "Royal Mail", "tracking_number": "RM1"}]
    expected = {
        **before["packages"][0],
        "type": "shipment",
        "dates": {**before["packages"][0]["dates"], "shipped_at": "2026-03-01T12:00:00+00:00"},
        "shipments": [*shipments, before["packages"][0]["shipments"][1]],
    }
    assert after == {**before, "packages": [expected]}
    assert (now.calculated_fulfilment_status, now.revision) == ("shipped", 2)
    revision = PurchaseRevision.objects.get(purchase=purchase.pk, number=2)
    assert revision.author == f"staff:{staff.email}"


def test_a_date_taken_away_opens_the_package_again(back_office: Client, purchase: Purchase) -> None:
    save(back_office, purchase, **SHIPPED)
    save(back_office, purchase, **dict.fromkeys(SHIPPED, ""))
    assert Purchase.objects.get(pk=purchase.pk).calculated_fulfilment_status == "processing"


def test_the_header_is_changed(back_office: Client, site: Site, purchase: Purchase) -> None:
    other = make_customer(site, "Summit Supplies")
    save(back_office, purchase, customer=str(other.pk), internal_id="", platform_id="p-9", customer_reference="PO 8")
    after = current(purchase)
    assert after["purchase_identifiers"] == {
        "sparklayer": str(purchase.spark_id),
        "platform": "p-9",
        "internal": "",
        "visible": "JC-1",
    }
    assert (after["customer_identifiers"]["sparklayer"], after["customer_reference"]) == (other.public_id, "PO 8")
    assert after["dates"] == {**document_of(purchase)["dates"]}


def test_lines_are_changed_added_and_removed(back_office: Client, purchase: Purchase) -> None:
    before = current(purchase)["packages"][0]["line_items"]
    new = {
        "packages-0-lines-TOTAL_FORMS": "3",
        "packages-0-lines-0-quantity": "2",
        "packages-0-lines-0-total_net": "200",
        "packages-0-lines-1-DELETE": "on",
        "packages-0-lines-2-sku": "SLING",
        "packages-0-lines-2-name_parent": "Sling",
        "packages-0-lines-2-quantity": "4",
        "packages-0-lines-2-total_net": "20",
        "packages-0-lines-2-total_gross": "24",
    }
    save(back_office, purchase, **new)
    after = current(purchase)["packages"][0]["line_items"]
    assert [
        (item["identifiers"], item["quantity"], item["line_total"]["calculated_gross"]["number"]) for item in after
    ] == [
        ({"sku": "ROPE-60"}, 2, "235.00"),
        ({"sku": "SLING"}, 4, "24.00"),
    ]
    assert (after[0]["id"], after[0]["custom_attributes"]) == (before[0]["id"], before[0]["custom_attributes"])


def test_packages_are_added_and_removed(back_office: Client, purchase: Purchase) -> None:
    new = {
        "packages-TOTAL_FORMS": "2",
        "packages-0-DELETE": "on",
        "packages-1-visible_id": "P-2",
        "packages-1-lines-TOTAL_FORMS": "1",
        "packages-1-lines-INITIAL_FORMS": "0",
        "packages-1-lines-0-name_parent": "Sling",
        "packages-1-lines-0-quantity": "1",
        "packages-1-lines-0-total_net": "5.00",
    }
    response = save(back_office, purchase, **new)
    after = current(purchase)["packages"]
    assert response.status_code == 302
    assert [(item["identifiers"]["visible"], [row["name_parent"] for row in item["line_items"]]) for item in after] == [
        ("P-2", ["Sling"])
    ]


def test_a_form_opened_before_a_newer_write_is_refused(back_office: Client, site: Site, purchase: Purchase) -> None:
    """It says what changed, and keeps what was typed."""
    sent = opened(back_office, purchase)
    body = {**current(purchase), "customer_reference": "PO from the ERP"}
    body["customer_identifiers"] = {"sparklayer": body["customer_identifiers"]["sparklayer"]}
    newer = put(site, purchase.spark_id, _without_nulls(body))
    response = back_office.post(address(purchase), {**sent, **SHIPPED, "visible_id": "typed"})
    page = response.content.decode()
    assert response.status_code == 200
    assert Purchase.objects.get(pk=purchase.pk).etag == newer.etag
    [row] = re.findall('<tr><td title="customer_reference">.*?</tr>', page)
    assert re.findall("<td.*?>(?:<div>)?(.*?)<", row) == ["PO number", "PO 7", "PO from the ERP"]
    assert "Revision 2 by system" in page
    assert fields_of(response, "purchase_form") == {**sent, **SHIPPED, "visible_id": "typed"}


def test_a_write_between_check_and_save_is_not_overwritten(
    back_office: Client, site: Site, purchase: Purchase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form was of the newest version when it was looked at, and is not any more when it is saved."""
    body = {**current(purchase), "customer_reference": "PO from the ERP"}
    body["customer_identifiers"] = {"sparklayer": body["customer_identifiers"]["sparklayer"]}
    edited = editing.edited_document

    def overtaken(*args: Any, **options: Any) -> dict[str, Any]:
        put(site, purchase.spark_id, _without_nulls(body))
        return edited(*args, **options)

    monkeypatch.setattr(saving, "edited_document", overtaken)
    response = save(back_office, purchase, visible_id="typed")
    assert response.status_code == 200
    stands = Purchase.objects.get(pk=purchase.pk)
    assert stands.visible_id != "typed"
    assert messages_of(response) == ["The resource is not at the version the request names."]


def test_a_form_opened_before_a_payment_is_refused(back_office: Client, purchase: Purchase) -> None:
    sent = opened(back_office, purchase)
    pay(purchase, "10.00")
    response = back_office.post(address(purchase), {**sent, **SHIPPED})
    assert response.status_code == 200
    assert "A payment or refund was recorded, changed or taken back." in response.content.decode()
    assert Purchase.objects.get(pk=purchase.pk).revision == 1


@pytest.mark.parametrize("version", ["", '"1.r1.0"', '"9999999.r1.0"', "*", "nonsense"])
def test_a_form_of_an_unknown_version_is_refused(back_office: Client, purchase: Purchase, version: str) -> None:
    if version == purchase.etag:
        version = '"0.r1.0"'
    response = save(back_office, purchase, version=version, customer_reference="PO 9")
    assert (response.status_code, Purchase.objects.get(pk=purchase.pk).revision) == (200, 1)


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"type": "quote"}, ["An order stays an order."]),
        ({"visible_id": "JC-2"}, ["purchase_identifiers.sparklayer: Another identifier belongs to a purchase"]),
        ({**SHIPPED, "packages-0-cancelled_at_0": "2026-03-02", "packages-0-cancelled_at_1": "12:00:00"}, [
            "packages[0]: a package cannot be cancelled and also shipped or returned"
        ]),
        ({"packages-0-lines-0-quantity": "2000000000"}, None),
        ({"packages-0-lines-0-total_net": "-5000"}, ["packages: "]),
        ({"packages-0-tracking_url": "javascript:alert(1)"}, None),
    ],
)  # fmt: skip
def test_what_is_refused_stands_in_the_form(
    back_office: Client,
    site: Site,
    purchase: Purchase,
    changes: dict[str, str],
    messages: list[str] | None,
) -> None:
    """Nothing was written, and nothing that was typed is lost."""
    make_order(site, identifiers={"visible": "JC-2"})
    sent = {**opened(back_office, purchase), **changes}
    response = back_office.post(address(purchase), sent)
    assert response.status_code == 200
    assert fields_of(response, "purchase_form") == sent
    assert Purchase.objects.get(pk=purchase.pk).etag == purchase.etag
    if messages is not None:
        assert all(any(found.startswith(told) for found in messages_of(response)) for told in messages)


def test_a_payment_is_recorded_changed_unapplied_and_deleted(
    back_office: Client, staff: User, customer: Customer, purchase: Purchase
) -> None:
    """Each step leaves a ledger entry by the member of staff; no revision is made, for the document is the same."""
    row = "transactions-0"
    added = {f"{row}-total": "10.00", f"{row}-currency_code": "GBP", f"{row}-apply_to_balance": "on"}
    save(back_office, purchase, **{"transactions-TOTAL_FORMS": "1"}, **added)
    assert PurchaseHistory.objects.get(purchase=purchase.pk).message == "Payment of 10.00 GBP received"
    assert Purchase.objects.get(pk=purchase.pk).calculated_payment_status == "partially_paid"
    save(back_office, purchase, **{f"{row}-total": "25.00"})
    unticked = opened(back_office, purchase)
    del unticked[f"{row}-apply_to_balance"]
    back_office.post(address(purchase), unticked)
    assert not PurchaseHistory.objects.filter(purchase=purchase.pk).exists()
    save(back_office, purchase, **{f"{row}-DELETE": "on"})
    now = Purchase.objects.get(pk=purchase.pk)
    entries = AccountEntry.objects.filter(account__customer=customer).order_by("id")
    assert [(entry.kind, str(entry.amount), entry.author) for entry in entries[1:]] == [
        ("transaction", "-10.0000", f"staff:{staff.email}"),
        ("transaction", "-15.0000", f"staff:{staff.email}"),
        ("reversal", "25.0000", f"staff:{staff.email}"),
    ]
    assert (now.calculated_payment_status, now.revision, now.transactions.count()) == ("unpaid", 1, 0)


@pytest.mark.parametrize(
    ("total", "currency_code", "message"),
    [
        ("0", "GBP", "must not be 0"),
        ("1.005", "GBP", "has more decimals than GBP has"),
        ("5", "USD", "an applied transaction has to be in the purchase's GBP"),
        ("5", "XXX", "not an ISO 4217 currency code"),
    ],
)
def test_a_wrong_payment_is_refused(
    back_office: Client, purchase: Purchase, total: str, currency_code: str, message: str
) -> None:
    row = "transactions-0"
    added = {f"{row}-total": total, f"{row}-currency_code": currency_code, f"{row}-apply_to_balance": "on"}
    response = save(back_office, purchase, **{"transactions-TOTAL_FORMS": "1"}, **added)
    assert response.status_code == 200
    assert message in response.content.decode().replace("&#x27;", "'")
    assert Purchase.objects.get(pk=purchase.pk).etag == purchase.etag


def test_a_page_is_saved_whole_or_not_at_all(back_office: Client, purchase: Purchase) -> None:
    """The package would ship, the payment is refused: neither happens."""
    row = "transactions-0"
    wrong = {f"{row}-total": "5", f"{row}-currency_code": "USD", f"{row}-apply_to_balance": "on"}
    save(back_office, purchase, **SHIPPED, **{"transactions-TOTAL_FORMS": "1"}, **wrong)
    assert Purchase.objects.get(pk=purchase.pk).etag == purchase.etag


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    return [_without_nulls(member) for member in value] if isinstance(value, list) else value
