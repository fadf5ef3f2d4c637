"""Twenty writers at once. Each defence has a twin test that shows what happens without it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from core import retries, sql
from core.actors import SYSTEM
from core.errors import Conflict, DomainError
from core.models import Site
from customers import ledger
from customers.ledger import Kind, Posting
from customers.models import Account, AccountEntry, Customer
from purchasing import books, store
from purchasing.books.repair import repair
from purchasing.identity import read_lookup
from purchasing.models import LineItem, Package, Purchase, PurchaseHistory, PurchaseTransaction
from purchasing.putting import Outcome, Put
from purchasing.tests.bakers import delete, get, line, on_account, order, package, pay, put, stored
from purchasing.tests.racing import Meeting, read_without_locks, together, until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 20


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Purchases are read without their lock."""
    read_without_locks(monkeypatch)


@pytest.fixture
def no_second_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "ATTEMPTS", 1)


def are_found_wrong(site: Site) -> bool:
    """Whether the books are wrong, as a twin leaves them; they are right again afterwards."""
    differences = books.verify(sites=[site.pk])
    repair(differences)
    return differences != []


# --- births -----------------------------------------------------------------------------------------------------------


def births(site: Site) -> list[Put | DomainError]:
    """One purchase, born under each of its identifiers at once."""
    named = {"sparklayer": str(uuid4()), **{kind: uuid4().hex for kind in ("platform", "internal", "visible")}}
    body = order(purchase_identifiers=named)
    lookups = [read_lookup(kind, value) for kind, value in named.items()]
    jobs = [
        partial(put, site, {**body, "customer_reference": f"PO {number % 3}"}, lookup=lookups[number % len(lookups)])
        for number in range(WRITERS)
    ]
    return together(jobs)


def test_births_under_different_identifiers_are_one_purchase(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for round_ in range(1, 4):
        with monkeypatch.context() as patch:
            patch.setattr(store, "write_purchases", Meeting(WRITERS).before(store.write_purchases))
            outcomes = [item.outcome for item in births(site) if isinstance(item, Put)]
        assert len(outcomes) == WRITERS
        assert outcomes.count(Outcome.CREATED) == 1
        assert Purchase.objects.count() == round_


@pytest.mark.usefixtures("no_second_try")
def test_twin_births_collide_when_nobody_tries_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "write_purchases", Meeting(WRITERS).before(store.write_purchases))
    refusals = [item for item in births(site) if isinstance(item, Conflict)]
    assert [refusal.faults[0].code for refusal in refusals] == ["try-again"] * (WRITERS - 1)


def test_births_and_deletions_of_one_identifier(site: Site, company: Customer) -> None:
    def job(number: int) -> None:
        for _ in range(3):
            if number % 2:
                put(site, on_account(customer=company))
            else:
                delete(site)

    refusals = [item for item in together([partial(job, n) for n in range(WRITERS)]) if item is not None]
    assert {refusal.status for refusal in refusals} <= {404}
    assert Purchase.objects.present().count() <= 1


# --- whole documents --------------------------------------------------------------------------------------------------


def document(writer: int) -> dict[str, Any]:
    """All of it is this writer's: skus, names of packages, reference."""
    parcels = [
        package(
            *[line(str(writer + 1), sku=f"W{writer}") for _ in range(writer % 4 + 1)],
            identifiers={"visible": f"W{writer}-{place}"},
        )
        for place in range(writer % 3 + 1)
    ]
    return order(*parcels, customer_reference=f"W{writer}")


def writers_of_rows(site: Site) -> set[str]:
    """Whose work the rows and the document are."""
    answer = get(site)
    return {
        answer["customer_reference"],
        *(item["identifiers"]["sku"] for parcel in answer["packages"] for item in parcel["line_items"]),
        *LineItem.objects.for_site(site).values_list("sku", flat=True),
        *(name.partition("-")[0] for name in Package.objects.for_site(site).values_list("visible_id", flat=True)),
    }


def test_whole_documents_are_never_torn(site: Site) -> None:
    put(site, order())
    answers = together([partial(put, site, document(n)) for n in range(WRITERS)])

    assert [item.outcome for item in answers] == [Outcome.UPDATED] * WRITERS
    assert sorted(item.purchase.revision for item in answers) == list(range(2, WRITERS + 2))
    assert len(writers_of_rows(site)) == 1


def test_a_reader_never_sees_half_a_document(site: Site) -> None:
    put(site, document(0))
    done = threading.Event()

    def read() -> int:
        seen = 0
        while not done.is_set() or not seen:
            answer = get(site)
            names = {answer["customer_reference"]} | {
                item["identifiers"]["sku"] for parcel in answer["packages"] for item in parcel["line_items"]
            }
            assert len(names) == 1
            seen += 1
        return seen

    def write(writer: int) -> int:
        for number in range(5):
            put(site, document(writer + number))
        done.set()
        return 1

    assert all(together([read, read, *[partial(write, n) for n in range(6)]]))


@pytest.mark.usefixtures("no_locks", "no_second_try")
def test_twin_documents_collide_without_the_lock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, order())
    monkeypatch.setattr(store, "write_purchases", Meeting(WRITERS).before(store.write_purchases))
    refusals = [
        item
        for item in together([partial(put, site, document(n)) for n in range(WRITERS)])
        if isinstance(item, Conflict)
    ]
    assert len(refusals) == WRITERS - 1


# --- payments ---------------------------------------------------------------------------------------------------------


def test_toggles_leave_no_residue(site: Site, company: Customer) -> None:
    names = [f"A-{number}" for number in range(4)]
    for name in names:
        put(site, order(customer=company), name)

    def toggle(writer: int) -> None:
        for number in range(6):
            own, shared = f"t{writer}", f"shared{number % 2}"
            pay(site, "10", names[writer % 4], id=own, applied=number % 2 == 0)
            pay(site, str(5 + writer % 3), names[writer % 4], id=shared, applied=number % 3 != 0)

    assert together([partial(toggle, n) for n in range(WRITERS)]) == [None] * WRITERS

    applied = PurchaseTransaction.objects.for_site(site).applied()
    assert set(PurchaseHistory.objects.values_list("transaction", flat=True)) == set(
        applied.values_list("pk", flat=True)
    )
    assert Account.objects.get().balance == -sum(item.total for item in applied)
    assert books.verify(sites=[site.pk]) == []

    rows = list(PurchaseTransaction.objects.for_site(site).select_related("purchase"))
    together([partial(un_apply, site, row) for row in rows])
    assert Account.objects.get().balance == 0
    assert not PurchaseHistory.objects.exists()


def un_apply(site: Site, row: PurchaseTransaction) -> None:
    pay(site, row.total, row.purchase.internal_id, id=row.platform_id, applied=False)


def payments_at_once(site: Site) -> list[Any]:
    return together([partial(pay, site, "10", id=f"t{n}") for n in range(WRITERS)])


def test_payments_on_one_purchase_all_count(site: Site, company: Customer) -> None:
    put(site, order(package(line("1000")), customer=company))
    payments_at_once(site)
    assert stored(site).paid == 10 * WRITERS
    assert Account.objects.get().balance == -10 * WRITERS


@pytest.mark.usefixtures("no_locks")
def test_twin_payments_are_lost_without_the_lock(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, order(package(line("1000")), customer=company))
    with monkeypatch.context() as patch:
        patch.setattr(store, "write_payment", Meeting(WRITERS).before(store.write_payment))
        payments_at_once(site)
    assert stored(site).paid == 10  # each saw its own alone
    assert are_found_wrong(site)


def test_saves_by_the_orm_beside_the_operations(site: Site, company: Customer) -> None:
    put(site, order(customer=company))
    pay(site, "10", applied=False)

    def save(*, applied: bool) -> None:
        row = PurchaseTransaction.objects.get(site=site)
        for _ in range(4):
            row.apply_to_balance = applied
            row.save()

    answers = together(
        [
            *[partial(save, applied=number % 2 == 0) for number in range(WRITERS // 2)],
            *[partial(pay, site, "10", applied=number % 2 == 0) for number in range(WRITERS // 2)],
        ]
    )
    assert not [answer for answer in answers if isinstance(answer, DomainError)]


# --- one account ------------------------------------------------------------------------------------------------------


def test_charges_and_payments_on_one_account(site: Site, company: Customer) -> None:
    def trade(writer: int) -> None:
        name = f"A-{writer}"
        put(site, on_account(customer=company), name)
        pay(site, "30", name)
        put(
            site,
            on_account(package(line("80"), type="shipment"), package(line("20"), type="refund"), customer=company),
            name,
        )
        pay(site, "25", name)
        if writer % 2:
            pay(site, "25", name, applied=False)
            delete(site, name)

    assert together([partial(trade, n) for n in range(WRITERS)]) == [None] * WRITERS

    account = Account.objects.get()
    assert account.balance == WRITERS // 2 * (80 - 25)
    afters = list(AccountEntry.objects.order_by("id").values_list("balance_after", flat=True))
    assert afters[-1] == account.balance


def test_moves_in_both_directions_end_without_deadlock(site: Site, company: Customer, summit: Customer) -> None:
    customers = [company, summit]
    for number in range(WRITERS):
        put(site, on_account(customer=customers[number % 2]), f"A-{number}")

    def move(writer: int) -> None:
        for number in range(1, 4):
            put(site, on_account(customer=customers[(writer + number) % 2]), f"A-{writer}")

    assert together([partial(move, n) for n in range(WRITERS)]) == [None] * WRITERS
    assert [account.balance for account in Account.objects.all()] == [100 * WRITERS / 2] * 2


_NAIVE = ledger._POST.replace(
    "SET balance = stored.balance + EXCLUDED.balance",
    "SET balance = EXCLUDED.balance + (SELECT read.balance FROM customers_account AS read WHERE read.id = stored.id)",
)


@pytest.mark.parametrize(("statement", "balance"), [(ledger._POST, 60), (_NAIVE, 40)], ids=["as it is", "twin"])
def test_a_posting_waits_for_the_one_before(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch, statement: str, balance: int
) -> None:
    """The twin reads the balance before it has the account's lock: the posting that it waited for is lost."""
    assert _NAIVE != ledger._POST
    monkeypatch.setattr(ledger, "_POST", statement)
    post(site, company, 10)

    def post_on_own_connection() -> None:
        try:
            post(site, company, 30)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            post(site, company, 20)
            sql.fetch("SELECT 1", [])  # along with which the posting is sent
            second = pool.submit(post_on_own_connection)
            until_blocked()
        second.result()

    account = Account.objects.get()
    assert account.balance == balance
    assert are_found_wrong(site) is (balance != 60)


def post(site: Site, customer: Customer, amount: int) -> None:
    posting = Posting(
        customer_id=customer.pk,
        currency_code="GBP",
        kind=Kind.MANUAL,
        amount=Decimal(amount),
        value_date=date(2026, 3, 2),
    )
    ledger.post(site_id=site.pk, postings=[posting], author=SYSTEM, net_terms_days=30)
