"""The one list of resources: what each is called, where it is, and where its links may lead.

Routes, documentation and the tests' list of types come from here; what a resource says, its family in
`cortex.representations` knows. `{scope}` is the site, every other part of an address an id (`cortex.ids`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resource:
    """`rels`: those its links may have. `personal`: not for a PUBLIC token. `takes_post`: a form that is submitted."""

    type: str
    template: str
    rels: tuple[str, ...] = ()
    personal: bool = True
    takes_post: bool = False


_PURCHASE = "/purchases/{scope}/{purchase}"
_LINE = f"{_PURCHASE}/lineitems/{{line}}"
_SHIPMENTS = "/shipments/purchases/{scope}/{purchase}"
_ORDER = "/orders/{scope}/{order}"

TABLE: dict[str, Resource] = {
    "root": Resource("root.root", "/", ("defaultprofile", "lookups", "purchases"), personal=False),
    "profile": Resource("profiles.profile", "/profiles/{scope}/{profile}", ("purchases", "addresses", "orders")),
    "addresses": Resource("addresses.addresses", "/addresses/{scope}", ("element", "profile")),
    "address": Resource("addresses.address", "/addresses/{scope}/{address}", ("list",)),
    "lookups": Resource("lookups.lookups", "/lookups", ("purchaselookupform",), personal=False),
    "lookup-form": Resource(
        "purchases.purchase-number",
        "/purchases/{scope}/lookups/form",
        ("purchaselookupaction",),
        personal=False,
        takes_post=True,
    ),
    "purchases": Resource("purchases.purchases", "/purchases/{scope}", ("element", "next", "previous")),
    "purchases-page": Resource(
        "purchases.purchases", "/purchases/{scope}/pages/{page}", ("element", "next", "previous")
    ),
    "purchase": Resource(
        "purchases.purchase",
        _PURCHASE,
        (
            "list",
            "billingaddress",
            "lineitems",
            "paymentmeans",
            "paymentinstruments",
            "shipments",
            "discount",
            "created-by",
        ),
    ),
    "created-by": Resource("purchases.created-by", f"{_PURCHASE}/createdby", ("purchase",)),
    "billing-address": Resource("addresses.address", f"{_PURCHASE}/billingaddress", ("purchase",)),
    "line-items": Resource("purchases.line-items", f"{_PURCHASE}/lineitems", ("element", "purchase")),
    "line-item": Resource(
        "purchases.line-item",
        _LINE,
        ("options", "components", "dependentlineitems", "parent", "list", "item"),
    ),
    "options": Resource("purchases.options", f"{_LINE}/options", ("element", "lineitem")),
    "option": Resource("purchases.option", f"{_LINE}/options/{{option}}", ("value", "list")),
    "value": Resource("purchases.value", f"{_LINE}/options/{{option}}/values/{{value}}", ("option",)),
    "components": Resource("purchases.components", f"{_LINE}/components", ("element", "lineitem")),
    "dependents": Resource("purchases.dependent-line-items", f"{_LINE}/dependentlineitems", ("element", "lineitem")),
    "item": Resource("items.item", "/items/{scope}/{item}"),
    "payment-means": Resource("purchases.payment-means", f"{_PURCHASE}/paymentmeans", ("element", "purchase")),
    "payment-mean": Resource(
        "purchases.payment-mean", f"{_PURCHASE}/paymentmeans/{{payment}}", ("billingaddress", "list")
    ),
    "payment-instruments": Resource(
        "purchases.payment-instruments", f"{_PURCHASE}/paymentinstruments", ("element", "purchase")
    ),
    "payment-instrument": Resource(
        "purchases.payment-instrument", f"{_PURCHASE}/paymentinstruments/{{payment}}", ("billingaddress", "list")
    ),
    "shipments": Resource("shipments.shipments", _SHIPMENTS, ("element", "purchase")),
    "shipment": Resource(
        "shipments.shipment", f"{_SHIPMENTS}/{{shipment}}", ("destination", "shippingoption", "lineitems", "list")
    ),
    "destination": Resource("addresses.address", f"{_SHIPMENTS}/{{shipment}}/destination", ("shipment",)),
    "shipping-option": Resource(
        "shipments.shipping-option", f"{_SHIPMENTS}/{{shipment}}/shippingoption", ("shipment",)
    ),
    "shipment-lines": Resource("shipments.line-items", f"{_SHIPMENTS}/{{shipment}}/lineitems", ("element", "shipment")),
    "discount": Resource("discounts.discount", "/discounts/purchases/{scope}/{purchase}", ("purchase",)),
    "orders": Resource("orders.orders", "/orders/{scope}", ("element", "next", "previous")),
    "orders-page": Resource("orders.orders", "/orders/{scope}/pages/{page}", ("element", "next", "previous")),
    "order": Resource(
        "orders.order",
        _ORDER,
        (
            "purchaseform",
            "billingaddressinfo",
            "emailinfo",
            "deliveries",
            "paymentmethodinfo",
            "total",
            "tax",
        ),
    ),
    "billing-address-info": Resource(
        "orders.billing-address-info", f"{_ORDER}/billingaddressinfo", ("billingaddress", "order")
    ),
    "order-billing-address": Resource("addresses.address", f"{_ORDER}/billingaddress", ("billingaddressinfo",)),
    "email-info": Resource("orders.email-info", f"{_ORDER}/emailinfo", ("email", "order")),
    "email": Resource("emails.email", f"{_ORDER}/email", ("emailinfo",)),
    "deliveries": Resource("orders.deliveries", f"{_ORDER}/deliveries", ("element", "order")),
    "delivery": Resource(
        "orders.delivery", f"{_ORDER}/deliveries/{{delivery}}", ("destination", "shippingoption", "list")
    ),
    "delivery-destination": Resource(
        "addresses.address", f"{_ORDER}/deliveries/{{delivery}}/destination", ("delivery",)
    ),
    "delivery-option": Resource(
        "shipments.shipping-option", f"{_ORDER}/deliveries/{{delivery}}/shippingoption", ("delivery",)
    ),
    "payment-method-info": Resource(
        "orders.payment-method-info", f"{_ORDER}/paymentmethodinfo", ("paymentmethod", "order")
    ),
    "payment-method": Resource("orders.payment-method", f"{_ORDER}/paymentmethod", ("paymentmethodinfo",)),
    "total": Resource("totals.total", "/totals/orders/{scope}/{order}", ("order",)),
    "tax": Resource("taxes.order", "/taxes/orders/{scope}/{order}", ("order",)),
    "purchase-form": Resource(
        "purchases.create-purchase-form",
        "/purchases/orders/{scope}/{order}/form",
        ("submitorderaction", "order"),
        takes_post=True,
    ),
}
"""By names of our own, in the order of a walk from the root."""
