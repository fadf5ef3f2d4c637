"""Who buys in a load: companies of very different sizes, the larger ones with people who order for them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from core.models import Site
from customers.models import DEFAULT_GROUP, Customer, CustomerGroup
from purchasing.demo.load.templates import Template

PER_COMPANY = 100
"""Purchases of a company on average; the largest has a tenth of all, the second half of that, and so on."""
FEWEST = 20
WITH_CHILDREN = 10
"""One company in so many has people who order for it; the largest ones have."""
CHILDREN = 3
_FIRST = ("Alder", "Beacon", "Cairn", "Dale", "Ember", "Fell", "Granite", "Harbour", "Island", "Juniper", "Kestrel")
_SECOND = ("Climbing", "Outdoor", "Sports", "Mountain", "Equipment", "Adventure", "Trading")
_STREETS = ("Quay Street", "Mill Lane", "Station Road", "High Street", "Foundry Yard", "Market Place", "Bridge End")
_CITIES = ("Whitby", "Keswick", "Buxton", "Fort William", "Hathersage", "Betws-y-Coed", "Ambleside", "Aviemore")


@dataclass(frozen=True, slots=True)
class Buyer:
    """A company, by its number, with where it has its goods sent."""

    company: int
    name: str
    place: int
    children: list[int] = field(default_factory=list)

    @property
    def street(self) -> str:
        return f"{self.place % 200 + 1} {_STREETS[self.place % len(_STREETS)]}"

    @property
    def city(self) -> str:
        return _CITIES[self.place % len(_CITIES)]

    @property
    def postcode(self) -> str:
        return f"LT{self.place % 97} {self.place % 10}{'ABDEF'[self.place % 5]}{'GHJLN'[self.place // 7 % 5]}"


class Buyers:
    """The companies of the load-test site: as many as `count` purchases ask for, made where they are not there."""

    def __init__(self, site: Site, count: int) -> None:
        wanted = max(FEWEST, count // PER_COMPANY)
        rows = _companies(site)
        if len(rows) < wanted:
            _add(site, range(len(rows), wanted))
            rows = _companies(site)
        children: dict[int, list[int]] = {}
        for number, parent in (
            Customer.objects.for_site(site)
            .present()
            .filter(parent__isnull=False)
            .order_by("id")
            .values_list("id", "parent_id")
        ):
            children.setdefault(parent, []).append(number)
        self.all = [Buyer(number, name, place, children.get(number, [])) for place, (number, name) in enumerate(rows)]
        self.with_children = [buyer for buyer in self.all if buyer.children]
        self._shares = _shares(self.all)
        self._shares_with_children = _shares(self.with_children)

    def choose(self, templates: Sequence[Template], *, chance: random.Random) -> list[Buyer]:
        """A buyer for each of the templates."""
        anybody = iter(chance.choices(self.all, cum_weights=self._shares, k=len(templates)))
        company = iter(chance.choices(self.with_children, cum_weights=self._shares_with_children, k=len(templates)))
        return [next(company if template.shape.by_child else anybody) for template in templates]


def _shares(buyers: Sequence[Buyer]) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, len(buyers) + 1)))


def _companies(site: Site) -> Sequence[tuple[int, str]]:
    rows = Customer.objects.for_site(site).present().filter(parent=None).order_by("id")
    return list(rows.values_list("id", "company_name"))


def _add(site: Site, places: range) -> None:
    group = CustomerGroup.objects.for_site(site).get(slug=DEFAULT_GROUP)

    def customer(text: str, company: str, parent: Customer | None = None) -> Customer:
        return Customer(
            site=site,
            group=group,
            parent=parent,
            first_name="Load",
            last_name=f"Test {text}",
            company_name=company,
            email=f"buyer-{text}@load-test.example",
            external_id=f"load-{text}",
            currency_code="GBP",
            payment_on_account=True,
        )

    names = [f"{_FIRST[place % len(_FIRST)]} {_SECOND[place % len(_SECOND)]} {place + 1}" for place in places]
    companies = [customer(str(place), name) for place, name in zip(places, names, strict=True)]
    Customer.objects.bulk_create(companies, batch_size=1_000)
    parents = companies[: max(1, len(companies) // WITH_CHILDREN)]
    children = [
        customer(f"{parent.external_id}-{number}", "", parent) for parent in parents for number in range(CHILDREN)
    ]
    Customer.objects.bulk_create(children, batch_size=1_000)
