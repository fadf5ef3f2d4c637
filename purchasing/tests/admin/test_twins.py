"""A payment that looks like one sent twice: beside its twin on its page, un-applied there by managers."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site, StaffRole
from customers.models import AccountEntry
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.tests.pages.conftest import words_of
from tests.cast import make_customer, make_order, pay
from tests.html_forms import fields_of
from tests.test_roles_of_staff import signed_in

LIST = "/admin/purchasing/purchasetransaction/"


@pytest.fixture
def purchase(site: Site) -> Purchase:
    return make_order(site, make_customer(site), payment_method="on_account")


def page_of(row: PurchaseTransaction) -> str:
    return f"{LIST}{row.pk}/change/"


def button_of(row: PurchaseTransaction) -> str:
    return f"{LIST}{row.pk}/un-apply/"


def told(row: PurchaseTransaction, **members: object) -> PurchaseTransaction:
    row.full_transaction = json.dumps(members)
    row.save()
    return row


def test_member_by_member(back_office: Client, purchase: Purchase) -> None:
    first = told(pay(purchase, "4.00", platform_id="a"), card="1234", at={"shop": 1})
    second = told(pay(purchase, "4.00", platform_id="b"), card="1234", at={"shop": 2}, note=["<b>"])
    pay(purchase, "3.00", platform_id="c")
    pay(purchase, "4.00", platform_id="d", applied=False)

    answer = back_office.get(page_of(first))

    twins = answer.context["twins"]
    assert [(twin.title, twin.is_this, twin.takes_back) for twin in twins.twins] == [
        ("a", True, button_of(first)),
        ("b", False, button_of(second)),
    ]
    members = {str(member.name): (member.values, member.differs) for member in twins.members}
    assert members["total"] == (["4.00 GBP", "4.00 GBP"], False)
    assert members["full_transaction.card"] == (["1234", "1234"], False)
    assert members["full_transaction.at.shop"] == (["1", "2"], True)
    assert members["full_transaction.note[0]"] == (["—", "<b>"], True)
    assert b"<td>&lt;b&gt;</td>" in answer.content


def test_one_that_has_no_twin_stands_alone(back_office: Client, purchase: Purchase) -> None:
    alone, other = pay(purchase, "4.00"), pay(purchase, "5.00")
    refund, unapplied = pay(purchase, "-4.00"), pay(purchase, "4.00", applied=False)
    PurchaseTransaction.objects.filter(pk=other.pk)
    for row in (alone, refund, unapplied):
        assert back_office.get(page_of(row)).context["twins"] is None


def test_text_that_is_no_json_is_one_member(back_office: Client, purchase: Purchase) -> None:
    first = pay(purchase, "4.00", platform_id="a")
    first.full_transaction = "paid by <card>"
    first.save()
    pay(purchase, "4.00", platform_id="b")
    twins = back_office.get(page_of(first)).context["twins"]
    assert [member.values for member in twins.members if member.name == "full_transaction"] == [["paid by <card>", "—"]]


def test_the_card_leads_to_them(back_office: Client, purchase: Purchase) -> None:
    pay(purchase, "4.00", platform_id="a")
    pay(purchase, "4.00", platform_id="b")
    [card] = [card for card in back_office.get("/admin/").context["cards"] if card.title == "Suspected duplicates"]
    assert (card.count, card.link) == ("2", f"{LIST}?suspected=duplicate")
    rows = back_office.get(card.link).context["cl"].result_list
    assert [row.platform_id for row in rows] == ["a", "b"]


def test_a_manager_unapplies_one_of_them(back_office: Client, purchase: Purchase) -> None:
    first, second = (pay(purchase, "4.00", platform_id=name) for name in "ab")
    asked = back_office.get(button_of(second))
    assert "4.00 GBP of" in words_of(asked)
    version = asked.context["form"]["version"].value()

    answer = back_office.post(button_of(second), {"version": version})

    assert (answer.status_code, answer["Location"]) == (302, page_of(second))
    second.refresh_from_db()
    assert second.apply_to_balance is False
    assert [f"{row.amount:.2f}" for row in AccountEntry.objects.filter(transaction_id=second.pk)] == ["-4.00", "4.00"]
    last = AccountEntry.objects.latest("id")
    assert last.author == "staff:staff@jones-climbing.example"
    assert back_office.get(page_of(first)).context["twins"] is None
    assert "It is not applied." in words_of(back_office.get(button_of(second), follow=True))


def test_one_that_changed_meanwhile_is_left(back_office: Client, purchase: Purchase) -> None:
    row = pay(purchase, "4.00", platform_id="a")
    version = back_office.get(button_of(row)).context["form"]["version"].value()
    pay(purchase, "5.00", platform_id="a")
    assert "It is now 5.00 GBP, applied." in words_of(back_office.post(button_of(row), {"version": version}))
    row.refresh_from_db()
    assert row.apply_to_balance is True


@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.CLERK])
def test_others_see_them_and_have_no_button(site: Site, purchase: Purchase, role: StaffRole) -> None:
    first, second = (pay(purchase, "4.00", platform_id=name) for name in "ab")
    reader = signed_in(site, role)
    answer = reader.get(page_of(first))
    assert [twin.takes_back for twin in answer.context["twins"].twins] == [None, None]
    assert "un-apply/" not in answer.content.decode()
    assert reader.post(button_of(second), {"version": second.updated_at.isoformat()}).status_code == 403
    second.refresh_from_db()
    assert second.apply_to_balance is True


def test_another_site_has_no_such_transaction(back_office: Client, other_site: Site) -> None:
    there = pay(make_order(other_site, make_customer(other_site)), "4.00")
    assert back_office.post(button_of(there), {"version": there.updated_at.isoformat()}).status_code == 404


def test_the_form_below_is_still_saved(back_office: Client, purchase: Purchase) -> None:
    first, _ = (pay(purchase, "4.00", platform_id=name) for name in "ab")
    form = fields_of(back_office.get(page_of(first)), "purchasetransaction_form")
    assert back_office.post(page_of(first), {**form, "total": "3.00"}).status_code == 302
    first.refresh_from_db()
    assert f"{first.total:.2f}" == "3.00"


def test_many_twins_cost_no_more(back_office: Client, purchase: Purchase) -> None:
    first, _ = (pay(purchase, "0.50", platform_id=name) for name in "ab")
    with CaptureQueriesContext(
        connection,
    ) as few:
        back_office.get(page_of(first))
    for number in range(10):
        pay(purchase, "0.50", platform_id=f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        answer = back_office.get(page_of(first))
    assert len(many) == len(few)
    assert (len(answer.context["twins"].twins), answer.context["twins"].more) == (6, 6)
