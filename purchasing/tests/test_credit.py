"""Available credit: the worked table of `docs/money.md`, each rule by itself, and properties of any books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.models import Site
from core.money import ZERO
from core.site_settings import set_setting, settings_of
from customers.models import Account, AccountEntry, Customer
from purchasing import credit as room
from purchasing import store
from purchasing.credit import Credit, Part, Sum, read_credit
from purchasing.models import Purchase
from purchasing.tests.bakers import (
    accept,
    approve,
    delete,
    line,
    make_customer,
    on_account,
    order,
    package,
    pay,
    put,
    stored,
)
from purchasing.tests.credit_cases import LIMIT, STEPS, enter, rows_of_the_table


def allow(customer: Customer, limit: object = LIMIT, **fields: Any) -> Customer:
    """The customer may buy on account up to this limit."""
    Customer.objects.filter(pk=customer.pk).update(
        **{"payment_on_account": True, "credit_limit": limit, "currency_code": "GBP", **fields}
    )
    customer.refresh_from_db()
    return customer


def credit_of(site: Site, customer: Customer, **options: Any) -> Credit:
    return read_credit(site_id=site.pk, account_id=customer.pk, settings=settings_of(site), **options)


def figures(site: Site, customer: Customer) -> tuple[Any, Any, Any]:
    """Used, committed, available."""
    credit = credit_of(site, customer)
    return credit.used, credit.committed, credit.available


def test_the_worked_table(site: Site, company: Customer) -> None:
    allow(company)
    table = rows_of_the_table()
    assert [row[0] for row in table] == list(STEPS)
    for what, *expected in table:
        STEPS[what](site, company)
        assert (what, *figures(site, company)) == (what, *expected)


def test_each_row_is_listed_in_its_part(site: Site, company: Customer) -> None:
    allow(company)
    for step in STEPS.values():
        step(site, company)
    credit = credit_of(site, company, most_rows=None)
    listed: dict[Part, list[Any]] = {
        part: [(row.reference, row.kind, row.figure, row.net_paid, row.amount) for row in credit.of(part)]
        for part in Part
    }
    assert listed == {
        Part.ENTRIES: [("", "opening", 200, 0, 200), ("", "manual", -10, 0, -10)],
        Part.CHARGES: [("A", "order", 80, 30, 50), ("C", "order", 400, 100, 300)],
        Part.BALANCE: [],
        Part.COMMITTED: [("D", "awaiting_approval", 50, 0, 50)],
    }


# --- what is used -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["card", "", "platform_upfront"])
def test_no_card_payment_creates_credit(site: Site, company: Customer, method: str) -> None:
    allow(company)
    put(site, order(customer=company, payment_method=method))
    pay(site, "500")
    assert Account.objects.get().balance == -500
    assert figures(site, company) == (0, 0, 1000)


def test_what_is_paid_too_much_for_a_charge_is_credit(site: Site, company: Customer) -> None:
    allow(company)
    put(site, on_account(customer=company))
    pay(site, "130")
    assert figures(site, company) == (-30, 0, 1030)


def test_where_every_order_is_charged_a_card_payment_settles_its_charge(site: Site, company: Customer) -> None:
    set_setting(site=site, key="charge_posting", value="all_orders")
    allow(company)
    put(site, order(customer=company, payment_method="card"))
    assert figures(site, company) == (100, 0, 900)
    pay(site, "100")
    assert figures(site, company) == (0, 0, 1000)


def test_a_deleted_order_uses_nothing(site: Site, company: Customer) -> None:
    allow(company)
    put(site, on_account(customer=company))
    put(site, on_account(customer=company, type="order_unconfirmed"), "B-1")
    delete(site)
    delete(site, "B-1")
    assert figures(site, company) == (0, 0, 1000)


# --- what is committed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["on_account", "paymentOnAccount", "INVOICE", "paymentByInvoice"])
@pytest.mark.parametrize("type", ["order_unconfirmed", "awaiting_approval"])
def test_what_waits_on_account_is_committed(site: Site, company: Customer, type: str, method: str) -> None:
    allow(company)
    put(site, order(customer=company, type=type, payment_method=method))
    assert figures(site, company) == (0, 100, 900)
    pay(site, "130")
    assert figures(site, company) == (0, 0, 1000)


@pytest.mark.parametrize("members", [{"type": "quote"}, {"type": "cart"}, {"payment_method": "card"}])
def test_what_promises_nothing_is_not_committed(site: Site, company: Customer, members: dict[str, Any]) -> None:
    allow(company)
    put(site, on_account(**{"customer": company, "type": "awaiting_approval", **members}))
    assert figures(site, company) == (0, 0, 1000)


# --- an outside system owns the debts ---------------------------------------------------------------------------------


def test_with_posting_off_the_balance_is_used_and_open_orders_are_committed(site: Site, company: Customer) -> None:
    set_setting(site=site, key="charge_posting", value="off")
    allow(company)
    enter(site, company, 300)
    put(site, on_account(package(line(80)), package(line(20), type="shipment"), customer=company))
    put(site, on_account(package(line(40), type="shipment"), customer=company), "B-1")
    put(site, on_account(customer=company, type="awaiting_approval"), "C-1")
    credit = credit_of(site, company, most_rows=None)
    listed: list[Any] = [(row.part, row.reference, row.amount) for row in credit.rows]
    assert listed == [(Part.BALANCE, "", 300), (Part.COMMITTED, "A-1", 100), (Part.COMMITTED, "C-1", 100)]
    assert [row.id for row in credit.of(Part.BALANCE)] == [company.pk]
    assert figures(site, company) == (300, 200, 500)


def test_with_posting_off_open_orders_are_the_family_s_or_where_they_stand_posted(
    site: Site, company: Customer, child: Customer, summit: Customer
) -> None:
    set_setting(site=site, key="charge_posting", value="off")
    allow(company)
    allow(summit)
    put(site, on_account(customer=child))
    put(site, on_account(customer_identifiers={"sparklayer_child": child.public_id}), "B-1")
    put(site, on_account(customer=child), "C-1")
    pay(site, "30", "C-1")
    assert figures(site, company) == (-30, 270, 760)
    Customer.objects.filter(pk=child.pk).update(parent=summit)
    assert figures(site, company) == (-30, 70, 960)
    assert figures(site, summit) == (0, 200, 800)


def test_a_charge_from_before_posting_was_switched_off_counts_once(site: Site, company: Customer) -> None:
    allow(company)
    put(site, on_account(customer=company))
    set_setting(site=site, key="charge_posting", value="off")
    assert figures(site, company) == (100, 0, 900)


# --- whose, and in which currency -------------------------------------------------------------------------------------


def test_the_account_s_limit_counts_for_all_who_buy_for_it(site: Site, company: Customer, child: Customer) -> None:
    allow(company)
    allow(child, 5)
    grandchild = make_customer(site, "Cardiff", parent=child)
    put(site, on_account(customer=grandchild))
    put(site, on_account(customer=child, type="order_unconfirmed"), "B-1")
    put(site, on_account(customer_identifiers={"sparklayer_child": child.public_id}, type="awaiting_approval"), "C-1")
    assert figures(site, company) == (100, 200, 700)


def test_what_stands_posted_stays_with_its_account(site: Site, company: Customer, summit: Customer) -> None:
    """Changing a parent moves nothing; what has posted nothing goes with its customer."""
    child = make_customer(site, "Wales", parent=allow(company))
    allow(summit)
    put(site, on_account(customer=child))
    put(site, on_account(customer=child, type="order_unconfirmed"), "B-1")
    pay(site, "10", "B-1")
    put(site, on_account(customer=child, type="awaiting_approval"), "C-1")
    Customer.objects.filter(pk=child.pk).update(parent=summit)
    assert figures(site, company) == (100, 90, 810)
    assert figures(site, summit) == (0, 100, 900)


@pytest.mark.parametrize(
    ("credit_code", "own_code", "site_code", "used"),
    [
        ("GBP", "EUR", "EUR", 100),
        ("", "GBP", "EUR", 100),
        ("", "", "GBP", 100),
        ("EUR", "GBP", "GBP", 7),
        ("", "", "", 0),
    ],
)
def test_the_limit_s_currency(
    site: Site, company: Customer, credit_code: str, own_code: str, site_code: str, used: int
) -> None:
    allow(company, credit_currency_code=credit_code, currency_code=own_code)
    if site_code:
        set_setting(site=site, key="default_currency", value=site_code)
    put(site, on_account(customer=company))
    put(site, on_account(package(line(7, currency="EUR")), customer=company), "B-1")
    assert credit_of(site, company).used == used


def test_who_may_not_buy_on_account_has_nothing_available(site: Site, company: Customer) -> None:
    allow(company, payment_on_account=False)
    put(site, on_account(customer=company))
    assert figures(site, company) == (100, 0, 0)


def test_without_a_limit_there_is_none(site: Site, company: Customer) -> None:
    allow(company, None)
    put(site, on_account(customer=company))
    assert figures(site, company) == (100, 0, None)


def test_other_customers_count_nowhere(site: Site, other_site: Site, company: Customer, summit: Customer) -> None:
    allow(company)
    put(site, on_account(customer=summit))
    put(other_site, on_account(customer=make_customer(other_site)))
    enter(site, summit, 50)
    assert figures(site, company) == (0, 0, 1000)


def test_costs_the_same_for_one_and_for_many(site: Site, company: Customer) -> None:
    allow(company)
    counts = []
    for number in range(1, 12):
        put(site, on_account(customer=company), f"A-{number}")
        put(site, on_account(customer=company, type="awaiting_approval"), f"B-{number}")
        with CaptureQueriesContext(connection) as queries:
            credit_of(site, company)
        counts.append(len(queries))
    assert counts[0] == counts[-1] == 3  # settings, terms, rows


# --- who is refused ---------------------------------------------------------------------------------------------------


def refusal_of(call: Any, *args: Any, **options: Any) -> Conflict:
    with pytest.raises(Conflict) as refusal:
        call(*args, **options)
    assert refusal.value.faults[0].code == "credit-exceeded"
    return refusal.value


@pytest.mark.parametrize(("limit", "accepted"), [("120", True), ("119.99", False), ("0", False), (None, True)])
def test_a_customer_accepts_within_his_credit(site: Site, company: Customer, limit: str | None, accepted: bool) -> None:
    allow(company, limit)
    put(site, on_account(package(line(120)), customer=company, type="quote"))
    if accepted:
        assert accept(site, reader=company).purchase.type == "order"
        return
    refusal = refusal_of(accept, site, reader=company)
    assert refusal.members == {"available": f"{Decimal(limit or 0):.2f}", "currency_code": "GBP"}
    assert stored(site).type == "quote"
    assert accept(site).purchase.type == "order"  # a program


def test_what_was_paid_in_advance_needs_no_credit(site: Site, company: Customer) -> None:
    allow(company, 40)
    put(site, on_account(customer=company, type="quote"))
    refusal_of(accept, site, reader=company)
    pay(site, "60")
    assert accept(site, reader=company).purchase.type == "order"


def test_a_quote_by_card_needs_no_credit(site: Site, company: Customer) -> None:
    put(site, order(customer=company, type="quote", payment_method="card"))
    assert accept(site, reader=company).purchase.type == "order"


def test_who_may_not_buy_on_account_is_refused(site: Site, company: Customer) -> None:
    put(site, on_account(customer=company, type="quote"))
    assert refusal_of(accept, site, reader=company).members["available"] == "0.00"


def test_in_another_currency_there_is_no_credit(site: Site, company: Customer) -> None:
    allow(company)
    put(site, on_account(package(line(1, currency="EUR")), customer=company, type="quote"))
    refusal = refusal_of(accept, site, reader=company)
    assert refusal.members == {"available": "0.00", "currency_code": "EUR"}


def test_a_limited_customer_commits_his_company_s_credit(site: Site, company: Customer) -> None:
    limited = make_customer(site, "Wales", parent=allow(company, 150), role="limited-customer")
    for name in ("A-1", "B-1"):
        put(site, on_account(customer=limited, type="quote"), name)
    assert accept(site, reader=limited).purchase.type == "awaiting_approval"
    assert refusal_of(accept, site, "B-1", reader=limited).members["available"] == "50.00"


@pytest.mark.parametrize(("limit", "approved"), [(100, True), ("99.99", False)])
def test_an_approver_is_asked_and_the_purchase_does_not_count_against_itself(
    site: Site, company: Customer, child: Customer, limit: object, approved: bool
) -> None:
    allow(company, limit)
    put(site, on_account(customer=child, type="awaiting_approval"))
    if approved:
        assert approve(site, reader=company).purchase.type == "order"
    else:
        assert refusal_of(approve, site, reader=company).members["available"] == "99.99"
        assert approve(site).purchase.type == "order"  # a program


# --- any books --------------------------------------------------------------------------------------------------------

AMOUNTS = st.integers(1, 500).map(lambda cents: Decimal(cents) / 4)
DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.sampled_from(["A", "B", "C"]),
            st.sampled_from(["order", "order_unconfirmed", "awaiting_approval", "quote"]),
            st.sampled_from(["on_account", "invoice", "card", ""]),
            st.sampled_from(["", "shipment", "refund", "cancelled"]),
            AMOUNTS,
        ),
        st.tuples(
            st.just("pay"), st.sampled_from(["A", "B", "C"]), st.sampled_from(["1", "2"]), st.booleans(), AMOUNTS
        ),
        st.tuples(st.just("enter"), AMOUNTS),
        st.tuples(st.just("posting"), st.sampled_from(["on_account", "all_orders", "off"])),
    ),
    min_size=1,
    max_size=8,
)
ANY_BOOKS = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def do(site: Site, customer: Customer, deeds: list[tuple[Any, ...]]) -> None:
    """What the operations refuse is left out."""
    for deed, *words in deeds:
        try:
            if deed == "put":
                name, kind, method, state, net = words
                parcels = [package(line(net)), package(line(8), type=state)]
                put(site, order(*parcels, customer=customer, type=kind, payment_method=method), name)
            elif deed == "pay":
                name, own_id, applied, total = words
                pay(site, total, name, id=own_id, applied=applied)
            elif deed == "enter":
                enter(site, customer, words[0])
            else:
                set_setting(site=site, key="charge_posting", value=words[0])
        except Exception as refusal:
            if getattr(refusal, "status", 500) >= 500:
                raise


def expected(site: Site, customer: Customer) -> tuple[Decimal, Decimal]:
    """Used and committed, counted one by one."""
    off = settings_of(site).charge_posting == "off"
    used = committed = ZERO
    for purchase in Purchase.objects.for_site(site):
        is_on_account = purchase.payment_method in ("on_account", "invoice")
        due = max(purchase.amount_due - purchase.net_paid, ZERO)
        waits = purchase.type in ("order_unconfirmed", "awaiting_approval")
        open_order = off and purchase.type == "order" and purchase.open_quantity and not purchase.posted_charge
        if purchase.posted_charge and not off:
            used += purchase.posted_charge - purchase.net_paid
        elif is_on_account and (waits or open_order):
            committed += due
    if off:
        return sum((account.balance for account in Account.objects.for_site(site)), ZERO), committed
    entries = AccountEntry.objects.for_site(site).filter(kind__in=["opening", "manual"])
    return used + sum((entry.amount for entry in entries), ZERO), committed


@ANY_BOOKS
@given(deeds=DEEDS)
@pytest.mark.django_db
def test_the_rows_are_what_the_figures_are_the_sums_of(deeds: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        site = Site.objects.create(slug=f"site-{uuid4().hex}")
        customer = allow(make_customer(site))
        do(site, customer, deeds)

        credit = credit_of(site, customer, most_rows=None)
        first = credit_of(site, customer, most_rows=1)

        assert (credit.used, credit.committed) == expected(site, customer)
        assert credit.available == LIMIT - credit.used - credit.committed
        for part in Part:
            rows = credit.of(part)
            assert credit.sum_of(part) == Sum(len(rows), sum((row.amount for row in rows), ZERO))
            assert first.of(part) == sorted(rows, key=lambda row: row.id)[:1]
        assert credit_of(site, customer).sums == first.sums == credit.sums
        for row in credit.rows:
            assert row.amount == row.figure - row.net_paid != 0
            assert row.part is not Part.COMMITTED or row.amount > 0
        purchases = [row.id for row in credit.rows if row.spark_id]
        assert len(purchases) == len(set(purchases))
        transaction.set_rollback(True)


@ANY_BOOKS
@given(deeds=DEEDS, amount=AMOUNTS)
@pytest.mark.django_db
def test_a_payment_of_what_has_no_charge_moves_no_credit(deeds: list[tuple[Any, ...]], amount: Decimal) -> None:
    with transaction.atomic():
        site = Site.objects.create(slug=f"site-{uuid4().hex}")
        customer = allow(make_customer(site))
        do(site, customer, [deed for deed in deeds if deed[0] != "posting"])
        put(site, order(customer=customer, payment_method="card"), "card")
        before = figures(site, customer)
        pay(site, amount, "card")
        assert figures(site, customer) == before
        transaction.set_rollback(True)


@pytest.mark.parametrize("net", [400, 600, 700])
@pytest.mark.parametrize("type", ["quote", "awaiting_approval", "order_unconfirmed"])
def test_what_is_known_of_an_account_refuses_as_a_new_look_does(
    site: Site, company: Customer, type: str, net: int
) -> None:
    """Of many that are shown at once each is judged as if it were not counted yet."""
    allow(company)
    put(site, on_account(package(line(400)), customer=company), "A-1")
    put(site, on_account(package(line(net)), customer=company, type=type), "B-1")
    [purchase] = store.find_purchases(site_id=site.pk, identifiers={"internal": "B-1"})
    asked: dict[str, Any] = {"account_id": company.pk, "settings": settings_of(site)}

    anew, known = room.credit_refusal(purchase, **asked), room.credit_refusal(purchase, **asked, known={})

    assert (anew is None) == (known is None) == (net <= 600)
    if anew and known:
        assert anew.members == known.members


def test_twin_a_count_of_all_payments_creates_credit(
    site: Site, company: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were every order's payment counted, charged or not, the same payment would be credit."""
    monkeypatch.setattr(room, "_SUMS", room._SUMS.replace("posted_charge <> 0 AND", ""))
    allow(company)
    put(site, order(customer=company, payment_method="card"))
    pay(site, "50")
    assert figures(site, company) == (-50, 0, 1050)
