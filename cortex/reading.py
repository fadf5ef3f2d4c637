"""Who reads, what he may see, and what has been read for him so far.

Resources are rendered from what was loaded before: for one resource, or for all that a zoom leads to at once, each
table is asked once. Nothing that the reader may not see is ever loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from catalog.models import ProductVariant
from core.errors import Conflict, NotFound
from core.ids import PURCHASE, VARIANT, number_of, public_id
from core.models import Site
from cortex.shown_purchase import ShownPurchase
from cortex.words import Words
from customers.models import Address, Customer
from purchasing import store
from purchasing.models import FailedSubmission, PurchaseTransaction
from purchasing.store.listing import Condition
from purchasing.submission import WAITING_TYPES, Known, hindrances
from purchasing.visibility import is_draft, seen_by


@dataclass(frozen=True, slots=True)
class Payment:
    """An applied payment of a purchase."""

    id: UUID
    platform_id: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class Person:
    """A customer by name; `email` is blank of one who has been deleted."""

    first_name: str
    last_name: str
    email: str

    @property
    def full_name(self) -> str | None:
        return f"{self.first_name} {self.last_name}".strip() or None


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant that is for sale."""

    number: int
    sku: str
    title: str


class Sight:
    """Whose purchases are seen: those of the reader (`purchasing.visibility`), narrowed to an account he acts for."""

    def __init__(self, reader: Customer | None, account: str = "") -> None:
        self.reader = reader
        self._seen: frozenset[int] | None = frozenset()
        self._account: frozenset[int] | None = None
        if reader is None:
            return
        numbers = Customer.objects.numbers_visible_to(reader)
        self._seen = None if numbers is None else frozenset(numbers)
        if account:
            self._account = _below(reader, account)

    def conditions(self) -> list[Condition]:
        """What narrows a list."""
        if self.reader is None:
            return [Condition("false")]
        conditions = seen_by(self.reader)
        if self._account is not None:
            named = [sorted(self._account)] * 2
            sql = "(customer_id = ANY(%s::bigint[]) OR child_id = ANY(%s::bigint[]))"
            conditions = [*conditions, Condition(sql, named, steady=False)]
        return conditions

    def sees(self, purchase: store.StoredPurchase) -> bool:
        if self.reader is None or (not self.reader.is_sales_agent and is_draft(purchase)):
            return False
        buyers = {number for number in (purchase.customer_id, purchase.child_id) if number is not None}
        if self._account is not None and not buyers & self._account:
            return False
        return bool(buyers if self._seen is None else buyers & self._seen)


def _below(reader: Customer, account: str) -> frozenset[int]:
    """The customers of an account that the reader belongs to: that one and all below it.

    `account`: its id or external id. Raises NotFound for any that is neither the reader nor above him.
    """
    family = Customer.objects.family_of(reader).values_list("pk", "parent_id", "external_id", "deleted_at")
    rows = {pk: (parent_id, external_id, deleted_at) for pk, parent_id, external_id, deleted_at in family}
    chain: list[int] = []
    here: int | None = reader.pk
    while here is not None and here not in chain:
        chain.append(here)
        here = rows[here][0]
    top = next(
        (
            pk
            for pk in chain
            if rows[pk][2] is None and (account == public_id("cu_", pk) or account == (rows[pk][1] or None))
        ),
        None,
    )
    if top is None:
        raise NotFound
    below = {top}
    grown = True
    while grown:
        more = {pk for pk, (parent_id, *_others) in rows.items() if parent_id in below} - below
        below |= more
        grown = bool(more)
    return frozenset(below)


@dataclass(slots=True)
class Reading:
    """One request: who asks, on which site, and what has been loaded."""

    site: Site
    sight: Sight
    words: Words
    now: datetime
    purchases: dict[str, ShownPurchase] = field(default_factory=dict)
    payments: dict[str, list[Payment]] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    goods_by_sku: dict[str, Goods] = field(default_factory=dict)
    goods_by_number: dict[int, Goods] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    hindrances: dict[str, list[Conflict]] = field(default_factory=dict)
    failures: dict[str, FailedSubmission] = field(default_factory=dict)
    listed: dict[tuple[str, int], tuple[list[int], int]] = field(default_factory=dict)
    """By name and number the pages of lists: their purchases, and how many there are in all."""
    _asked: dict[str, set[str]] = field(default_factory=dict)

    @property
    def reader(self) -> Customer | None:
        return self.sight.reader

    @property
    def customer(self) -> Customer:
        """Who is signed in; personal resources have one."""
        assert self.sight.reader is not None
        return self.sight.reader

    # What was loaded; each raises NotFound for what is not there, or not to be seen.

    def purchase(self, key: str) -> ShownPurchase:
        """A purchase that is listed as one: an order, confirmed or not."""
        shown = self.purchases.get(key)
        if shown is None or not shown.is_listed:
            raise NotFound
        return shown

    def order(self, key: str) -> ShownPurchase:
        """Anything but a cart: what waits to be submitted, or was."""
        shown = self.purchases.get(key)
        if shown is None or shown.stored.type == "cart":
            raise NotFound
        return shown

    def goods_of(self, identifiers: Mapping[str, str]) -> Goods | None:
        """What is for sale under the identifiers of a line."""
        number = number_of(VARIANT, identifiers.get("variant_id", ""))
        by_number = self.goods_by_number.get(number) if number is not None else None
        return by_number or self.goods_by_sku.get(identifiers.get("sku", ""))

    # Loading: each asks its table once for everything that was not asked for before.

    def load_purchases(self, keys: Iterable[str]) -> None:
        numbers = [
            number for key in self._new("purchases", keys) if (number := number_of(PURCHASE, f"{PURCHASE}{key}"))
        ]
        if not numbers or self.reader is None:
            return
        for stored in store.read_purchases(site_id=self.site.pk, numbers=numbers):
            if self.sight.sees(stored):
                self.purchases[str(stored.id)] = ShownPurchase(stored)

    def load_payments(self, keys: Iterable[str]) -> None:
        new = [key for key in self._new("payments", keys) if key in self.purchases]
        if not new:
            return
        rows = PurchaseTransaction.objects.for_site(self.site).filter(purchase_id__in=map(int, new), total__gt=0)
        self.payments |= {key: [] for key in new}
        columns = ("purchase_id", "id", "platform_id", "total")
        for number, *values in rows.applied().order_by("created_at", "id").values_list(*columns):
            self.payments[str(number)].append(Payment(*values))

    def load_people(self, keys: Iterable[str]) -> None:
        new = [self.purchases[key].stored for key in self._new("people", keys) if key in self.purchases]
        numbers = {number for stored in new for number in (stored.child_id or stored.customer_id,) if number}
        if not numbers:
            return
        columns = ("pk", "first_name", "last_name", "email", "deleted_at")
        for number, first, last, email, deleted_at in (
            Customer.objects.for_site(self.site).filter(pk__in=numbers).values_list(*columns)
        ):
            self.people[number] = Person(first, last, "" if deleted_at else email)

    def load_goods(self, keys: Iterable[str]) -> None:
        """What the lines of these purchases are in the catalogue now."""
        new = [self.purchases[key] for key in self._new("goods", keys) if key in self.purchases]
        lines = [line for shown in new for line in shown.lines.all]
        skus = {line.identifiers["sku"] for line in lines if line.identifiers.get("sku")}
        named = (number_of(VARIANT, line.identifiers.get("variant_id", "")) for line in lines)
        self._load_goods(skus - self.goods_by_sku.keys(), {number for number in named if number is not None})

    def load_items(self, keys: Iterable[str]) -> None:
        numbers = (number_of(VARIANT, f"{VARIANT}{key}") for key in self._new("items", keys))
        self._load_goods(set(), {number for number in numbers if number is not None} - self.goods_by_number.keys())

    def load_addresses(self, _keys: Iterable[str]) -> None:
        if not self.addresses and self.reader is not None:
            rows = Address.objects.for_site(self.site).filter(customer=self.reader)
            self.addresses = {str(row.pk): row for row in rows}

    def load_hindrances(self, keys: Iterable[str]) -> None:
        """What keeps these orders from being submitted; what holds for one buyer or account is asked once."""
        new = [key for key in self._new("hindrances", keys) if key in self.purchases]
        known = Known()
        for key in new:
            stored = self.purchases[key].stored
            if stored.type != "cart":
                self.hindrances[key] = hindrances(stored, site=self.site, now=self.now, known=known)
        waiting = [int(key) for key in new if self.purchases[key].stored.type in WAITING_TYPES]
        if waiting:
            rows = FailedSubmission.objects.for_site(self.site).filter(purchase_id__in=waiting)
            self.failures |= {str(row.purchase_id): row for row in rows}

    def _load_goods(self, skus: set[str], numbers: set[int]) -> None:
        variants = ProductVariant.objects.for_site(self.site).live()
        found = variants.filter(sku__in=skus) if skus else variants.none()
        if numbers:
            found = found | variants.filter(pk__in=numbers) if skus else variants.filter(pk__in=numbers)
        if not skus and not numbers:
            return
        for number, sku, title in found.values_list("pk", "sku", "product__title"):
            goods = Goods(number, sku, title)
            self.goods_by_sku[sku] = self.goods_by_number[number] = goods

    def _new(self, what: str, keys: Iterable[str]) -> Sequence[str]:
        """Those that were not asked for before."""
        asked = self._asked.setdefault(what, set())
        new = [key for key in dict.fromkeys(keys) if key not in asked]
        asked.update(new)
        return new
