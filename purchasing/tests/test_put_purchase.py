"""PUT by operation: full replacement, types, currencies, customers, limits, warnings, versions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.actors import Actor, ActorKind
from core.errors import Conflict, InvalidDocument, TooLarge
from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.models import LineItem, Package, PurchaseHistory, PurchaseRevision, PurchaseTransaction
from purchasing.putting import Outcome
from purchasing.tests.bakers import get, line, make_customer, money, order, package, pay, put, stored


def codes(site: Site) -> list[str]:
    return [warning["code"] for warning in stored(site).warnings if warning["code"] != "usd-rate-missing"]


def faults(error: InvalidDocument | Conflict | TooLarge) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.property) for fault in error.faults]


# --- full replacement -------------------------------------------------------------------------------------------------


def test_what_is_not_sent_is_gone(site: Site) -> None:
    put(
        site,
        order(
            package(line(), line(sku="CHALK"), shipping="5"),
            package(line(), type="shipment"),
            customer=make_customer(site),
            payment_method="card",
            customer_reference="PO 7",
            billing_address={"address_line1": "1 High Street", "city": "Leeds", "country_code": "GB"},
            custom_fields=[{"name": "a", "value": "b"}],
            tax_lines=[{"title": "VAT", "amount": money("0")}],
        ),
    )
    put(site, order(package(line(sku="SHOE")), dates={}))

    answer = get(site)
    assert answer["customer_identifiers"]["sparklayer"] is None
    assert (answer["payment_method"], answer["customer_reference"], answer["billing_address"]) == ("", "", None)
    assert (answer["custom_fields"], answer["tax_lines"], answer["dates"]["placed_at"]) == ([], [], None)
    assert list(LineItem.objects.values_list("sku", flat=True)) == ["SHOE"]
    assert Package.objects.count() == 1


def test_transactions_history_and_revisions_survive(site: Site) -> None:
    put(site, order())
    pay(site, "10")
    put(site, order(customer_reference="PO 8"))

    assert PurchaseTransaction.objects.count() == 1
    assert PurchaseHistory.objects.count() == 1
    assert list(PurchaseRevision.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert stored(site).paid == 10


def test_a_revision_names_its_author_and_time(site: Site) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    put(site, order(), actor=Actor(ActorKind.CLIENT, "erp"), now=now)
    revision = PurchaseRevision.objects.get()
    assert (revision.author, revision.at) == ("client:erp", now)
    assert stored(site).revision_at == now


def test_dates_are_the_senders_and_read_in_the_sites_zone(site: Site) -> None:
    set_setting(site=site, key="time_zone", value="Europe/London")
    put(site, order(dates={"placed_at": "2026-07-01T09:00", "created_at": "2026-01-01T09:00"}))
    assert get(site)["dates"] | {"calculated_submitted_at": None} == {
        "created_at": "2026-01-01T09:00:00+00:00",
        "updated_at": None,
        "placed_at": "2026-07-01T08:00:00+00:00",
        "calculated_submitted_at": None,
    }


def test_submitted_the_first_time_it_is_submitted(site: Site) -> None:
    times = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    for now, kind in zip(times, ("quote", "awaiting_approval", "order"), strict=True):
        put(site, order(type=kind), now=now)
    assert stored(site).submitted_at == times[1]


# --- types ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("earlier", ["order_unconfirmed", "cart", "quote", "awaiting_approval"])
def test_any_earlier_type_becomes_the_order_in_place(site: Site, earlier: str) -> None:
    first = put(site, order(type=earlier))
    became = put(site, order())
    assert (became.outcome, became.purchase.id, became.purchase.type) == (Outcome.UPDATED, first.purchase.id, "order")


@pytest.mark.parametrize("later", ["order_unconfirmed", "cart", "quote", "awaiting_approval"])
def test_an_order_stays_an_order(site: Site, later: str) -> None:
    put(site, order())
    with pytest.raises(Conflict) as refusal:
        put(site, order(type=later))
    assert faults(refusal.value) == [("type-cannot-go-back", "type")]
    assert stored(site).type == "order"


@pytest.mark.parametrize("first", ["cart", "quote", "awaiting_approval", "order_unconfirmed"])
@pytest.mark.parametrize("second", ["cart", "quote", "awaiting_approval", "order_unconfirmed"])
def test_other_types_change_freely(site: Site, first: str, second: str) -> None:
    put(site, order(type=first))
    assert put(site, order(type=second)).purchase.type == second


# --- currencies -------------------------------------------------------------------------------------------------------

IN_EUR = package(line("1", currency="EUR"))


@pytest.mark.parametrize(
    ("body", "customers", "sites", "expected"),
    [
        pytest.param(order(IN_EUR, currency_code="eur"), "JPY", "KWD", "EUR", id="as sent"),
        pytest.param(order(IN_EUR), "JPY", "KWD", "EUR", id="else that of the Money"),
        pytest.param(order(package()), "JPY", "KWD", "JPY", id="else the customer's"),
        pytest.param(order(package()), "", "KWD", "KWD", id="else the site's"),
    ],
)
def test_the_currency_of_a_purchase(
    site: Site, body: dict[str, Any], customers: str, sites: str, expected: str
) -> None:
    set_setting(site=site, key="default_currency", value=sites)
    company = make_customer(site, currency_code=customers)
    put(site, {**body, "customer_identifiers": {"sparklayer": company.public_id}})
    assert stored(site).currency_code == expected


def test_a_currency_has_to_come_from_somewhere(site: Site) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        put(site, order(package()))
    assert faults(refusal.value) == [("required", "currency_code")]


EUR = money("1", "EUR")
MISFITS = {
    "packages[0].line_items[0].line_total.total_net.currency": order(package(line(currency="EUR"))),
    "packages[0].line_items[0].line_total.discount_net.currency": order(package(line(total={"discount_net": EUR}))),
    "packages[0].line_items[0].line_total.total_tax.currency": order(package(line(total={"total_tax": EUR}))),
    "packages[0].line_items[0].line_total.total_gross.currency": order(package(line(total={"total_gross": EUR}))),
    "packages[0].line_items[0].refund_total.gross.currency": order(package(line(refund_total={"gross": EUR}))),
    "packages[0].line_items[0].rrp.currency": order(package(line(rrp=EUR))),
    "packages[0].line_items[0].tax_lines[0].amount.currency": order(package(line(tax_lines=[{"amount": EUR}]))),
    "packages[0].shipping_method.line_total.total_net.currency": order(package(shipping="1", currency="EUR")),
    "packages[0].refund_shipping.gross.currency": order(package(line(), refund_shipping={"gross": EUR})),
    "tax_lines[0].amount.currency": order(tax_lines=[{"amount": EUR}]),
    "total_paid.currency": order(total_paid=EUR),
}


@pytest.mark.parametrize(("path", "body"), MISFITS.items(), ids=MISFITS.keys())
def test_money_in_another_currency_is_refused(site: Site, path: str, body: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        put(site, {**body, "currency_code": "GBP"})
    assert faults(refusal.value) == [("currency-mismatch", path)]


def test_two_currencies_and_none_named(site: Site) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        put(site, order(package(line(), line(currency="EUR"))))
    assert refusal.value.faults[0].code == "currency-mismatch"


# --- customers --------------------------------------------------------------------------------------------------------


def test_customers_are_named_by_id_or_external_id_and_answered_by_id(site: Site) -> None:
    company = make_customer(site, external_id="C-1")
    child = make_customer(site, "Wales", parent=company)
    agent = make_customer(site, "Agent", external_id="A-9")
    named = {"sparklayer": "C-1", "sparklayer_child": child.public_id, "sparklayer_sales_rep": "A-9"}

    put(site, {**order(), "customer_identifiers": named})

    assert get(site)["customer_identifiers"] == {
        "sparklayer": company.public_id,
        "sparklayer_impersonator": agent.public_id,
        "sparklayer_child": child.public_id,
    }


@pytest.mark.parametrize("role", ["sparklayer", "sparklayer_impersonator", "sparklayer_child"])
@pytest.mark.parametrize("name", ["cu_999999999", "cu_", "cu_x", "cu_0", "nobody", "C-OTHER"])
def test_a_customer_has_to_exist_on_this_site(site: Site, other_site: Site, role: str, name: str) -> None:
    make_customer(other_site, external_id="C-OTHER")
    with pytest.raises(InvalidDocument) as refusal:
        put(site, {**order(), "customer_identifiers": {role: name}})
    assert faults(refusal.value) == [("resource-not-found", f"customer_identifiers.{role}")]


def test_every_unknown_customer_is_named_at_once(site: Site) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        put(site, {**order(), "customer_identifiers": {"sparklayer": "x", "sparklayer_child": "y"}})
    assert len(refusal.value.faults) == 2


def deleted(customer: Customer) -> None:
    customer.deleted_at = datetime(2026, 3, 2, tzinfo=UTC)
    customer.save()


@pytest.mark.parametrize("by_external_id", [False, True])
def test_a_customer_it_carries_stays_accepted_when_deleted(site: Site, by_external_id: bool) -> None:
    company = make_customer(site, external_id="C-1")
    name = "C-1" if by_external_id else company.public_id
    put(site, order(customer=name))
    deleted(company)

    put(site, order(customer=name, customer_reference="PO 8"))
    assert get(site)["customer_identifiers"]["sparklayer"] == company.public_id
    assert put(site, get(site)).outcome is Outcome.UNCHANGED

    with pytest.raises(InvalidDocument):
        put(site, order(customer=name), "A-2")


def test_an_external_id_names_who_has_it_today(site: Site) -> None:
    old = make_customer(site, external_id="C-1")
    put(site, order(customer="C-1"))
    deleted(old)
    new = make_customer(site, "Summit Supplies", external_id="C-1")

    put(site, order(customer="C-1"))

    assert stored(site).customer == new


# --- states, limits, totals -------------------------------------------------------------------------------------------


def test_every_state_in_conflict_is_named(site: Site) -> None:
    conflict = package(type="cancelled", dates={"shipped_at": "2026-03-02T09:00:00Z"})
    with pytest.raises(InvalidDocument) as refusal:
        put(site, order(conflict, package(line()), conflict))
    assert faults(refusal.value) == [
        ("package-state-conflict", "packages[0]"),
        ("package-state-conflict", "packages[2]"),
    ]


def test_a_total_below_0_is_refused(site: Site) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        put(site, order(package(line("10"), line("-10.01"))))
    assert refusal.value.faults[0].code == "negative-total"


def test_too_many_lines(site: Site) -> None:
    with pytest.raises(TooLarge):
        put(site, order(package(*[line()] * 10_000), package(line())))


# --- warnings: worked out at every write and replaced, never collected ------------------------------------------------


def test_a_total_that_does_not_match_is_named_with_line_and_cent(site: Site) -> None:
    off = line("100", total={"tax_rate": 20, "total_gross": money("120.02")})
    put(site, order(package(line()), package(line(), off)))
    (warning,) = [item for item in stored(site).warnings if item["code"] == "total-mismatch"]
    assert warning["property"] == "packages[1].line_items[1].line_total.total_gross"
    assert "0.02 GBP" in warning["message"]
    assert get(site)["calculated_total"] == money("320.02")

    put(site, order())
    assert codes(site) == []


@pytest.mark.parametrize(
    ("body", "property"),
    [
        (
            order(package(line(tax_lines=[{"amount": money("5")}], total={"tax_rate": 20}))),
            "packages[0].line_items[0].tax_lines",
        ),
        (order(package(line(total={"tax_rate": 20})), tax_lines=[{"amount": money("19")}]), "tax_lines"),
    ],
)
def test_tax_lines_are_compared(site: Site, body: dict[str, Any], property: str) -> None:
    put(site, body)
    assert [item["property"] for item in stored(site).warnings if item["code"] == "total-mismatch"] == [property]


def test_tax_lines_that_agree(site: Site) -> None:
    vat = [{"title": "VAT", "amount": money("20")}]
    put(site, order(package(line(tax_lines=vat, total={"tax_rate": 20})), tax_lines=vat))
    assert codes(site) == []


@pytest.mark.parametrize(
    ("tax", "message"),
    [
        pytest.param("20", None, id="of the lines"),
        pytest.param("20.01", None, id="a cent off"),
        pytest.param("21", None, id="of the lines and of shipping"),
        pytest.param("21.02", "tax lines differ by 0.02 GBP from the taxes", id="two cents above both"),
        pytest.param("19.98", "tax lines differ by -0.02 GBP from the taxes", id="two cents below both"),
        pytest.param("40", "tax lines differ by 19.00 GBP from the taxes", id="of cancelled goods too"),
    ],
)
def test_tax_lines_of_a_purchase(site: Site, tax: str, message: str | None) -> None:
    freight = {"name": "Courier", "line_total": {"total_net": money("5"), "tax_rate": 20}}
    goods = line(total={"tax_rate": 20})
    put(
        site,
        order(
            package(goods, shipping_method=freight),
            package(goods, type="cancelled"),
            tax_lines=[{"amount": money(tax)}],
        ),
    )
    said = [item["message"] for item in stored(site).warnings if item["code"] == "total-mismatch"]
    assert said == ([message] if message else [])


@pytest.mark.parametrize("type", ["shipment", "refund", "cancelled"])
def test_a_package_without_its_date(site: Site, type: str) -> None:
    put(site, order(package(line(), type=type, dates={})))
    (warning,) = [item for item in stored(site).warnings if item["code"] == "package-date-missing"]
    assert warning["property"] == "packages[0].dates"


def test_warnings_of_transactions_stay_while_the_document_changes(site: Site) -> None:
    put(site, order())
    pay(site, "10")
    pay(site, "10", id="t2")
    pay(site, "-40", id="t3")
    assert sorted(codes(site)) == ["over-refunded", "suspected-duplicate-transaction"]

    put(site, order(customer_reference="PO 8"))
    assert sorted(codes(site)) == ["over-refunded", "suspected-duplicate-transaction"]

    pay(site, "10", id="t2", applied=False)
    pay(site, "-40", id="t3", applied=False)
    assert codes(site) == []
