"""The lists of products and variants in the back office: searches, and orders that an index gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from catalog.tests.cast import make_product
from core.models import Site
from tests.large_tables import take_for_large

PRODUCTS = "/admin/catalog/product/"
VARIANTS = "/admin/catalog/productvariant/"


@pytest.fixture
def shelf(site: Site, other_site: Site) -> None:
    option: list[dict[str, Any]] = [{"group": "Colour", "value": "Orange"}]
    for place in (site, other_site):
        ropes = [{"sku": "ROPE-60", "external_id": "X1", "options": option}, {"sku": "R7_", "position": 2}]
        make_product(place, title="Dry rope", slug="rope", external_id="R1", variants=ropes)
        make_product(place, title="Chalk", slug="chalk", external_id="", variants=[{"sku": "CHK", "position": 3}])
        make_product(place, title="Anchor", slug="anchor", external_id="", variants=[])


def shown(browser: Client, address: str) -> list[str]:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content
    return [str(row) for row in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        (f"{PRODUCTS}?q=ope", ["Dry rope"]),
        (f"{PRODUCTS}?q=dry+x1", ["Dry rope"]),
        (f"{PRODUCTS}?q=R7_", ["Dry rope"]),
        (f"{PRODUCTS}?q=R7%25", []),
        (f"{PRODUCTS}?q=nobody", []),
        (f"{PRODUCTS}?q=rope&variants__status__exact=live", []),
        (f"{VARIANTS}?q=dry", ["ROPE-60", "R7_"]),
        (f"{VARIANTS}?q=orange+rope", ["ROPE-60"]),
        (f"{VARIANTS}?q=7_", ["R7_"]),
        (f"{VARIANTS}?q=nobody", []),
        (PRODUCTS, ["Anchor", "Chalk", "Dry rope"]),
        (f"{PRODUCTS}?o=-0", ["Dry rope", "Chalk", "Anchor"]),
        (f"{PRODUCTS}?o=2", ["Chalk", "Anchor", "Dry rope"]),
        (f"{PRODUCTS}?o=-2", ["Dry rope", "Anchor", "Chalk"]),
        (VARIANTS, ["ROPE-60", "R7_", "CHK"]),
        (f"{VARIANTS}?o=-4", ["CHK", "R7_", "ROPE-60"]),
        (f"{VARIANTS}?o=3", ["R7_", "CHK", "ROPE-60"]),
    ],
)
def test_searches_and_orders(back_office: Client, shelf: None, address: str, found: list[str]) -> None:
    assert shown(back_office, address) == found


def test_a_product_shows_how_many_variants_it_has(back_office: Client, shelf: None) -> None:
    rows = back_office.get(PRODUCTS).context["cl"].result_list
    assert [(str(row), row.variant_count) for row in rows] == [("Anchor", 0), ("Chalk", 1), ("Dry rope", 2)]


@pytest.mark.parametrize(
    ("address", "index"),
    [
        (PRODUCTS, "products_by_title"),
        (f"{PRODUCTS}?o=-0", "products_by_title"),
        (f"{PRODUCTS}?o=2", "products_by_external_id"),
        (f"{PRODUCTS}?o=-4", "products_by_change"),
        (VARIANTS, "variants_by_position"),
        (f"{VARIANTS}?o=0", "a_sku_is_taken_once_per_site"),
        (f"{VARIANTS}?o=3", "variants_by_external_id"),
        (f"{VARIANTS}?o=4", "variants_by_position"),
        (f"{VARIANTS}?o=-5", "variants_by_change"),
    ],
)
def test_each_order_has_its_index(back_office: Client, shelf: None, address: str, index: str) -> None:
    """As PostgreSQL plans it for tables that it takes for large ones, of 300,000 rows."""
    rows = back_office.get(address).context["cl"].queryset[:50]
    tables = ("catalog_product", "catalog_productvariant")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_site")
    take_for_large(tables)
    plan = rows.explain()
    assert f" {index}" in plan, plan
    assert not any(f"Seq Scan on {table}" in plan for table in tables), plan
