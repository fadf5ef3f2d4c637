"""Every kind of file that can be imported, with rows of it: for tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from catalog.models import Product, ProductVariant, Stock
from catalog.tests.cast import make_location, make_product
from core.actors import SYSTEM
from core.models import Site
from customers.models import AccountEntry, Address, Customer
from customers.tests.cast import make_customer, post_manual
from pricing.models import Price, PriceList
from pricing.tests.cast import make_price_list
from purchasing import books
from purchasing.bulk import put_purchases, read_purchases
from purchasing.models import LineItem, Package, Purchase, PurchaseHistory, PurchaseRevision, PurchaseTransaction


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


def _books_are_right(site: Site) -> bool:
    return books.verify(sites=[site.pk]) == []


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


def _buyers(site: Site, count: int) -> None:
    for number in range(count):
        make_customer(site, external_id=f"C-{number}", email=f"buyer-{number}@example.com")


def _hold_balance(site: Site, number: int) -> None:
    post_manual(Customer.objects.for_site(site).get(external_id=f"C-{number}"), "1")


def _orders(site: Site, count: int) -> None:
    _buyers(site, 1)
    bodies = [
        {
            "type": "order",
            "purchase_identifiers": {"internal": f"I-{number}"},
            "customer_identifiers": {"sparklayer": "C-0"},
            "dates": {},
            "currency_code": "GBP",
            "packages": [],
        }
        for number in range(count)
    ]
    put_purchases(site=site, sent=read_purchases(bodies), actor=SYSTEM)


def _hold_order(site: Site, number: int) -> object:
    return Purchase.objects.for_site(site).select_for_update().get(internal_id=f"I-{number // 10}")


def _hold_new_order(site: Site, number: int) -> object:
    body = {
        "type": "order",
        "purchase_identifiers": {"internal": f"I-{number}"},
        "customer_identifiers": {},
        "dates": {},
        "currency_code": "GBP",
        "packages": [],
    }
    return put_purchases(site=site, sent=read_purchases([body]), actor=SYSTEM)


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
            Kind(
                "import_purchases",
                "Purchases",
                "purchase_internal,customer,payment_method,currency_code,sku,name,quantity,net,tax_rate",
                lambda n: f"I-{n},C-0,on_account,GBP,SKU-{n},Rope,2,10.00,20",
                lambda site: _buyers(site, 1),
                lambda site: Purchase.objects.for_site(site).values_list("internal_id", flat=True),
                _hold_new_order,
                100,
            ),
            Kind(
                "import_transactions",
                "Transactions",
                "purchase_internal,platform_id,total,currency_code,apply_to_balance",
                lambda n: f"I-{n // 10},T-{n},1.00,GBP,true",
                lambda site: _orders(site, -(-rows // 10)),
                lambda site: PurchaseTransaction.objects.for_site(site).values_list("platform_id", flat=True),
                _hold_order,
                100,
            ),
            Kind(
                "import_opening_balances",
                "Opening balances",
                "customer,amount,currency_code,reference",
                lambda n: f"C-{n},5.00,GBP,OB-{n}",
                lambda site: _buyers(site, rows),
                lambda site: AccountEntry.objects.filter(site=site).values_list("reference", flat=True),
                _hold_balance,
                1,
            ),
        )
    }


def keys(command: str, rows: int) -> list[str]:
    """What `stored` answers once every row is there."""
    name = {
        "import_stock": "SKU-",
        "import_prices": "SKU-",
        "import_customers": "C-",
        "import_products": "product-",
        "import_purchases": "I-",
        "import_transactions": "T-",
        "import_opening_balances": "OB-",
    }
    return sorted(f"{name[command]}{number}" for number in range(rows))


def nothing_else(site: Site, command: str, rows: int) -> bool:
    """No half of a record beside the whole ones."""
    match command:
        case "import_customers":
            return Customer.objects.for_site(site).count() == Address.objects.for_site(site).count() == rows
        case "import_products":
            variants = ProductVariant.objects.for_site(site).count()
            return Product.objects.for_site(site).count() == variants == rows
        case "import_purchases":
            parts = (Package, LineItem, PurchaseRevision, AccountEntry)
            counts = {model._default_manager.filter(site_id=site.pk).count() for model in parts}
            return counts == {rows} and _books_are_right(site)
        case "import_transactions":
            told, posted = (model.objects.filter(site=site).count() for model in (PurchaseHistory, AccountEntry))
            return told == posted == rows and _books_are_right(site)
        case "import_opening_balances":
            return _books_are_right(site)
    return True
