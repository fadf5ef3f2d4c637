"""What ordering a purchase once more would come to today: the new purchase, and the lines that are left out.

Reads prices, variants, stock and shipping methods, in as many statements for one line as for fifty; writes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from catalog.availability import available
from catalog.selling import Selling, selling
from core.errors import NotFound
from core.models import Site
from core.money import ZERO
from core.site_settings import Settings
from customers.models import Customer
from pricing.choose import CustomerPrice, Item, prices_for_customer
from purchasing import store
from purchasing.compose import PackagePlan, amounts_of, compose, judge_packages
from purchasing.documents import Package, PurchaseDocument, read_document
from purchasing.drafts import SUBMITTED_TYPES
from purchasing.identity import Lookup
from purchasing.reorder.freight import chosen, method_of, shipping_form
from purchasing.reorder.lines import (
    Bounded,
    Price,
    Reason,
    Wanted,
    causes_of,
    left_out_of,
    line_form,
    out_of_bounds,
    to_repeat,
    wanted_of,
)
from purchasing.resolve import ROLES
from purchasing.revisions import document_of
from purchasing.shipping.stored import Offers, offers_to
from purchasing.status import PackageState
from purchasing.store import StoredPurchase
from purchasing.totals import gross_of
from purchasing.visibility import is_visible


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that cannot be ordered once more, and why."""

    name: str
    variant: str
    sku: str
    quantity: int
    reason: Reason
    bound: int | None = None
    """The figure of the selling rule that is the reason."""
    because: LeftOut | None = None
    """What it belongs to and cannot be ordered, where that is the reason."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The purchase that would be made, `contents` as it would be stored, and what is not in it.

    `digest` names everything that the buyer is shown: two plans of one digest are the same order.
    """

    source: StoredPurchase
    document: PurchaseDocument
    contents: dict[str, Any]
    total: Decimal
    left_out: list[LeftOut]
    digest: str

    @property
    def has_lines(self) -> bool:
        return bool(self.document.packages)

    @property
    def billing_address(self) -> dict[str, str] | None:
        return _form(self.document.billing_address)

    @property
    def needs_approval(self) -> bool:
        return self.document.type == "awaiting_approval"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who buys: `payer` is invoiced, `child` buys for him, `agent` places it for them. `buyer`: whose prices hold."""

    payer: Customer
    child: Customer | None = None
    agent: Customer | None = None

    @property
    def buyer(self) -> Customer:
        return self.child or self.payer

    @property
    def identifiers(self) -> dict[str, str]:
        named = (self.payer, self.agent, self.child)
        return {role: one.public_id for role, one in zip(ROLES, named, strict=True) if one}


@dataclass(frozen=True, slots=True)
class OnSale:
    """How SKUs are sold to the buyer's group, and which are out of stock with no day named on which more comes."""

    sold: Mapping[str, Selling]
    empty: Collection[str]

    def grams(self, item: Wanted) -> Decimal:
        """What a line weighs; nothing where nothing is known."""
        return self.sold[item.sku].grams * item.quantity if item.sku in self.sold else ZERO


@dataclass(frozen=True, slots=True)
class Priced:
    """A line that is ordered once more."""

    item: Wanted
    price: Price | None
    grams: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What taxes and amounts of the new purchase go by."""

    default_tax_rate: Decimal | None
    tax_exempt: bool
    currency_code: str

    def rate_of(self, line: Priced) -> Decimal | None:
        """Per cent of tax: of the line it repeats, else of the price, else the site's; 0 for who pays none."""
        if self.tax_exempt:
            return ZERO
        rates = (line.item.tax_rate, line.price.tax_rate if line.price else None, self.default_tax_rate)
        return next((rate for rate in rates if rate is not None), None)


def plan_reorder(*, site: Site, lookup: Lookup, reader: Customer, settings: Settings, now: datetime) -> Plan:
    """What it would come to for this reader, who may see the purchase. Raises NotFound, and InvalidDocument for what
    cannot be ordered so: a customer who is gone, more pieces of a line than a purchase may have.
    """
    found = store.find_purchases(site_id=site.pk, identifiers={lookup.kind: lookup.value})
    if not found or found[0].type not in SUBMITTED_TYPES or not is_visible(found[0], reader=reader):
        raise NotFound
    source = found[0]
    before = read_document(document_of(source))
    parties = _parties(site, source, reader)
    places = _places(before.packages)
    wanted = wanted_of([(place, package) for place, packages in enumerate(places) for package in packages])
    prices = _prices(site, parties.buyer, wanted)
    on_sale = _on_sale(site, parties.buyer, wanted, settings=settings, now=now)
    bounded = out_of_bounds(wanted, on_sale.sold)
    reasons = left_out_of(
        wanted,
        prices,
        currency_code=source.currency_code,
        not_sold=[sku for sku, item in on_sale.sold.items() if not item.is_sold],
        out_of_stock=on_sale.empty,
        bounded=bounded,
    )
    kept: dict[int, list[Priced]] = defaultdict(list)
    for number, (item, price) in enumerate(zip(wanted, prices, strict=True)):
        if number not in reasons:
            kept[item.place].append(Priced(item, price, on_sale.grams(item)))
    terms = Terms(settings.default_tax_rate, parties.payer.tax_exempt, source.currency_code)
    offers = offers_to(site=site, group_id=parties.buyer.group_id) if kept else None
    form = {
        "type": "awaiting_approval" if reader.role == Customer.Role.LIMITED else "order_unconfirmed",
        "customer_identifiers": parties.identifiers,
        "payment_method": before.payment_method,
        "dates": {},
        "currency_code": source.currency_code,
        "billing_address": _form(before.billing_address),
        "packages": [_package(lines, places[place], offers, terms) for place, lines in kept.items() if offers],
    }
    return _planned(source, form, _left_out(wanted, reasons, bounded))


def _left_out(wanted: Sequence[Wanted], reasons: Mapping[int, Reason], bounded: Mapping[int, Bounded]) -> list[LeftOut]:
    told = {
        number: LeftOut(
            wanted[number].line.name_parent,
            wanted[number].line.name_child,
            wanted[number].sku,
            wanted[number].quantity,
            reasons[number],
            bounded[number].bound if number in bounded and bounded[number].reason is reasons[number] else None,
        )
        for number in sorted(reasons)
    }
    causes = causes_of(wanted, reasons)
    return [
        item if causes[number] == number else replace(item, because=told[causes[number]])
        for number, item in told.items()
    ]


def _planned(source: StoredPurchase, form: dict[str, Any], left_out: list[LeftOut]) -> Plan:
    document = read_document(form)
    plans = [
        PackagePlan(package, state, 0, UUID(int=0), [0] * len(package.line_items))
        for package, state in zip(document.packages, judge_packages(document.packages), strict=True)
    ]
    composed = compose(document=document, plans=plans, currency_code=source.currency_code, zone=UTC)
    told = [
        form,
        [[item.name, item.variant, item.sku, item.quantity, item.reason.value, item.bound] for item in left_out],
    ]
    digest = hashlib.sha256(orjson.dumps(told)).hexdigest()
    return Plan(source, document, composed.contents, composed.totals.total, left_out, digest)


def _parties(site: Site, source: StoredPurchase, reader: Customer) -> Parties:
    """Who repeats his own order buys for whom he did; a main user for his company; an agent for his customers."""
    own = reader.pk in (source.customer_id, source.child_id)
    customers = Customer.objects.for_site(site)
    if own and (reader.pk == source.customer_id or source.customer_id is None):
        return Parties(reader)
    numbers = [number for number in (source.customer_id, source.child_id) if number is not None]
    if own or reader.is_sales_agent:
        by_number = {customer.pk: customer for customer in customers.filter(pk__in=numbers).select_related("group")}
        payer, *others = [by_number[number] for number in numbers]
        if own:
            return Parties(payer, child=reader)
        return Parties(payer, child=others[0] if others else None, agent=reader)
    payer = customers.account_of(reader)
    return Parties(payer, child=None if payer == reader else reader)


def _places(packages: Sequence[Package]) -> list[list[Package]]:
    """The packages that are repeated, those to one address together."""
    cancelled = {
        number for number, state in enumerate(judge_packages(packages)) if state.state is PackageState.CANCELLED
    }
    places: dict[bytes, list[Package]] = defaultdict(list)
    for number in to_repeat(packages, cancelled):
        places[orjson.dumps(_form(packages[number].shipping_address))].append(packages[number])
    return list(places.values())


def _prices(site: Site, buyer: Customer, wanted: Sequence[Wanted]) -> list[Price | None]:
    """Today's, of each line, as the buyer is answered them."""
    items = [Item(item.sku, item.quantity) for item in wanted]
    return [_price(found) for found in prices_for_customer(site=site, customer=buyer, items=items)]


def _price(found: CustomerPrice) -> Price | None:
    if found.choice is None or found.price is None or found.line_total is None:
        return None
    return Price(found.line_total, found.choice.currency_code, found.price.display_tax_rate)


def _on_sale(site: Site, buyer: Customer, wanted: Sequence[Wanted], *, settings: Settings, now: datetime) -> OnSale:
    skus = {item.sku for item in wanted if item.sku}
    today, group = now.astimezone(settings.time_zone).date(), buyer.group.slug
    levels = available(site=site, skus=skus, customer_group=group)
    empty = {
        sku
        for sku, level in levels.items()
        if level.pieces <= 0 and (level.restock_date is None or level.restock_date < today)
    }
    return OnSale(selling(site=site, skus=skus, customer_group=group), empty)


def _package(lines: Sequence[Priced], repeated: Sequence[Package], offers: Offers, terms: Terms) -> dict[str, Any]:
    """These lines, with the address of the packages they repeat and how they are sent there."""
    code, address, before = terms.currency_code, repeated[0].shipping_address, method_of(repeated)
    forms = [line_form(line.item, line.price, rate=terms.rate_of(line), currency_code=code) for line in lines]
    offered = offers.of(
        country_code=address.country_code if address else "",
        grams=sum((line.grams for line in lines), ZERO),
        value=_value(forms, code),
        currency_code=code,
    )
    offer = chosen(offered, before)
    method = offer and shipping_form(
        offer, before, default_tax_rate=terms.default_tax_rate, tax_exempt=terms.tax_exempt, currency_code=code
    )
    return {"line_items": forms, "shipping_address": _form(address), "shipping_method": method}


def _value(lines: Sequence[dict[str, Any]], currency_code: str) -> Decimal:
    """What these lines cost with tax."""
    package = Package.model_validate({"line_items": lines})
    return sum((gross_of(amounts_of(line.line_total), currency_code) for line in package.line_items), ZERO)


def _form(address: Any) -> dict[str, str] | None:
    return None if address is None else address.model_dump()
