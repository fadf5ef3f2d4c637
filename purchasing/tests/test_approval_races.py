"""Many who decide at once. Each defence has a twin test that shows what happens without it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection

from core import retries, sql
from core.errors import Conflict, DomainError
from core.models import Site
from core.site_settings import set_setting
from customers.models import Account, Customer
from purchasing import credit, store
from purchasing.models import Purchase, PurchaseRevision
from purchasing.putting import Put
from purchasing.tests.bakers import accept, approve, get, line, make_customer, on_account, order, package, put
from purchasing.tests.bodies import PURCHASES
from purchasing.tests.racing import Meeting, read_without_locks, together
from tests.callers import ApiCaller

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 20


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read without their locks, and no race is run twice."""
    run = sql.run
    read_without_locks(monkeypatch)
    monkeypatch.setattr(sql, "run", lambda text, values: run(text.replace(" FOR NO KEY UPDATE", ""), values))
    monkeypatch.setattr(retries, "ATTEMPTS", 1)


def outcomes(answers: list[Put | DomainError]) -> list[str]:
    """The type that each ended with, or the code it was refused with; sorted."""
    return sorted(item.faults[0].code if isinstance(item, DomainError) else item.purchase.type for item in answers)


# --- accepting --------------------------------------------------------------------------------------------------------


def test_a_quote_becomes_one_order(site: Site, company: Customer) -> None:
    put(site, on_account(type="quote", customer=company))
    answers = together([partial(accept, site)] * AT_ONCE)
    assert outcomes(answers) == ["already-accepted"] * (AT_ONCE - 1) + ["order"]
    assert PurchaseRevision.objects.count() == 2
    assert Account.objects.get().balance == 100


@pytest.mark.usefixtures("no_locks")
def test_twin_quotes_are_accepted_by_many_without_the_lock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, order(type="quote"))
    monkeypatch.setattr(store, "write_purchases", Meeting(AT_ONCE).before(store.write_purchases))
    answers = together([partial(accept, site)] * AT_ONCE)
    assert outcomes(answers) == ["order"] + ["try-again"] * (AT_ONCE - 1)  # all of them thought it was theirs


def test_the_same_request_many_times_is_one_acceptance(site: Site, api: ApiCaller) -> None:
    put(site, order(type="quote"))

    def job(key: str | None) -> int:
        headers = {"Idempotency-Key": key} if key else {}
        answer = api.post(f"{PURCHASES}/internal/A-1/accept", json={"revision": 1}, headers=headers)
        assert answer.status_code == 200 or answer.json()["title"] in ("already-accepted", "request-still-running")
        status: int = answer.status_code
        return status

    statuses = together([partial(job, "k" if number % 2 else None) for number in range(AT_ONCE)])
    assert set(statuses) <= {200, 409}
    assert PurchaseRevision.objects.count() == 2


def quotes_against_changes(site: Site) -> Iterator[str]:
    """What came of each of some quotes that are accepted while their content is changed."""
    for number in range(6):
        name = f"A-{number}"
        put(site, order(type="quote"), name)
        change = order(package(line("500")), type="quote")
        [accepted, changed] = together([partial(accept, site, name), partial(put, site, change, name)])
        total = get(site, name)["calculated_total"]["number"]
        yield f"{'accepted' if isinstance(accepted, Put) else accepted.faults[0].code} at {total}"
        if isinstance(accepted, Put):
            assert isinstance(changed, Conflict)
            assert changed.faults[0].code == "type-cannot-go-back"


def test_what_is_accepted_is_what_was_seen(site: Site) -> None:
    assert set(quotes_against_changes(site)) <= {"accepted at 100.00", "revision-stale at 500.00"}


@pytest.mark.usefixtures("no_locks")
def test_twin_a_change_is_lost_without_the_lock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, order(type="quote"))
    monkeypatch.setattr(store, "write_purchases", Meeting(2).before(store.write_purchases))
    answers = together([partial(accept, site), partial(put, site, order(package(line("500")), type="quote"))])
    assert [item.faults[0].code for item in answers if isinstance(item, DomainError)] == ["try-again"]


# --- approving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [True, False])
def test_a_purchase_is_approved_once(site: Site, company: Customer, places: bool) -> None:
    set_setting(site=site, key="approval_places_order", value=places)
    put(site, on_account(type="awaiting_approval", customer=company))
    answers = together([partial(approve, site)] * AT_ONCE)
    assert outcomes(answers) == sorted(
        ["order" if places else "awaiting_approval"] + ["already-approved"] * (AT_ONCE - 1)
    )
    assert Purchase.objects.get().changes == (0 if places else 1)
    assert PurchaseRevision.objects.count() == (2 if places else 1)


@pytest.mark.usefixtures("no_locks")
def test_twin_a_purchase_is_approved_by_many_without_the_lock(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_setting(site=site, key="approval_places_order", value=False)
    put(site, order(type="awaiting_approval", customer=company))
    monkeypatch.setattr(store, "write_payment", Meeting(AT_ONCE).before(store.write_payment))
    answers = together([partial(approve, site)] * AT_ONCE)
    assert outcomes(answers) == ["awaiting_approval"] * AT_ONCE


def approved_against_changes(site: Site, company: Customer, rounds: int) -> list[tuple[str, str]]:
    """What stands approved, and at which total, after approving while the content is changed."""
    set_setting(site=site, key="approval_places_order", value=False)
    stands = []
    for number in range(rounds):
        name = f"A-{number}"
        put(site, order(type="awaiting_approval", customer=company), name)
        change = order(package(line("500")), type="awaiting_approval", customer=company)
        together([partial(approve, site, name), partial(put, site, change, name)])
        document = get(site, name)
        stands.append((document["approval"]["status"], document["calculated_total"]["number"]))
    return stands


def test_an_approval_never_covers_what_was_not_seen(site: Site, company: Customer) -> None:
    assert set(approved_against_changes(site, company, 6)) == {("pending", "500.00")}


@pytest.mark.usefixtures("no_locks")
def test_twin_an_approval_lands_on_another_content_without_the_lock(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The approver has read the purchase; before he writes, another has changed it."""
    write = store.write_payment

    def late(purchase: Any, **options: Any) -> None:
        monkeypatch.setattr(store, "write_payment", write)
        change = order(package(line("500")), type="awaiting_approval", customer=company)
        together([partial(put, site, change, "A-0")])
        write(purchase, **options)

    monkeypatch.setattr(store, "write_payment", late)
    set_setting(site=site, key="approval_places_order", value=False)
    put(site, order(type="awaiting_approval", customer=company), "A-0")
    approve(site, "A-0")
    document = get(site, "A-0")
    assert (document["approval"]["status"], document["calculated_total"]["number"]) == ("approved", "500.00")
    assert document["approval"]["total"]["number"] == "100.00"
    with connection.cursor() as cursor:  # leaves the books as the suite wants to find them
        cursor.execute("UPDATE purchasing_purchase SET approval = NULL")


# --- the last of the credit -------------------------------------------------------------------------------------------


@pytest.fixture
def buyers(site: Site, company: Customer) -> list[Customer]:
    """Five who buy for the company, each with a quote of 100 on account (A-0 …); its limit is 250."""
    Customer.objects.filter(pk=company.pk).update(payment_on_account=True, credit_limit=250, currency_code="GBP")
    found = [make_customer(site, f"Branch {number}", parent=company, role="main") for number in range(5)]
    for number, buyer in enumerate(found):
        put(site, on_account(type="quote", customer=buyer), f"A-{number}")
    return found


def accept_all(site: Site, buyers: list[Customer]) -> list[Any]:
    return together([partial(accept, site, f"A-{number}", reader=buyer) for number, buyer in enumerate(buyers)])


def test_the_last_credit_is_used_once(site: Site, buyers: list[Customer]) -> None:
    answers = accept_all(site, buyers)
    assert outcomes(answers) == ["credit-exceeded"] * 3 + ["order"] * 2
    assert Account.objects.get().balance == 200
    refused = [item for item in answers if isinstance(item, Conflict)]
    assert {item.members["available"] for item in refused} <= {"150.00", "50.00"}


def test_the_last_credit_is_promised_once(site: Site, company: Customer, buyers: list[Customer]) -> None:
    """Limited customers post nothing; what waits for their company's approval counts all the same."""
    Customer.objects.filter(pk__in=[buyer.pk for buyer in buyers]).update(role="limited-customer")
    limited = list(Customer.objects.filter(parent=company).order_by("pk"))
    assert outcomes(accept_all(site, limited)) == ["awaiting_approval"] * 2 + ["credit-exceeded"] * 3


def test_twin_the_last_credit_is_used_by_all_without_the_account_s_lock(
    site: Site, buyers: list[Customer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credit, "_LOCK_CUSTOMER", "")
    monkeypatch.setattr(credit, "_LOCK_ACCOUNT", "SELECT $1::bigint, $2::bigint, $3::text")
    monkeypatch.setattr(store, "write_purchases", Meeting(len(buyers)).before(store.write_purchases))
    assert outcomes(accept_all(site, buyers)) == ["order"] * 5
    assert Account.objects.get().balance == 500


def test_acceptances_and_postings_end_without_deadlock(site: Site, buyers: list[Customer], company: Customer) -> None:
    for number in range(5):
        put(site, on_account(customer=company), f"B-{number}")

    def change(number: int) -> None:
        for net in ("90", "80"):
            put(site, on_account(package(line(net)), customer=company), f"B-{number}")

    jobs = [partial(accept, site, f"A-{number}", reader=buyer) for number, buyer in enumerate(buyers)]
    answers = together([*jobs, *[partial(change, number) for number in range(5)]])
    assert [item for item in answers if isinstance(item, DomainError) and item.title != "credit-exceeded"] == []
