"""A person is erased: no trace of him is left, every figure is what it was, and the purchase still works."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from core.actors import SYSTEM
from core.errors import NotFound
from core.models import Site, StaffRole, User
from customers.models import AccountEntry, Address, Customer
from purchasing.approvals import reject_purchase
from purchasing.documents import read_document
from purchasing.erasing import erase_customer
from purchasing.identity import Lookup
from purchasing.models import Purchase, PurchaseComment, PurchaseRevision, PurchaseTransaction
from purchasing.operations import put_purchase
from tests.callers import ApiCaller
from tests.cast import line, make_buyer, make_customer, make_order, package, pay
from tests.test_roles_of_staff import signed_in

SECRETS = ("Quincy", "Zebedee", "quincy.z@", "Wobbly Lane", "Snodland", "01632", "ZZ9", "engraved-for-Q", "Q-Attribute")
"""What must not be found anywhere afterwards."""
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WHERE = {
    "name": "Quincy Zebedee",
    "company": "Zebedee & Sons",
    "address_line1": "9 Wobbly Lane",
    "city": "Snodland",
    "postal_code": "ZZ9 9ZZ",
    "country_code": "GB",
    "phone": "01632 960000",
}


@pytest.fixture
def person(site: Site) -> Customer:
    customer = make_buyer(
        site,
        "Zebedee & Sons",
        first_name="Quincy",
        last_name="Zebedee",
        email="quincy.z@example.com",
        external_id="erp-9",
        metadata={"hobby": ["Q-Attribute", 3, None]},
    )
    Address.objects.create(
        site=site,
        customer=customer,
        first_name="Quincy",
        address_line1="9 Wobbly Lane",
        city="Snodland",
        country_code="GB",
        phone="01632 960000",
        external_id="a-9",
    )
    return customer


@pytest.fixture
def purchase(site: Site, person: Customer) -> Purchase:
    """Of two revisions, with a payment, a comment and a reason."""
    made = make_order(
        site,
        person,
        identifiers={"visible": "JC-1"},
        payment_method="on_account",
        customer_reference="PO 7",
        billing_address=WHERE,
        metadata=[{"name": "note", "value": "Q-Attribute"}, {"name": "nothing", "value": None}],
        custom_fields=[{"name": "note", "value": "Q-Attribute"}],
        packages=[
            package(
                line(custom_attributes=[{"key": "engraving", "value": "engraved-for-Q"}]),
                line("CHALK", net="5.00"),
                shipping_address=WHERE,
            ),
            package(line("SLING"), shipping_address={**WHERE, "name": "", "first_name": "Quincy"}),
        ],
    )
    changed = json.loads(made.header) | json.loads(made.contents) | {"customer_reference": "PO 8"}
    lookup = Lookup("sparklayer", made.spark_id)
    put_purchase(site=site, lookup=lookup, document=read_document(changed), actor=SYSTEM)
    made = Purchase.objects.get(pk=made.pk)
    paid = pay(made, "4.00", platform_id="pay-1")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE purchasing_purchasetransaction SET full_transaction = 'card of Quincy' WHERE id = %s", [paid.pk]
        )
    PurchaseComment.objects.create(site=site, purchase=made, text="Quincy rang", author="staff:a@b.c", created_at=NOW)
    return Purchase.objects.get(pk=made.pk)


def everything() -> str:
    """Every text of every row of ours, as the database holds it."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT held::text FROM "{table}" AS held')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def erase(site: Site, customer: Customer) -> None:
    erase_customer(site=site, customer_id=customer.public_id, actor=SYSTEM, now=NOW)


def test_no_trace_is_left(site: Site, person: Customer, purchase: Purchase, back_office: Client) -> None:
    page = f"/admin/customers/customer/{person.pk}/"
    back_office.post(
        f"{page}entry/", {"kind": "manual", "amount": "1", "currency_code": "GBP", "reference": "r", "reason": "x"}
    )
    assert "Zebedee" in LogEntry.objects.get().object_repr
    assert [secret for secret in SECRETS if secret.lower() not in everything().lower()] == []
    erase(site, person)
    assert [secret for secret in SECRETS if secret.lower() in everything().lower()] == []
    assert User.objects.filter(email="quincy.z@example.com").exists() is False


def test_what_stays(site: Site, person: Customer, purchase: Purchase) -> None:
    figures = ("calculated_total", "outstanding", "paid", "customer_reference", "visible_id", "revision", "ordered_at")
    before = {name: getattr(purchase, name) for name in figures}
    entries = list(AccountEntry.objects.order_by("pk").values())
    history = list(PurchaseRevision.objects.order_by("number").values_list("number", "at", "author"))
    erase(site, person)
    after = Purchase.objects.get(pk=purchase.pk)
    assert {name: getattr(after, name) for name in figures} == before
    assert list(AccountEntry.objects.order_by("pk").values()) == entries
    assert list(PurchaseRevision.objects.order_by("number").values_list("number", "at", "author")) == history
    assert json.loads(after.header)["billing_address"]["country_code"] == "GB"
    customer = Customer.objects.get(pk=person.pk)
    assert (customer.external_id, customer.status, customer.first_name, customer.metadata) == (
        "erp-9",
        "inactive",
        "erased",
        {"hobby": ["erased", "erased", None]},
    )
    assert (customer.erased_at, customer.erased_by) == (NOW, "system")
    assert Address.objects.get(customer=customer).external_id == "a-9"
    assert PurchaseTransaction.objects.get().full_transaction == "erased"
    assert PurchaseComment.objects.get().text == "erased"


def test_the_purchase_still_works(site: Site, person: Customer, purchase: Purchase, api: ApiCaller) -> None:
    """GET answers it under another ETag, and its answer, sent back, changes nothing."""
    path = f"/api/v1/purchases/sparklayer/{purchase.spark_id}"
    tag = api.get(path)["ETag"]
    erase(site, person)
    told = api.get(path)
    assert told.status_code == 200
    assert told["ETag"] != tag
    again = api.put(path, json=told.json())
    assert (again.status_code, again["ETag"]) == (200, told["ETag"])
    assert PurchaseRevision.objects.count() == 2
    assert api.get(f"{path}/revisions/1").status_code == 200
    assert api.get(f"{path}/diff?from=1&to=2").json() == api.get(f"{path}/diff?from=1&to=2").json()


def test_searches_find_it_by_what_stays(site: Site, person: Customer, purchase: Purchase, back_office: Client) -> None:
    def found(text: str) -> list[int]:
        rows = back_office.get("/admin/purchasing/purchase/", {"q": text}).context["cl"].result_list
        return [row.pk for row in rows]

    assert found("Wobbly") == [purchase.pk]
    erase(site, person)
    assert [found(text) for text in ("Wobbly", "Zebedee", "PO 8", "JC-1")] == [[], [], [purchase.pk], [purchase.pk]]
    words = Purchase.objects.values_list("words", flat=True).get(pk=purchase.pk)
    call_command("rebuild_search", stdout=io.StringIO(), stderr=io.StringIO())
    assert Purchase.objects.values_list("words", flat=True).get(pk=purchase.pk) == words


def test_erasing_again_changes_nothing(site: Site, person: Customer, purchase: Purchase) -> None:
    erase(site, person)
    before = Purchase.objects.get(pk=purchase.pk).etag
    erase_customer(site=site, customer_id=person.public_id, actor=SYSTEM, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert Purchase.objects.get(pk=purchase.pk).etag == before
    assert Customer.objects.get(pk=person.pk).erased_at == NOW


def test_others_stay_as_they_are(site: Site, other_site: Site, person: Customer, purchase: Purchase) -> None:
    """Another customer's purchases, and the same person's at another site, with the login that is theirs too."""
    theirs = make_order(site, make_customer(site), billing_address=WHERE)
    twin = make_customer(other_site, "Zebedee & Sons", email="quincy.z@example.com", user=person.user)
    there = make_order(other_site, twin, billing_address=WHERE)
    before = [Purchase.objects.get(pk=each.pk).header for each in (theirs, there)]
    erase(site, person)
    assert [Purchase.objects.get(pk=each.pk).header for each in (theirs, there)] == before
    twin.refresh_from_db()
    assert (twin.company_name, twin.user) == ("Zebedee & Sons", person.user)
    with pytest.raises(NotFound):
        erase(site, twin)


def test_a_childs_and_a_deleted_purchase_are_erased_too(site: Site, person: Customer, api: ApiCaller) -> None:
    child = make_customer(site, "Summit", parent=person, first_name="Quincy")
    made = make_order(site, person, child=child, billing_address=WHERE)
    api.delete(f"/api/v1/purchases/sparklayer/{made.spark_id}")
    erase(site, child)
    assert "Wobbly" not in Purchase.objects.get(pk=made.pk).header
    assert Customer.objects.get(pk=person.pk).first_name == "Quincy"


def test_a_reason_is_erased_and_the_decision_stands(site: Site, person: Customer) -> None:
    waiting = make_order(site, person, type="awaiting_approval")
    lookup = Lookup("sparklayer", waiting.spark_id)
    reject_purchase(site=site, lookup=lookup, reason="Quincy asked", actor=SYSTEM)
    before = Purchase.objects.get(pk=waiting.pk).approval
    assert before is not None
    erase(site, person)
    assert Purchase.objects.get(pk=waiting.pk).approval == before | {"reason": "erased"}


def test_the_command(site: Site, person: Customer, purchase: Purchase, tmp_path: Path) -> None:
    """First hands over, then erases."""
    file, told = tmp_path / "data.zip", io.StringIO()
    call_command("erase_customer", site.slug, person.public_id, "--export", str(file), "--keep", stdout=told)
    assert Customer.objects.get(pk=person.pk).first_name == "Quincy"
    call_command("erase_customer", site.slug, person.public_id, stdout=told)
    assert Customer.objects.get(pk=person.pk).first_name == "erased"
    with zipfile.ZipFile(file) as archive:
        parts: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(parts["customer.json"])["email"] == "quincy.z@example.com"
    assert [item["revision"] for item in json.loads(parts["purchases.json"])] == [1, 2]
    assert [item["full_transaction"] for item in json.loads(parts["transactions.json"])] == ["card of Quincy"]
    assert parts["ledger.csv"].count(b"\r\n") == 1 + AccountEntry.objects.count()
    for words in (["nowhere", person.public_id], [site.slug, "cu_999999"], [site.slug, person.public_id, "--keep"]):
        with pytest.raises(CommandError):
            call_command("erase_customer", *words)


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("clerk", 403), ("read-only", 403)])
def test_managers_export_and_erase(site: Site, person: Customer, purchase: Purchase, role: str, status: int) -> None:
    browser = signed_in(site, StaffRole(role))
    page = f"/admin/customers/customer/{person.pk}/"
    assert browser.get(f"{page}export-person/").status_code == status
    assert browser.get(f"{page}erase/").status_code == status
    wrong = browser.post(f"{page}erase/", {"confirmation": "yes"})
    assert wrong.status_code == status
    assert Customer.objects.get(pk=person.pk).erased_at is None
    done = browser.post(f"{page}erase/", {"confirmation": person.public_id})
    assert done.status_code == (302 if status == 200 else 403)
    customer = Customer.objects.get(pk=person.pk)
    assert customer.erased_by == ("staff:manager@example.com" if status == 200 else "")
    if status == 200:
        assert "staff:manager@example.com" in browser.get(f"{page}change/").content.decode()
        assert LogEntry.objects.order_by("-pk")[0].change_message == "The person was erased."
