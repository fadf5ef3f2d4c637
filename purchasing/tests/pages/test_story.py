"""What a buyer is told of an order between its shipments and payments: exact sentences, and who is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core.actors import SYSTEM, Actor, ActorKind
from core.models import Site
from core.site_settings import settings_of
from customers.models import Customer
from purchasing import revisions
from purchasing.approvals import accept_quote, approve_purchase, reject_purchase
from purchasing.documents import PurchaseDocument
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.operations import put_purchase
from purchasing.pages.reader import Reader, locale_for
from purchasing.pages.story import story_of
from tests.cast import line, make_customer, make_order, package

STAFF = Actor(ActorKind.STAFF, "ann@jones-climbing.example")
ROPES = line(quantity=3, net="30.00")
SHOES = line("SHOE-42", quantity=1, net="20.00")


def sent(order: Purchase, *packages: Any, actor: Actor = SYSTEM, **members: Any) -> None:
    """The order as it is sent once more."""
    body = {
        "type": "order",
        "purchase_identifiers": {"sparklayer": str(order.spark_id)},
        "customer_identifiers": {"sparklayer": f"cu_{order.customer_id}"},
        "dates": {},
        "currency_code": "GBP",
        "packages": list(packages) or [package(ROPES)],
        **members,
    }
    document = PurchaseDocument.model_validate(body)
    put_purchase(site=order.site, lookup=Lookup("sparklayer", order.spark_id), document=document, actor=actor)


def told(order: Purchase, customer: Customer, *, language: str = "en") -> list[str]:
    """Each event with who did it and its sentences."""
    order = Purchase.objects.get(pk=order.pk)
    reader = Reader(locale_for(language), settings_of(order.site).time_zone)
    with override(language):
        found = story_of(order, customer=customer, reader=reader)
    assert found.whole
    return [" | ".join([event.kind, event.by, *event.details]).replace("\xa0", " ") for event in found.events]


@pytest.fixture
def order(site: Site, buyer: Customer) -> Purchase:
    """Three ropes."""
    return make_order(site, buyer, packages=[package(ROPES)])


def test_goods_that_come_go_and_change(buyer: Customer, order: Purchase) -> None:
    sent(order, package(line(quantity=5, net="50.00"), SHOES))
    sent(order, package(SHOES))
    sent(order, package(line("SHOE-42", quantity=1, net="25.00")))

    assert told(order, buyer) == [
        (
            "changed |  | Product ROPE-60 ROPE-60: quantity changed from 3 to 5 | Added: 1 × Product SHOE-42 SHOE-42"
            " | Total changed from £30.00 to £70.00"
        ),
        "changed |  | Removed: 5 × Product ROPE-60 ROPE-60 | Total changed from £70.00 to £20.00",
        (
            "changed |  | Product SHOE-42 SHOE-42: price changed from £20.00 to £25.00"
            " | Total changed from £20.00 to £25.00"
        ),
    ]


def test_in_german(buyer: Customer, order: Purchase) -> None:
    freight = {"name": "Express", "line_total": {"total_net": {"number": "4.50", "currency": "GBP"}}}
    address = {"company": "Base Camp", "address_line1": "Path 7", "city": "Willerby", "country_code": "GB"}
    sent(
        order,
        package(line(quantity=5, net="50.00"), SHOES, shipping_method=freight, shipping_address=address),
        actor=STAFF,
        customer_reference="PO 7",
        payment_method="invoice",
    )
    sent(order, package(line(quantity=5, net="55.00")), payment_method="invoice")

    assert told(order, buyer, language="de") == [
        (
            "changed | Mitarbeiter | Product ROPE-60 ROPE-60: Menge von 3 auf 5 geändert"
            " | Hinzugefügt: 1 × Product SHOE-42 SHOE-42 | Versand von 0,00 £ auf 4,50 £ geändert"
            " | Summe von 30,00 £ auf 74,50 £ geändert | Bestellreferenz geändert in PO 7"
            " | Zahlungsart geändert in Auf Rechnung"
            " | Lieferanschrift geändert in Base Camp, Path 7, Willerby, Vereinigtes Königreich"
        ),
        (
            "changed |  | Product ROPE-60 ROPE-60: Preis von 50,00 £ auf 55,00 £ geändert"
            " | Entfernt: 1 × Product SHOE-42 SHOE-42 | Versand von 4,50 £ auf 0,00 £ geändert"
            " | Summe von 74,50 £ auf 55,00 £ geändert | Bestellreferenz entfernt"
        ),
    ]


def test_what_packages_say_themselves_is_no_change(buyer: Customer, order: Purchase) -> None:
    two, one = line(quantity=2, net="20.00"), line(quantity=1, net="10.00")
    sent(order, package(two), package(one))
    sent(order, package(two, dates={"shipped_at": "2026-03-02T10:00:00Z"}), package(one))
    sent(
        order,
        package(two, dates={"shipped_at": "2026-03-02T10:00:00Z"}),
        package(one, dates={"cancelled_at": "2026-03-03T10:00:00Z"}),
    )
    sent(order, package(line(quantity=3, net="30.00", name_parent="A rope by another name")))

    assert Purchase.objects.get(pk=order.pk).revision == 5
    assert told(order, buyer) == []


def test_a_person_is_named_within_his_own_company_alone(site: Site, buyer: Customer, order: Purchase) -> None:
    colleague = make_customer(site, parent=buyer, first_name="Summer", last_name="Hill")
    stranger = make_customer(site, "Summit Supplies", first_name="Sam", last_name="Stone")
    for number, actor in enumerate((colleague.actor, stranger.actor, STAFF, Actor(ActorKind.CLIENT, "erp"), SYSTEM), 4):
        sent(order, package(line(quantity=number, net="30.00")), actor=actor)

    assert [event.split(" | ")[1] for event in told(order, buyer)] == ["Summer Hill", "", "staff", "", ""]


def test_a_quote_that_is_accepted(site: Site, buyer: Customer) -> None:
    quote = make_order(site, buyer, type="quote", quote_status="draft")
    sent(quote, package(SHOES), type="quote", quote_status="sent", actor=STAFF)
    accept_quote(site=site, lookup=Lookup("sparklayer", quote.spark_id), revision=2, actor=buyer.actor, reader=buyer)

    assert told(quote, buyer) == ["accepted | Tom Jones"]  # nothing of the draft


def test_a_decision_that_stands(site: Site, buyer: Customer) -> None:
    buys_for_himself = make_customer(site, parent=buyer, role="limited-customer")
    waiting = make_order(site, buyer, child=buys_for_himself, type="awaiting_approval")
    lookup = Lookup("sparklayer", waiting.spark_id)
    reject_purchase(site=site, lookup=lookup, reason="Too dear.", actor=buyer.actor, reader=buyer)

    assert told(waiting, buys_for_himself) == ["rejected | Tom Jones | Reason: Too dear."]

    child = {"sparklayer": buyer.public_id, "sparklayer_child": buys_for_himself.public_id}
    sent(waiting, package(ROPES), type="awaiting_approval", customer_identifiers=child)
    revised = Purchase.objects.get(pk=waiting.pk)
    approve_purchase(site=site, lookup=lookup, revision=2, total=revised.calculated_total, actor=STAFF, reader=None)

    assert told(waiting, buys_for_himself) == [
        "changed |  | Product ROPE-60 ROPE-60: quantity changed from 1 to 3 | Total changed from £10.00 to £30.00",
        "approved | staff",
    ]


def test_an_order_that_is_confirmed(site: Site, buyer: Customer) -> None:
    order = make_order(site, buyer, type="order_unconfirmed")
    sent(order, package(line()), actor=STAFF)

    assert told(order, buyer) == ["confirmed | staff"]


def test_the_page_tells_it_between_the_rest(browser: Client, order: Purchase) -> None:
    sent(order, package(line(quantity=5, net="50.00")), actor=STAFF)

    answer = browser.get(f"/account/orders/{order.spark_id}/")

    assert [event.kind.value for event in answer.context["timeline"]] == ["placed", "changed"]
    assert "Order changed by staff" in " ".join(answer.content.decode().split())


def test_a_long_life_costs_as_many_queries_and_says_what_it_leaves_out(
    browser: Client, buyer: Customer, order: Purchase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def queries() -> tuple[int, Any]:
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(f"/account/orders/{order.spark_id}/")
        return len(captured), answer

    monkeypatch.setattr(revisions, "NEWEST", 4)
    sent(order, package(line(quantity=4, net="30.00")), actor=buyer.actor)
    few, short = queries()
    for quantity in (5, 6, 7, 8):
        sent(order, package(line(quantity=quantity, net="30.00")), actor=buyer.actor)
    many, long = queries()

    note = "Earlier changes of this order are not shown."
    changes = [event.details for event in long.context["timeline"] if event.kind == "changed"]
    assert few == many
    assert [note in answer.content.decode() for answer in (short, long)] == [False, True]
    assert changes == [[f"Product ROPE-60 ROPE-60: quantity changed from {n} to {n + 1}"] for n in (5, 6, 7)]


def test_of_very_large_documents_fewer_are_read(
    buyer: Customer, order: Purchase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for quantity in (4, 5):
        sent(order, package(line(quantity=quantity, net="30.00")))
    monkeypatch.setattr(revisions, "MOST_BYTES", 1)
    reader = Reader(locale_for("en"), settings_of(order.site).time_zone)

    found = story_of(order, customer=buyer, reader=reader)

    assert (found.whole, [event.details for event in found.events]) == (
        False,
        [["Product ROPE-60 ROPE-60: quantity changed from 4 to 5"]],
    )
