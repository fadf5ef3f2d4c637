"""What a dry run tells is what the run then tells, whatever mix of good and bad rows the file has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.tests.cast import make_location
from core.models import Site
from core.tests.imports.runs import run_command
from pricing.tests.cast import make_price_list

ANY_FILE = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = st.sampled_from(["1", "2", "3", "4"])
SOME = st.one_of(FEW, st.sampled_from(["", "x" * 300, "\u00df", "7"]))

pytestmark = pytest.mark.django_db


def files(headings: str, *cells: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    rows = st.lists(st.tuples(*cells).map(",".join), max_size=12)
    return rows.map(lambda lines: "\n".join([headings, *lines]) + "\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that rows refer to rows of earlier pieces too."""
    for importer in (
        "catalog.imports.stock.StockImporter",
        "catalog.imports.products.ProductImporter",
        "pricing.imports.prices.PriceImporter",
        "customers.imports.customers.CustomerImporter",
    ):
        monkeypatch.setattr(f"{importer}.piece", 3)


def check(command: str, site: Site, path: Path, text: str) -> None:
    path.write_text(text)
    dry = run_command(command, site, path, "--dry-run")
    again = run_command(command, site, path, "--dry-run")
    run = run_command(command, site, path)

    assert dry == again == run


@ANY_FILE
@given(
    text=files(
        "external_id,email,first_name,last_name,parent_customer_id,address_external_id,address_line1,address_city,"
        "address_country_code",
        SOME,
        SOME.map(lambda name: f"{name}@example.com" if name else ""),
        FEW,
        st.sampled_from(["Jones", ""]),
        st.sampled_from(["", "", "1", "2"]),
        SOME,
        st.sampled_from(["1 Road", ""]),
        st.just("Bath"),
        st.just("GB"),
    )
)
def test_customers(site: Site, path: Path, small_pieces: None, text: str) -> None:
    check("import_customers", site, path, text)


@ANY_FILE
@given(
    text=files(
        "product_external_id,product_slug,product_title,sku,status,rrp:GBP",
        SOME,
        SOME,
        st.sampled_from(["One", "Two", ""]),
        SOME,
        st.sampled_from(["live", "LIVE", "lively"]),
        st.sampled_from(["", "1.50", "much"]),
    )
)
def test_products(site: Site, path: Path, small_pieces: None, text: str) -> None:
    check("import_products", site, path, text)


@ANY_FILE
@given(
    text=files(
        "sku,stock_location_external_id,stock_level,restock_date",
        SOME,
        st.sampled_from(["default", "shop", "nowhere", ""]),
        st.sampled_from(["1", "-2", "2.0", "many", "9999999999", ""]),
        st.sampled_from(["", "2026-01-31", "2026-02-31"]),
    )
)
def test_stock(site: Site, path: Path, small_pieces: None, text: str) -> None:
    if not site.stock_locations.exists():
        make_location(site)
        make_location(site, "shop")
    check("import_stock", site, path, text)


@ANY_FILE
@given(
    text=files(
        "sku,price_list_slug,quantity,price",
        SOME,
        st.sampled_from(["first", "second", "nowhere", ""]),
        st.sampled_from(["", "1", "10", "0", "many"]),
        st.sampled_from(["", "1.50", "-1", "1.1234567"]),
    )
)
def test_prices(site: Site, path: Path, small_pieces: None, text: str) -> None:
    if not site.price_lists.exists():
        make_price_list(site, "first")
        make_price_list(site, "second")
    check("import_prices", site, path, text)
