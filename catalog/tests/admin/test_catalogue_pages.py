"""The catalogue in the back office: saved by the operations of the API, within the sites of the reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, ProductVariant, Stock, StockLocation
from catalog.tests.cast import NOW, make_location, make_product, put_in_stock, sample, variant_of
from core.models import Site
from tests.html_forms import fields_of, unnamed_inputs

BASE = "/admin/catalog"


def page_of(row: Any) -> str:
    return f"{BASE}/{row._meta.model_name}/{row.pk}/change/"


def form_of(browser: Client, path: str) -> dict[str, Any]:
    return fields_of(browser.get(path), f"{path.split('/')[3]}_form")


def facts_of(site: Site) -> list[Any]:
    """Everything of the catalogue but the times."""
    products = Product.objects.for_site(site).order_by("pk")
    variants = ProductVariant.objects.for_site(site).order_by("pk")
    return [
        list(products.values_list("pk", "title", "slug", "external_id")),
        list(variants.values_list("pk", "sku", "external_id", "status", "position", "weight_in_grams")),
        [list(variant.options.values()) for variant in variants],
        [list(variant.rrp.values()) for variant in variants],
        [list(variant.settings.values()) for variant in variants],
        list(Stock.objects.for_site(site).values_list("sku", "location", "stock_level")),
    ]


@pytest.fixture
def jumper(site: Site) -> Product:
    """With everything a program may set, but stock."""
    full = sample("variant-patch.request") | {"stock": [], "weight_in_grams": 1.5}
    return make_product(site, "A", variants=[full, {"sku": "B", "position": None}])


@pytest.mark.parametrize("name", ["product", "productvariant"])
def test_saving_what_nobody_touched_changes_nothing(
    back_office: Client, site: Site, jumper: Product, name: str
) -> None:
    row = jumper if name == "product" else variant_of(site, "IDV001")
    before = facts_of(site)

    assert back_office.post(page_of(row), form_of(back_office, page_of(row))).status_code == 302

    assert facts_of(site) == before


def test_a_product_is_made_with_its_variants(back_office: Client, site: Site) -> None:
    path = f"{BASE}/product/add/"
    variant = {"variants-TOTAL_FORMS": "1", "variants-0-sku": "R", "variants-0-status": "live"}
    given = {"variants-0-position": "2", "variants-0-weight_in_grams": "62.5", "title": "Rope", "slug": "rope"}

    answer = back_office.post(path, {**form_of(back_office, path), **variant, **given})

    assert answer.status_code == 302
    made = ProductVariant.objects.get(product__slug="rope")
    assert (made.site, made.sku, made.status, made.weight_in_grams) == (site, "R", "live", Decimal("62.5"))
    assert made.created_at > NOW


def test_a_product_and_its_variants_are_changed(back_office: Client, site: Site, jumper: Product) -> None:
    sent = form_of(back_office, page_of(jumper))
    changes = {"title": "Jumper", "external_id": "", "variants-0-sku": "NEW", "variants-1-status": "suspended"}

    assert back_office.post(page_of(jumper), {**sent, **changes}).status_code == 302

    jumper.refresh_from_db()
    assert (jumper.title, jumper.external_id, jumper.slug) == ("Jumper", "", "product-A")
    found = list(jumper.variants.values_list("sku", "status", "external_id"))
    assert found == [("NEW", "live", "IDV001"), ("B", "suspended", "")]
    assert [str(option) for option in variant_of(site, "NEW").options.all()] == ["Color: Blue"]


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"slug": "product-C"}, "Another product has this slug"),
        ({"variants-1-sku": "C"}, "A variant of another product has this SKU"),
        ({"external_id": "pp_7"}, "must not start with pp_"),
    ],
)
def test_what_the_business_refuses_stands_in_the_form(
    back_office: Client, site: Site, jumper: Product, changes: dict[str, str], text: str
) -> None:
    make_product(site, "C")
    before = facts_of(site)

    answer = back_office.post(page_of(jumper), {**form_of(back_office, page_of(jumper)), **changes})

    assert answer.status_code == 200
    assert text in answer.content.decode()
    assert facts_of(site) == before


def test_the_lists_of_a_variant_are_replaced(back_office: Client, site: Site, jumper: Product) -> None:
    variant = variant_of(site, "IDV001")
    sent = form_of(back_office, page_of(variant))
    changes = {
        "position": "7",
        "options-0-value": "Red",
        "rrp-TOTAL_FORMS": "2",
        "rrp-1-value": "12.5",
        "rrp-1-currency_code": "eur",
        "settings-0-reserve_stock_quantity": "3",
        "settings-0-sell": "false",
    }

    assert back_office.post(page_of(variant), {**sent, **changes}).status_code == 302

    variant.refresh_from_db()
    assert variant.position == 7
    assert [str(option) for option in variant.options.all()] == ["Color: Red"]
    assert [str(price) for price in variant.rrp.all()] == ["10.49 GBP", "12.50 EUR"]
    [rule] = variant.settings.all()
    assert (rule.customer_group, rule.pack_size, rule.reserve_stock_quantity, rule.sell) == ("default", 1, 3, False)


def test_a_row_of_a_list_is_taken_away(back_office: Client, site: Site, jumper: Product) -> None:
    variant = variant_of(site, "IDV001")
    sent = form_of(back_office, page_of(variant))

    assert back_office.post(page_of(variant), {**sent, "options-0-DELETE": "on"}).status_code == 302

    assert (variant.options.count(), variant.rrp.count(), variant.settings.count()) == (0, 1, 1)


def test_a_location_is_set_up_and_renamed(back_office: Client, site: Site) -> None:
    path = f"{BASE}/stocklocation/add/"
    assert (
        back_office.post(path, {**form_of(back_office, path), "name": "Quay", "external_id": "quay"}).status_code == 302
    )
    location = StockLocation.objects.get(site=site)
    sent = form_of(back_office, page_of(location))

    refused = back_office.post(page_of(location), {**sent, "external_id": "sl_4"})
    assert back_office.post(page_of(location), {**sent, "name": "Dock"}).status_code == 302

    assert "must not start with sl_" in refused.content.decode()
    location.refresh_from_db()
    assert (location.name, location.external_id) == ("Dock", "quay")


def test_stock_is_counted(back_office: Client, site: Site) -> None:
    location = make_location(site)
    path = f"{BASE}/stock/add/"
    given = {"sku": "A", "location": str(location.pk), "stock_level": "4", "min_stock_level": "-2"}
    assert back_office.post(path, {**form_of(back_office, path), **given}).status_code == 302
    stock = Stock.objects.get(site=site)

    changes = {"stock_level": "9", "restock_date": "2026-05-01", "sku": "B"}
    assert back_office.post(page_of(stock), {**form_of(back_office, page_of(stock)), **changes}).status_code == 302

    stock.refresh_from_db()
    assert (stock.sku, stock.stock_level, stock.min_stock_level) == ("A", 9, -2)
    assert str(stock.restock_date) == "2026-05-01"


def test_stock_of_a_location_of_another_site_is_refused(back_office: Client, other_site: Site) -> None:
    location = make_location(other_site)
    path = f"{BASE}/stock/add/"
    given = {"sku": "A", "location": str(location.pk), "stock_level": "4", "min_stock_level": "0"}
    assert back_office.post(path, {**form_of(back_office, path), **given}).status_code == 200
    assert not Stock.objects.exists()


def test_stored_markup_is_shown_as_text(back_office: Client, site: Site) -> None:
    script = "<script>alert(1)</script>"
    location = make_location(site, script)
    product = make_product(site, title=script, slug=script, variants=[{"sku": script}])
    put_in_stock(location, **{script: 1})
    rows = [product, variant_of(site, script), location, Stock.objects.get()]

    for path in [*map(page_of, rows), *(f"{BASE}/{row._meta.model_name}/" for row in rows)]:
        assert script not in back_office.get(path).content.decode()


def test_pages_cost_the_same_for_few_and_many(back_office: Client, site: Site) -> None:
    counts = []
    for size in (1, 30):
        product = make_product(site, *(f"{size}-{number}" for number in range(size)))
        with CaptureQueriesContext(connection) as queries:
            assert back_office.get(page_of(product)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] < 30
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            for name in ("product", "productvariant"):
                assert back_office.get(f"{BASE}/{name}/").status_code == 200
        counts.append(len(queries))
        for number in range(20):
            make_product(site, f"more-{len(counts)}-{number}")
    assert counts[0] == counts[1]


def test_every_input_says_its_name(back_office: Client, site: Site, jumper: Product) -> None:
    for row in (jumper, variant_of(site, "IDV001")):
        assert unnamed_inputs(back_office.get(page_of(row)), f"{row._meta.model_name}_form") == []
