"""Orders: what waits to be submitted, what it has, what it still needs, and the form that submits it."""

from __future__ import annotations

from datetime import datetime

from core.errors import NotFound
from cortex.envelope import Keys, Link, Message, Node
from cortex.messages import hindrance, id_of
from cortex.reading import Reading
from cortex.registry import renders
from cortex.representations import loads
from cortex.representations.addresses import address_properties
from cortex.representations.shipments import option_properties
from cortex.shown_purchase import Form
from purchasing.pages.labels import payment_label

ACTION = "submitorderaction"
REMEDIES = {
    "need-billing-address": ("billingaddressinfo", "billing-address-info"),
    "need-email": ("emailinfo", "email-info"),
    "need-payment-method": ("paymentmethodinfo", "payment-method-info"),
    "need-shipping-address": ("deliveries", "deliveries"),
    "need-shipping-option": ("deliveries", "deliveries"),
}
"""Where it stands what an order needs, by the code of the need: the order's rel and the resource."""


@renders("order", loads.orders, loads.hindrances)
def order(reading: Reading, keys: Keys) -> Node:
    reading.order(keys["order"])
    links = [
        Link("purchaseform", "purchase-form", keys, rev="order"),
        Link("billingaddressinfo", "billing-address-info", keys, rev="order"),
        Link("emailinfo", "email-info", keys, rev="order"),
        Link("deliveries", "deliveries", keys, rev="order"),
        Link("paymentmethodinfo", "payment-method-info", keys, rev="order"),
        Link("total", "total", keys, rev="order"),
        Link("tax", "tax", keys, rev="order"),
    ]
    return Node("order", keys, links=links, messages=_in_the_way(reading, keys))


@renders("purchase-form", loads.orders, loads.hindrances)
def purchase_form(reading: Reading, keys: Keys) -> Node:
    """Without the action while anything is in the way; the last attempt that failed is told too."""
    reading.order(keys["order"])
    messages = _in_the_way(reading, keys)
    links = [Link("order", "order", keys, rev="purchaseform")]
    if not messages:
        links.insert(0, Link(ACTION, "purchase-form", keys))
    return Node("purchase-form", keys, links=links, messages=[*messages, *_last_attempt(reading, keys)])


@renders("billing-address-info", loads.orders)
def billing_address_info(reading: Reading, keys: Keys) -> Node:
    there = reading.order(keys["order"]).billing_address is not None
    link = Link("billingaddress", "order-billing-address", keys, rev="billingaddressinfo")
    return _info(keys, "billing-address-info", "billingaddressinfo", [link] if there else [])


@renders("order-billing-address", loads.orders)
def order_billing_address(reading: Reading, keys: Keys) -> Node:
    address = reading.order(keys["order"]).billing_address
    if address is None:
        raise NotFound
    back = Link("billingaddressinfo", "billing-address-info", keys, rev="billingaddress")
    return Node("order-billing-address", keys, address_properties(address), [back])


@renders("email-info", loads.orders, loads.people_of_orders)
def email_info(reading: Reading, keys: Keys) -> Node:
    link = Link("email", "email", keys, rev="emailinfo")
    return _info(keys, "email-info", "emailinfo", [link] if _email(reading, keys) else [])


@renders("email", loads.orders, loads.people_of_orders)
def email(reading: Reading, keys: Keys) -> Node:
    address = _email(reading, keys)
    if not address:
        raise NotFound
    return Node("email", keys, {"email": address}, [Link("emailinfo", "email-info", keys, rev="email")])


@renders("payment-method-info", loads.orders)
def payment_method_info(reading: Reading, keys: Keys) -> Node:
    method = reading.order(keys["order"]).stored.payment_method
    link = Link("paymentmethod", "payment-method", keys, rev="paymentmethodinfo")
    return _info(keys, "payment-method-info", "paymentmethodinfo", [link] if method else [])


@renders("payment-method", loads.orders)
def payment_method(reading: Reading, keys: Keys) -> Node:
    method = reading.order(keys["order"]).stored.payment_method
    if not method:
        raise NotFound
    back = Link("paymentmethodinfo", "payment-method-info", keys, rev="paymentmethod")
    return Node("payment-method", keys, {"display-name": str(payment_label(method))}, [back])


@renders("deliveries", loads.orders)
def deliveries(reading: Reading, keys: Keys) -> Node:
    """The packages that are not cancelled."""
    packages = reading.order(keys["order"]).live
    links = [Link("element", "delivery", {**keys, "delivery": package["id"][4:]}) for package in packages]
    return Node("deliveries", keys, links=[*links, Link("order", "order", keys, rev="deliveries")])


@renders("delivery", loads.orders)
def delivery(reading: Reading, keys: Keys) -> Node:
    package = _package(reading, keys)
    links = []
    if package["shipping_address"]:
        links.append(Link("destination", "delivery-destination", keys, rev="delivery"))
    if package["shipping_method"]:
        links.append(Link("shippingoption", "delivery-option", keys, rev="delivery"))
    above = {"scope": keys["scope"], "order": keys["order"]}
    return Node("delivery", keys, {"delivery-type": "SHIPMENT"}, [*links, Link("list", "deliveries", above)])


@renders("delivery-destination", loads.orders)
def delivery_destination(reading: Reading, keys: Keys) -> Node:
    address = _package(reading, keys)["shipping_address"]
    if address is None:
        raise NotFound
    back = Link("delivery", "delivery", keys, rev="destination")
    return Node("delivery-destination", keys, address_properties(address), [back])


@renders("delivery-option", loads.orders)
def delivery_option(reading: Reading, keys: Keys) -> Node:
    package = _package(reading, keys)
    if package["shipping_method"] is None:
        raise NotFound
    code = reading.order(keys["order"]).currency_code
    back = Link("delivery", "delivery", keys, rev="shippingoption")
    return Node("delivery-option", keys, option_properties(reading, package, code), [back])


@renders("total", loads.orders)
def total(reading: Reading, keys: Keys) -> Node:
    shown = reading.order(keys["order"])
    cost = reading.words.money(shown.stored.calculated_total, shown.currency_code)
    return Node("total", keys, {"cost": [cost]}, [Link("order", "order", keys, rev="total")])


@renders("tax", loads.orders)
def tax(reading: Reading, keys: Keys) -> Node:
    shown, money = reading.order(keys["order"]), reading.words.money
    code = shown.currency_code
    properties = {
        "total": money(shown.tax, code),
        "cost": [{**money(tax.amount, code), "title": tax.title} for tax in shown.taxes],
    }
    return Node("tax", keys, properties, [Link("order", "order", keys, rev="tax")])


def _info(keys: Keys, name: str, rel: str, links: list[Link]) -> Node:
    return Node(name, keys, links=[*links, Link("order", "order", keys, rev=rel)])


def _email(reading: Reading, keys: Keys) -> str:
    stored = reading.order(keys["order"]).stored
    person = reading.people.get(stored.child_id or stored.customer_id or 0)
    return person.email if person else ""


def _package(reading: Reading, keys: Keys) -> Form:
    for package in reading.order(keys["order"]).live:
        if package["id"][4:] == keys["delivery"]:
            return package
    raise NotFound


def _in_the_way(reading: Reading, keys: Keys) -> list[Message]:
    remedies = {code: Link(rel, resource, keys) for code, (rel, resource) in REMEDIES.items()}
    return [
        hindrance(fault, blocks=ACTION, remedies=remedies, data=refusal.members)
        for refusal in reading.hindrances[keys["order"]]
        for fault in refusal.faults
    ]


def _last_attempt(reading: Reading, keys: Keys) -> list[Message]:
    """Told as long as it has not been submitted since."""
    failed = reading.failures.get(keys["order"])
    if failed is None:
        return []
    at: datetime = failed.at
    reasons = ", ".join(id_of(fault["code"]) for fault in failed.faults)
    texts = " ".join(fault["message"] for fault in failed.faults)
    data = {"at": at.isoformat(), "reasons": reasons}
    return [Message("information", "submit.failed", f"The last attempt to submit it failed. {texts}", data)]
