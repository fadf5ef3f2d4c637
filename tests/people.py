"""A company, agents and strangers, with what each of them bought; and whom each of them sees (docs/api.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from catalog.models import Product, ProductVariant, StockLocation
from catalog.tests.cast import make_location, make_product, put_in_stock
from core.ids import PURCHASE, is_uuid, public_id
from core.models import Site
from core.scopes import WRITE_SCOPES, read_scope
from customers.models import Address, Customer
from customers.tests.cast import make_group
from purchasing.models import Package, Purchase, PurchaseTransaction, ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from tests.callers import ApiCaller, make_caller, make_person_caller
from tests.cast import line, make_buyer, make_order, package, pay

Names = dict[str, str]

COMPANY = {"head", "ann", "bob", "limited", "eve", "agent inside"}
SEES: dict[str, set[str]] = {
    "head": COMPANY,
    "ann": {"ann"},
    "bob": {"bob"},
    "limited": {"limited"},
    "eve": COMPANY,
    "agent of north": {*COMPANY, "agent of north"},
    "agent of south": {"agent of south", "bob"},
    "agent of nothing": {*COMPANY, "stranger", "agent of north", "agent of south", "agent of nothing"},
    "agent inside": {*COMPANY, "agent of north"},
    "stranger": {"stranger"},
    "there": {"there"},
    "ann there": {"ann there"},
}
"""By customer: whom he sees, of those of his site. Rules: docs/api.md, who sees what."""
MAIN_USERS = {"head", "eve", "stranger", "there", "ann there"}
"""Who sees balances."""
THERE = {"there", "ann there"}
"""Customers of the other site; the second is the login of Ann, who buys at both."""


GOODS = {"live": "site", "draft": "site", "live there": "other site"}
"""Things for sale by their SKU, and where they are."""
CATALOGUE: dict[str, tuple[Any, str]] = {
    "products": (Product, "P-{}"),
    "variants": (ProductVariant, "ext-{}"),
    "stock-locations": (StockLocation, "{}"),
}
"""By the addresses that name them: what they are, and what their external ids are made of."""
GROUPS, METHODS = "customer-groups", "shipping-methods"
"""There is one of each for each of these things, under its name."""


@dataclass(frozen=True)
class People:
    """Everybody by name, everything of theirs under names that begin with theirs."""

    customers: dict[str, Customer]
    purchases: dict[str, Purchase]
    transactions: dict[str, PurchaseTransaction]
    addresses: dict[str, Address]
    _programs: dict[str, ApiCaller] = field(default_factory=dict)

    def caller(self, name: str) -> ApiCaller:
        """With this customer's own token."""
        customer = self.customers[name]
        assert customer.user
        return make_person_caller(customer.site, customer.user)

    @cached_property
    def callers(self) -> dict[str, ApiCaller]:
        return {name: self.caller(name) for name in self.customers}

    def programs(self, site: Site) -> dict[str, ApiCaller]:
        """Of this site: one that may do everything, and one that may read everything."""
        if not self._programs:
            self._programs["program"] = make_caller(site, name="All")
            readers = make_caller(site, name="Readers", scopes=map(read_scope, WRITE_SCOPES))
            self._programs["reading program"] = readers
        return self._programs

    def names(self, route: str) -> list[str]:
        """Whose, or which, things this address can be asked for."""
        return list(GOODS) if _kind_of(route) in (*CATALOGUE, GROUPS, METHODS) else list(self.customers)

    def ids(self, route: str, wanted: frozenset[str], name: str) -> list[Names]:
        """Every way in which an address names this thing, or something of this customer's."""
        if name in GOODS:
            return self._goods(_kind_of(route), wanted, name)
        customer, purchase, address = self.customers[name], self.purchases[name], self.addresses[name]
        if route.startswith("api/v2/customers"):
            names = {"sparklayer": customer.public_id, "platform": f"{name}-customer", "email": customer.email}
            return [{"lookup_by": kind, "identifier": value} for kind, value in names.items()]
        lookups = {"sparklayer": str(purchase.spark_id), **{kind: f"{name}-{kind}" for kind in KINDS}}
        orders = [{"order_id": public_id(PURCHASE, purchase.pk)}, {"order_id": lookups["internal"]}]
        package_number = Package.objects.get(purchase=purchase).pk
        known: dict[frozenset[str], list[Names]] = {
            frozenset({"lookup_by", "identifier"}): [
                {"lookup_by": kind, "identifier": value} for kind, value in lookups.items()
            ],
            frozenset({"order_id"}): orders,
            frozenset({"order_id", "package_id"}): [
                {**order, "package_id": f"orp_{package_number}"} for order in orders
            ],
            frozenset({"transaction_id"}): [{"transaction_id": str(self.transactions[name].pk)}],
            frozenset({"id"}): [{"id": customer.public_id}, {"id": f"{name}-customer"}],
            frozenset({"id", "id2"}): [
                {"id": customer.public_id, "id2": address.public_id},
                {"id": f"{name}-customer", "id2": f"{name}-address"},
            ],
        }
        return known[wanted]

    def _goods(self, kind: str, wanted: frozenset[str], name: str) -> list[Names]:
        if wanted in ({"sku"}, {"slug"}):
            return [dict.fromkeys(wanted, name)]
        if kind == METHODS:
            method = ShippingMethod.objects.get(sku=name)
            return [{"id": method.public_id}, {"id": method.sku}]
        model, external_id = CATALOGUE[kind]
        row = model.objects.get(external_id=external_id.format(name))
        return [{"id": row.public_id}, {"id": row.external_id}]


KINDS = ("platform", "internal", "visible")
NO_UUID = "63428136-658f-48a6-beb7-7f333dfd9686"


def unknown(ids: Names) -> Names:
    """The same ids, naming nothing."""
    kept = {"lookup_by": ids["lookup_by"]} if "lookup_by" in ids else {}
    return {name: _unknown(value) for name, value in ids.items()} | kept


def _unknown(value: str) -> str:
    """Of the same form as the id."""
    ours = re.fullmatch(r"([a-z]+_)\d+", value)
    return f"{ours[1]}999999999" if ours else NO_UUID if is_uuid(value) else "unknown"


def _kind_of(route: str) -> str:
    return route.split("/")[2]


def make_people(site: Site, other_site: Site) -> People:
    """A company with head office, children and an agent of its own; agents, a stranger; and people of another site."""
    customers: dict[str, Customer] = {}

    def buyer(name: str, at: Site = site, *, child: bool = False, **fields: Any) -> None:
        parent = {"parent": customers["head"]} if child else {}
        given = {"email": f"{name.replace(' ', '.')}@example.com", "external_id": f"{name}-customer"}
        customers[name] = make_buyer(at, name.title(), **{**given, **parent, **fields})

    secrets: dict[str, Any] = {"metadata": {"note": "secret"}, "accounting_id": "secret", "price_lists": ["secret"]}
    on_account: dict[str, Any] = {"payment_on_account": True, "credit_limit": 500, "currency_code": "GBP"}
    buyer("head", sales_agent_groups=["north"], **secrets, **on_account)
    buyer("ann", child=True, **secrets, **on_account)
    buyer("bob", child=True, sales_agent_groups=["south", "north"])
    buyer("limited", child=True, role="limited-customer")
    buyer("eve", child=True, role="main")
    buyer("agent inside", child=True, role="sales-agent")
    buyer("agent of north", role="sales-agent", sales_agent_groups=["west", "north"])
    buyer("agent of south", role="sales-admin", sales_agent_groups=["south"])
    buyer("agent of nothing", role="sales-agent")
    buyer("stranger")
    buyer("there", other_site)
    buyer("ann there", other_site, email=customers["ann"].email)
    people = People(customers, {}, {}, {})
    for name, customer in customers.items():
        _furnish(people, name, customer)
    for name, where in GOODS.items():
        at = site if where == "site" else other_site
        make_group(at, name)
        make_shipping_method(at, name)
        put_in_stock(make_location(at, name), **{make_product(at, name).external_id.removeprefix("P-"): 5})
    ProductVariant.objects.filter(sku="draft").update(status="pending")
    return people


def _furnish(people: People, name: str, customer: Customer) -> None:
    buys_for = customer.parent or customer
    people.purchases[name] = make_order(
        customer.site,
        buys_for,
        **({"child": customer} if customer.parent else {}),
        identifiers={kind: f"{name}-{kind}" for kind in KINDS},
        payment_method="on_account",
        packages=[package(line(net="10.00"))],
    )
    people.transactions[name] = pay(people.purchases[name], "4.00")
    pay(people.purchases[name], "4.00")  # which is warned of: it looks like the first one sent twice
    pay(people.purchases[name], "1.00", applied=False, platform_id=f"{name}-informational")
    people.addresses[name] = Address.objects.create(
        site=customer.site,
        customer=customer,
        address_line1="1 Quay Road",
        city="Bristol",
        country_code="GB",
        external_id=f"{name}-address",
    )
