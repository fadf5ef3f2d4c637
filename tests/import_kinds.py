"""Every kind of file that can be imported, with rows of it: for tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from catalog.models import Product, ProductVariant, Stock
from catalog.tests.cast import make_location, make_product
from core.models import Site
from customers.models import Address, Customer
from customers.tests.cast import make_customer
from pricing.models import Price, PriceList
from pricing.tests.cast import make_price_list


@dataclass(frozen=True)
class Kind:
    """A command with a file of any number of rows, each a record of its own.

    `set_up`: what the rows refer to. `stored`: by what each record is known, once for every time it is there.
    `hold`: done in a transaction that stays open, keeps the rows from this number on from being stored.
    """

    command: str
    name: str
    headings: str
    row: Callable[[int], str]
    set_up: Callable[[Site], object]
    stored: Callable[[Site], Iterable[object]]
    hold: Callable[[Site, int], object]
    piece: int

    def text(self, rows: int) -> str:
        return "\n".join([self.headings, *map(self.row, range(rows))]) + "\n"


def _nothing(_site: Site) -> None:
    pass


def _hold_stock(site: Site, number: int) -> object:
    location = site.stock_locations.get()
    return Stock.objects.create(site=site, location=location, sku=f"SKU-{number}", updated_at=timezone.now())


def _hold_price(site: Site, _number: int) -> object:
    return PriceList.objects.for_site(site).select_for_update().get(slug="second")


def _hold_customer(site: Site, number: int) -> object:
    return make_customer(site, email=f"buyer-{number}@example.com")


def _hold_product(site: Site, number: int) -> object:
    return make_product(site, f"held-{number}", slug=f"product-{number}")


def _whole_customers(site: Site) -> Iterable[object]:
    """Those with the address that they came with."""
    return Customer.objects.for_site(site).filter(addresses__city="Bath").values_list("external_id", flat=True)


def _whole_products(site: Site) -> Iterable[object]:
    variants = ProductVariant.objects.for_site(site)
    return variants.filter(options__group="Size", rrp__currency_code="GBP").values_list("product__slug", flat=True)


def kinds(rows: int) -> dict[str, Kind]:
    """By command. `rows` of a file: prices of the second half stand on another list."""
    return {
        kind.command: kind
        for kind in (
            Kind(
                "import_stock",
                "Stock levels",
                "sku,stock_location_external_id,stock_level",
                lambda n: f"SKU-{n},default,{n}",
                make_location,
                lambda site: Stock.objects.for_site(site).values_list("sku", flat=True),
                _hold_stock,
                1_000,
            ),
            Kind(
                "import_prices",
                "Prices",
                "sku,price_list_slug,quantity,price",
                lambda n: f"SKU-{n},{'first' if n < rows // 2 else 'second'},1,{n}.50",
                lambda site: [make_price_list(site, slug) for slug in ("first", "second")],
                lambda site: Price.objects.for_site(site).values_list("sku", flat=True),
                _hold_price,
                1_000,
            ),
            Kind(
                "import_customers",
                "Customers",
                "external_id,email,first_name,last_name,address_external_id,address_line1,address_city,"
                "address_country_code,address_default_for",
                lambda n: f"C-{n},buyer-{n}@example.com,Ann,Other,A-{n},{n} Road,Bath,GB,both",
                _nothing,
                _whole_customers,
                _hold_customer,
                100,
            ),
            Kind(
                "import_products",
                "Products",
                "product_external_id,product_slug,product_title,sku,status,option:Size,rrp:GBP",
                lambda n: f"P-{n},product-{n},Product {n},SKU-{n},live,M,{n}.00",
                _nothing,
                _whole_products,
                _hold_product,
                100,
            ),
        )
    }


def keys(command: str, rows: int) -> list[str]:
    """What `stored` answers once every row is there."""
    name = {"import_stock": "SKU-", "import_prices": "SKU-", "import_customers": "C-", "import_products": "product-"}
    return sorted(f"{name[command]}{number}" for number in range(rows))


def nothing_else(site: Site, command: str, rows: int) -> bool:
    """No half of a record beside the whole ones."""
    match command:
        case "import_customers":
            return Customer.objects.for_site(site).count() == Address.objects.for_site(site).count() == rows
        case "import_products":
            variants = ProductVariant.objects.for_site(site).count()
            return Product.objects.for_site(site).count() == variants == rows
    return True
