"""Many purchases for load tests, by COPY, with right books.

Spread as in a shop of some years: a tenth of all purchases is one company's, the next has half as many, and so on; few
SKUs are in very many orders and most in some; most are orders, paid unless they are new, and some of everything else
there is.
Figures come from the rules once per template (`purchasing.demo.load.templates`). Numbers, dates of placing and ledger
entries ascend together. All are added in one transaction, or none.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import uuid_utils.compat as uuid7
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from core.models import Site
from core.site_settings import Settings, set_setting, settings_of
from pricing.rates import UsdRate, rate_on
from purchasing.demo.load.buyers import Buyer, Buyers
from purchasing.demo.load.indexes import indexes_aside
from purchasing.demo.load.ledger import LoadLedger
from purchasing.demo.load.shapes import SHAPES
from purchasing.demo.load.shelves import Shelves, fill_load_shelves
from purchasing.demo.load.templates import Template, copy_value, dollar_slots, make_template
from purchasing.demo.ten_lines import visible_id
from purchasing.dollars import rate_day
from purchasing.models import Purchase
from purchasing.search import lexemes_of, quoted

SLUG = "load-test"
CHUNK = 2_000
"""Purchases for which COPY is called once per table."""
MANY = 20_000
"""From so many on, indexes are made anew afterwards instead of row by row."""
DAYS = 730
"""How far back the dates of placing reach."""
SETTLING = timedelta(days=30)
"""In which most purchases are sent and paid: those before it are rarely open."""
DONE = 50
"""How many times as many purchases from before that are done, beside those that are not."""
TABLES = (
    "purchasing_purchase",
    "purchasing_package",
    "purchasing_lineitem",
    "purchasing_purchaserevision",
    "purchasing_purchasetransaction",
    "purchasing_purchasehistory",
    "customers_accountentry",
)


def load_test_site() -> Site:
    """The site that load tests fill; made when it is not there."""
    site, made = Site.objects.get_or_create(slug=SLUG, defaults={"name": "Load test"})
    if made:
        set_setting(site=site, key="default_currency", value="GBP")
    return site


def add_purchases(count: int, *, tell: Callable[[str], None] = lambda _text: None) -> Iterator[int]:
    """Add `count` purchases to the load-test site, behind those it has; yields after each chunk how many it held.

    Nothing is stored before the last chunk was yielded. `tell` is told what is done besides. From `MANY` on the tables
    are locked until the end.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        site = load_test_site()
        tell("products and customers")
        load = _Load(site, count)
        tell("purchases")
        with indexes_aside(TABLES if count >= MANY else (), tell=tell):
            for start in range(0, count, CHUNK):
                size = min(CHUNK, count - start)
                load.add(start, size)
                yield size
            load.ledger.close()
    tell("statistics")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # As autovacuum would do later; it cannot be done within a transaction.
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")
    tell("done")


class _Load:
    """What all chunks are made of."""

    def __init__(self, site: Site, count: int) -> None:
        self.site = site
        self.settings: Settings = settings_of(site)
        self.now = timezone.now().replace(microsecond=0)
        self.shelves: Shelves = fill_load_shelves(site, count, now=self.now)
        self.buyers = Buyers(site, count)
        self.ledger = LoadLedger(site, net_terms_days=self.settings.net_terms_days)
        oldest = self.now - timedelta(days=DAYS)
        newest = Purchase.objects.for_site(site).aggregate(newest=Max("ordered_at"))["newest"]
        self.since = max(newest or oldest, oldest)
        self.step = (self.now - self.since) / count
        self.rates = self._rates()
        self.templates: Sequence[Template] = [
            make_template(site_id=site.pk, shape=shape, settings=self.settings, now=self.now) for shape in SHAPES
        ]
        self.weights = [template.shape.weight for template in self.templates]
        self.old_weights = [
            weight * (DONE if template.shape.is_done else 1)
            for weight, template in zip(self.weights, self.templates, strict=True)
        ]
        self.chance = random.Random(site.slug)  # noqa: S311  # spread, not secrets

    def _rates(self) -> Mapping[date, UsdRate | None]:
        first = rate_day(self.since)
        days = [first + timedelta(days=day) for day in range((rate_day(self.now) - first).days + 1)]
        return {day: rate_on(currency_code="GBP", day=day) for day in days}

    def add(self, start: int, size: int) -> None:
        """Add `size` purchases of those that are added, from the `start`th on."""
        settled = self.now - SETTLING
        old = sum(self.since + self.step * index < settled for index in range(start, start + size))
        templates = self.chance.choices(self.templates, self.old_weights, k=old)
        templates += self.chance.choices(self.templates, self.weights, k=size - old)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ARRAY(SELECT nextval('purchasing_purchase_id_seq') FROM generate_series(1, %s)), "
                "ARRAY(SELECT nextval('purchasing_part_number') FROM generate_series(1, %s))",
                [size, sum(template.parts for template in templates)],
            )
            numbers, part_numbers = cursor.fetchone()
        parts = iter(part_numbers)
        buyers = self.buyers.choose(templates, chance=self.chance)
        self.ledger.open({buyer.company for buyer in buyers})
        texts: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for index, (number, template, buyer) in enumerate(zip(numbers, templates, buyers, strict=True), start=start):
            placed_at = (self.since + self.step * index).replace(microsecond=0)
            own = [next(parts) for _part in range(template.parts)]
            values = self._values(template, number, own, buyer, placed_at)
            values |= dollar_slots(template, placed_at, self.rates[rate_day(placed_at)])
            values["words"] = self._words(template, values)
            for rows in template.rows:
                texts.setdefault((rows.table, tuple(rows.columns)), []).append(rows.lines % values)
            self.ledger.post(template.postings, values)
        texts[self.ledger.table, self.ledger.columns] = self.ledger.take()
        with connection.cursor() as cursor:
            for (table, columns), lines in texts.items():
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    copy.write("".join(lines))

    def _values(
        self, template: Template, number: int, parts: list[int], buyer: Buyer, placed_at: datetime
    ) -> dict[str, Any]:
        """What fills the slots of one copy."""
        values: dict[str, Any] = {
            "id": number,
            "spark": uuid7.uuid7(),
            "visible": visible_id(number),
            "platform": f"gid-{number}",
            "customer": buyer.company,
            "child": self.chance.choice(buyer.children) if buyer.children else buyer.company,
            "reference": f"PO {number}",
            "company": buyer.name,
            "street": buyer.street,
            "city": buyer.city,
            "postcode": buyer.postcode,
            "placed_at": placed_at.isoformat(),
            "day": placed_at.astimezone(self.settings.time_zone).date(),
            "transaction": uuid7.uuid7(),
            "told": uuid7.uuid7(),
        }
        values |= {f"p{index}": part for index, part in enumerate(parts)}
        values |= {f"u{index}": uuid7.uuid7() for index in range(template.packages)}
        values |= {f"s{line}": self.shelves.sku(base, self.chance.random()) for line, base in enumerate(template.skus)}
        return values

    def _words(self, template: Template, values: dict[str, Any]) -> str:
        """What a search finds one copy by, as a `tsvector` for COPY."""
        lexemes = lexemes_of(
            site_id=self.site.pk,
            number=values["id"],
            header=orjson.loads(template.header % values),
            contents=orjson.loads(template.contents % values),
            companies=(values["company"],),
        )
        return copy_value(" ".join(map(quoted, lexemes)))
