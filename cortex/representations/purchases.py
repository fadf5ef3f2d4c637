"""A purchase, who made it, where its invoice goes, its discount, how it was paid."""

from __future__ import annotations

from core.errors import NotFound
from cortex.envelope import Keys, Link, Node
from cortex.reading import Reading
from cortex.registry import renders
from cortex.representations import loads
from cortex.representations.addresses import address_properties
from cortex.shown_purchase import ShownPurchase
from purchasing.pages.labels import payment_label

BY_METHOD = "method"
"""The key of the one payment mean of a purchase that nothing was paid for: how it is to be paid."""


def of_purchase(keys: Keys) -> dict[str, str]:
    """The part of an address that names the purchase."""
    return {"scope": keys["scope"], "purchase": keys["purchase"]}


@renders("purchase", loads.purchases)
def purchase(reading: Reading, keys: Keys) -> Node:
    shown, money = reading.purchase(keys["purchase"]), reading.words.money
    code = shown.currency_code
    links = [
        Link("list", "purchases", {"scope": keys["scope"]}),
        Link("billingaddress", "billing-address", keys, rev="purchase"),
        Link("lineitems", "line-items", keys, rev="purchase"),
        Link("paymentmeans", "payment-means", keys, rev="purchase"),
        Link("paymentinstruments", "payment-instruments", keys, rev="purchase"),
        *([Link("shipments", "shipments", keys, rev="purchase")] if shown.shipments else []),
        Link("discount", "discount", keys, rev="purchase"),
        Link("created-by", "created-by", keys, rev="purchase"),
    ]
    return Node(
        "purchase",
        keys,
        {
            "purchase-number": shown.stored.number,
            "status": shown.status,
            "monetary-total": [money(shown.stored.calculated_total, code)],
            "tax-total": money(shown.tax, code),
            "taxes": [{**money(tax.amount, code), "title": tax.title} for tax in shown.taxes],
            "purchase-date": reading.words.instant(shown.stored.ordered_at),
        },
        links,
    )


@renders("created-by", loads.purchases, loads.people)
def created_by(reading: Reading, keys: Keys) -> Node:
    """The buyer: whoever bought for the company, else the customer."""
    stored = reading.purchase(keys["purchase"]).stored
    person = reading.people.get(stored.child_id or stored.customer_id or 0)
    back = Link("purchase", "purchase", keys, rev="created-by")
    return Node("created-by", keys, {"user-full-name": person.full_name if person else None}, [back])


@renders("billing-address", loads.purchases)
def billing_address(reading: Reading, keys: Keys) -> Node:
    properties = address_properties(reading.purchase(keys["purchase"]).billing_address)
    return Node("billing-address", keys, properties, [Link("purchase", "purchase", keys, rev="billingaddress")])


@renders("discount", loads.purchases)
def discount(reading: Reading, keys: Keys) -> Node:
    shown = reading.purchase(keys["purchase"])
    properties = {"discount": [reading.words.money(shown.discount, shown.currency_code)]}
    return Node("discount", keys, properties, [Link("purchase", "purchase", keys, rev="discount")])


@renders("payment-means", loads.purchases, loads.payments)
def payment_means(reading: Reading, keys: Keys) -> Node:
    return _payments(reading, keys, "payment-means", element="payment-mean", rev="paymentmeans")


@renders("payment-instruments", loads.purchases, loads.payments)
def payment_instruments(reading: Reading, keys: Keys) -> Node:
    return _payments(reading, keys, "payment-instruments", element="payment-instrument", rev="paymentinstruments")


@renders("payment-mean", loads.purchases, loads.payments)
def payment_mean(reading: Reading, keys: Keys) -> Node:
    return _payment(reading, keys, "payment-mean", of="payment-means")


@renders("payment-instrument", loads.purchases, loads.payments)
def payment_instrument(reading: Reading, keys: Keys) -> Node:
    return _payment(reading, keys, "payment-instrument", of="payment-instruments")


def payment_keys(reading: Reading, shown: ShownPurchase) -> list[str]:
    """One for each applied payment; for what nothing was paid, one for how it is to be paid."""
    return [str(payment.id) for payment in reading.payments.get(shown.key, ())] or [BY_METHOD]


def _payments(reading: Reading, keys: Keys, name: str, *, element: str, rev: str) -> Node:
    shown = reading.purchase(keys["purchase"])
    links = [Link("element", element, {**keys, "payment": key}) for key in payment_keys(reading, shown)]
    return Node(name, keys, links=[*links, Link("purchase", "purchase", keys, rev=rev)])


def _payment(reading: Reading, keys: Keys, name: str, *, of: str) -> Node:
    shown = reading.purchase(keys["purchase"])
    if keys["payment"] not in payment_keys(reading, shown):
        raise NotFound
    method = str(payment_label(shown.stored.payment_method)) or None
    named = {str(payment.id): payment.platform_id for payment in reading.payments.get(shown.key, ())}
    words = [method or "Payment", *([_masked(named[keys["payment"]])] if keys["payment"] in named else [])]
    above = of_purchase(keys)
    return Node(
        name,
        keys,
        {
            "display-name": " ".join(words),
            "method-name": method,
            "billing-address": address_properties(shown.billing_address),
        },
        [Link("billingaddress", "billing-address", above), Link("list", of, above)],
    )


def _masked(reference: str) -> str:
    """Whose money it was is told by its last characters, of a short reference by none."""
    return f"****{reference[-4:]}" if len(reference) > 8 else "****"
