"""Many purchases for load tests, by COPY: 10 lines in 2 packages each, spread over customers, paid and on account.

The books are right afterwards: figures come from the rules once per template (`purchasing.demo.templates`), and the
ledger is posted by its only writer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import uuid_utils.compat as uuid7
from django.db import connection, transaction
from django.utils import timezone

from core.actors import SYSTEM
from core.models import Site
from core.site_settings import Settings, set_setting, settings_of
from customers import ledger
from customers.ledger import Posting
from customers.models import DEFAULT_GROUP, Customer, CustomerGroup
from pricing.rates import UsdRate, rate_on
from purchasing.demo.templates import KINDS, PACKAGES, PARTS, Template, copy_value, dollar_slots, make_template
from purchasing.demo.ten_lines import LINES, sku, visible_id
from purchasing.dollars import rate_day
from purchasing.search import lexemes_of, quoted
from purchasing.store import NamedCustomer

SLUG = "load-test"
CHUNK = 2_000
"""Purchases per database transaction."""
VARIANTS = 4
PER_CUSTOMER = 100
FEWEST_CUSTOMERS = 20
DAYS = 730
"""How far back the dates of placing reach."""


def load_test_site() -> Site:
    """The site that load tests fill; made when it is not there."""
    site, made = Site.objects.get_or_create(slug=SLUG, defaults={"name": "Load test"})
    if made:
        set_setting(site=site, key="default_currency", value="GBP")
    return site


def add_purchases(count: int) -> Iterator[int]:
    """Add `count` purchases to the load-test site; yields after each stored chunk how many it held."""
    site = load_test_site()
    settings = settings_of(site)
    customers = _customers(site, max(FEWEST_CUSTOMERS, count // PER_CUSTOMER))
    now = timezone.now().replace(second=0, microsecond=0)
    days = [(now - timedelta(days=age)).date() for age in range(DAYS + 1)]
    rates = {day: rate_on(currency_code="GBP", day=day) for day in days}
    model = NamedCustomer(customers[0], "", "", "GBP", deleted=False, account_id=customers[0])
    templates = [
        make_template(site_id=site.pk, customer=model, kind=kind, variant=variant, settings=settings, now=now)
        for variant in range(VARIANTS)
        for kind in KINDS
    ]
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        with transaction.atomic():
            _add_chunk(site, customers, templates, rates, size=size, now=now, settings=settings)
        yield size
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _customers(site: Site, wanted: int) -> list[int]:
    """At least `wanted` customers of the site, by number."""
    numbers = list(Customer.objects.for_site(site).present().order_by("id").values_list("id", flat=True))
    group = CustomerGroup.objects.for_site(site).get(slug=DEFAULT_GROUP)
    missing = [
        Customer(
            site=site,
            group=group,
            first_name="Load",
            last_name=f"Test {number}",
            company_name=f"Load Test Company {number}",
            email=f"buyer{number}@load-test.example",
            external_id=f"load-{number}",
            currency_code="GBP",
            payment_on_account=True,
        )
        for number in range(len(numbers), wanted)
    ]
    return numbers + [customer.pk for customer in Customer.objects.bulk_create(missing, batch_size=1_000)]


def _add_chunk(
    site: Site,
    customers: list[int],
    templates: list[Template],
    rates: Mapping[date, UsdRate | None],
    *,
    size: int,
    now: datetime,
    settings: Settings,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ARRAY(SELECT nextval('purchasing_purchase_id_seq') FROM generate_series(1, %s)), "
            "ARRAY(SELECT nextval('purchasing_part_number') FROM generate_series(1, %s))",
            [size, size * PARTS],
        )
        numbers, parts = cursor.fetchone()
        texts: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        postings: list[Posting] = []
        for index, number in enumerate(numbers):
            template = templates[number % len(templates)]
            customer = customers[number // len(templates) % len(customers)]
            placed_at = now - timedelta(minutes=number * 7919 % (DAYS * 24 * 60))
            values = _values(
                template, number, parts[index * PARTS : (index + 1) * PARTS], customer, placed_at, settings
            ) | dollar_slots(template, placed_at, rates[rate_day(placed_at)])
            values["words"] = _words(template, site, values)
            for rows in template.rows:
                texts.setdefault((rows.table, tuple(rows.columns)), []).append(rows.lines % values)
            postings.extend(_own(posting, number, customer, values) for posting in template.postings)
        for (table, columns), lines in texts.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                copy.write("".join(lines))
    ledger.post(site_id=site.pk, postings=postings, author=SYSTEM, net_terms_days=settings.net_terms_days)


def _values(
    template: Template, number: int, parts: list[int], customer: int, placed_at: datetime, settings: Settings
) -> dict[str, Any]:
    """What fills the slots of one copy."""
    values: dict[str, Any] = {
        "id": number,
        "spark": uuid7.uuid7(),
        "visible": visible_id(number),
        "platform": f"gid-{number}",
        "customer": customer,
        "reference": f"PO {number}",
        "placed_at": placed_at.isoformat(),
        "day": placed_at.astimezone(settings.time_zone).date(),
        "transaction": uuid7.uuid7(),
        "told": uuid7.uuid7(),
    }
    values |= {f"p{index}": part for index, part in enumerate(parts)}
    values |= {f"u{index}": uuid7.uuid7() for index in range(PACKAGES)}
    values |= {f"s{line}": sku(template.skus[line], number, line) for line in range(LINES)}
    return values


def _words(template: Template, site: Site, values: dict[str, Any]) -> str:
    """What a search finds one copy by, but for its customer's name, as a `tsvector` for COPY."""
    lexemes = lexemes_of(
        site_id=site.pk,
        number=values["id"],
        header=orjson.loads(template.header % values),
        contents=orjson.loads(template.contents % values),
        companies=(),
    )
    return copy_value(" ".join(map(quoted, lexemes)))


def _own(posting: Posting, number: int, customer: int, values: dict[str, Any]) -> Posting:
    """The template's posting as this copy's."""
    of_transaction = posting.transaction_id is not None
    return dataclasses.replace(
        posting,
        customer_id=customer,
        purchase_id=number,
        purchase_spark_id=values["spark"],
        transaction_id=values["transaction"] if of_transaction else None,
        reference=f"PAY-{values['visible']}" if of_transaction else values["visible"],
        value_date=posting.value_date if of_transaction else values["day"],
    )
