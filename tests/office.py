"""A site with a row behind every page of the back office, and the address of each of those pages.

The pages come from the registry of the back office: a new one, and a new button, has an address here by itself. One
that needs a row in a state of its own is named in `ROW_OF`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from catalog.models import ProductVariant, Stock
from catalog.tests.cast import make_location, make_product, put_in_stock
from core.actors import SYSTEM
from core.admin import ImportAdmin
from core.imports.uploads import keep
from core.models import ApiClient, Change, Site, StaffMembership, User
from customers.models import Account, AccountEntry, Address, Customer
from customers.tests.cast import make_group, post_manual
from pricing.models import Price
from pricing.tests.cast import make_price_list, rule
from pricing.tests.rates import publish
from purchasing.identity import Lookup
from purchasing.models import Package, PurchaseComment, PurchaseMail, PurchaseRevision
from purchasing.operations import delete_purchase
from purchasing.tests.bakers import make_shipping_method
from tests.callers import make_client, make_staff
from tests.cast import line, make_customer, make_masquerade, make_order, package, pay
from tests.import_kinds import kinds

Row = TypeVar("Row", bound=models.Model)

ADDRESS = {"company": "Base Camp", "address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
SHIPPED = {
    "dates": {"shipped_at": "2026-03-02T10:00:00Z"},
    "shipments": [{"carrier": "DPD", "tracking_number": "15501", "tracking_url": "https://example.com/15501"}],
}

ROW_OF = {
    ("purchasing.purchase", "<path:object_id>/send-quote/"): "draft",
    ("purchasing.purchase", "<path:object_id>/accept/"): "quote",
    ("purchasing.purchase", "<path:object_id>/approve/"): "awaiting",
    ("purchasing.purchase", "<path:object_id>/reject/"): "quote",
    ("customers.customer", "<path:object_id>/invite/"): "buyer",
}
"""By model and route: the row that a page is for, where not every row has it."""

MORE = {
    "purchasing.purchase": ("many packages", "many lines", "quote", "awaiting", "deleted"),
    "customers.customer": ("buyer", "deleted customer"),
}
"""Rows whose own page looks different."""

DOWNLOADS = ("export.csv", "export.xlsx", "<path:object_id>/export-person/", "<path:object_id>/packing-list/")
"""Routes that answer a file."""
LEADS_ON = (
    "<path:object_id>/",
    "<path:object_id>/record-payment/",
    "<path:object_id>/record-refund/",
    "<path:object_id>/new-quote/",
)
"""Routes that only lead to another page."""

READS = {
    ("purchasing.purchase", "<path:object_id>/compare/"),
    ("purchasing.purchase", "<path:object_id>/packing-list/"),
    ("purchasing.package", "<path:object_id>/packing-list/"),
    ("customers.customer", "<path:object_id>/statement/"),
    ("customers.customer", "<path:object_id>/credit/"),
    ("customers.customer", "<path:object_id>/price/"),
    ("pricing.price", "<path:object_id>/why/"),
    ("pricing.pricelist", "<path:object_id>/why/"),
}
"""Buttons that change nothing."""


@dataclass
class Office:
    """`rows`: by the label of their model, and further ones by what they are."""

    site: Site
    manager: User
    rows: dict[str, models.Model] = field(default_factory=dict)
    uploads: dict[str, Any] = field(default_factory=dict)

    def of(self, kind: type[Row], name: str = "") -> Row:
        """The row of this model, or that of this name."""
        row = self.rows[name or kind._meta.label_lower]
        assert isinstance(row, kind)
        return row

    def row(self, name: str, route: str) -> models.Model:
        return self.rows[ROW_OF.get((name, route), name)]

    def address(self, name: str, route: str) -> str:
        base = base_of(name)
        if "<uuid:upload_id>" in route:
            return base + route.replace("<uuid:upload_id>", str(self.uploads[name].pk))
        return base + route.replace("<path:object_id>", str(self.row(name, route).pk)) if "<" in route else base + route

    def addresses(self) -> Iterator[tuple[str, str, str]]:
        """Every address of the registry: model, route, address."""
        for name, route in routes():
            yield name, route, self.address(name, route)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page to look at: whose it is (a model, or none), and its address."""
        for address in ("/admin/", "/admin/password_change/"):
            yield "", address
        for name, route, address in self.addresses():
            if route not in (*DOWNLOADS, *LEADS_ON):
                yield name, address
        for name, others in MORE.items():
            for other in others:
                yield name, f"{base_of(name)}{self.rows[other].pk}/change/"
        yield "purchasing.purchase", f"{base_of('purchasing.purchase')}?q=nothing+like+this"
        yield "purchasing.package", self.address("purchasing.package", "<path:object_id>/packing-list/")
        yield (
            "customers.customer",
            f"{self.address('customers.customer', '<path:object_id>/price/')}?sku=ROPE&quantity=12",
        )


def base_of(name: str) -> str:
    return f"/admin/{name.replace('.', '/')}/"


def routes() -> list[tuple[str, str]]:
    """Every address below the pages of every model, with what it names left open."""
    found = [
        (model._meta.label_lower, str(pattern.pattern))
        for model, page in admin.site._registry.items()
        for pattern in page.get_urls()
    ]
    return [(name, route.replace("<object_id>", "<path:object_id>")) for name, route in found]


def make_office(site: Site) -> Office:
    """A site that has something of everything."""
    manager = make_staff(site, email="manager@example.com")
    clerk = make_staff(site, email="clerk@example.com")
    StaffMembership.objects.filter(user=clerk).update(role="clerk")
    office = Office(site, manager)
    rows = office.rows
    rows["core.site"] = site
    rows["core.user"] = clerk
    make_client(site)
    rows["core.apiclient"] = ApiClient.objects.filter(site=site, name="ERP").get()
    _furnish_customers(office)
    _furnish_catalogue(office)
    _furnish_purchases(office)
    rows["customers.account"] = Account.objects.get(site=site, customer=office.of(Customer))
    rows["customers.accountentry"] = AccountEntry.objects.filter(site=site, kind="manual").earliest("pk")
    rows["purchasing.shippingmethod"] = make_shipping_method(
        site,
        "VAN",
        bands=[
            {
                "name": "Small",
                "requirement": {"type": "price", "max": 10, "currency_code": "GBP"},
                "cost": {"type": "fixed", "amount": 5, "currency_code": "GBP"},
            }
        ],
    )
    rows["procrastinate.procrastinatejob"] = _job()
    rows["core.change"] = Change.objects.filter(site=site).latest("pk")
    for name, route in routes():
        if "<uuid:upload_id>" in route:
            office.uploads[name] = _upload(office, name)
    return office


def _furnish_customers(office: Office) -> None:
    site, rows = office.site, office.rows
    rows["customers.customergroup"] = group = make_group(site, "climbers", price_lists=["base"], GBP="150")
    head = make_customer(
        site,
        group=group,
        email="head@example.com",
        external_id="HEAD",
        payment_on_account=True,
        credit_limit=5000,
        currency_code="GBP",
        price_lists=["base", "trade"],
        metadata={"till": "3"},
    )
    address = Address.objects.create(
        site=site, customer=head, address_line1="1 Quay Road", city="Bristol", country_code="GB"
    )
    Customer.objects.filter(pk=head.pk).update(default_billing_address=address)
    post_manual(head, "12.50", reference="goodwill")
    rows["customers.customer"] = head
    rows["buyer"] = make_customer(site, "Summit Supplies", parent=head, email="buyer@example.com")
    rows["customers.masquerade"] = make_masquerade(head)
    rows["deleted customer"] = make_customer(site, "Gone Climbing", deleted_at=timezone.now())


def _furnish_catalogue(office: Office) -> None:
    site, rows = office.site, office.rows
    rows["catalog.product"] = make_product(
        site,
        title="Tom's rope",
        slug="rope",
        variants=[
            {
                "sku": "ROPE",
                "external_id": "ROPE-1",
                "status": "live",
                "rrp": [{"value": 90, "currency_code": "gbp"}],
                "options": [{"group": "Length", "value": "60 m"}],
                "settings": [{"customer_group": "default", "reserve_stock_quantity": 2}],
            },
            {"sku": "AXE", "external_id": "AXE-1", "status": "pending"},
        ],
    )
    rows["catalog.productvariant"] = ProductVariant.objects.get(site=site, sku="ROPE")
    rows["catalog.stocklocation"] = location = make_location(site)
    put_in_stock(location, ROPE=4)
    rows["catalog.stock"] = Stock.objects.get(site=site)
    make_price_list(site, "base", ROPE=["98.50", (10, "90")])
    rows["pricing.pricelist"] = make_price_list(site, "trade", rules=[rule("base", "0.1")], AXE=["20"])
    rows["pricing.price"] = Price.objects.filter(site=site, sku="ROPE").earliest("pk")
    rows["pricing.exchangerate"] = publish("1.25")


def _furnish_purchases(office: Office) -> None:
    site, rows = office.site, office.rows
    head, buyer = office.of(Customer), office.of(Customer, "buyer")
    rows["purchasing.purchase"] = order = make_order(
        site,
        head,
        child=buyer,
        identifiers={"visible": "JC-1", "internal": "i-1"},
        payment_method="on_account",
        customer_reference="PO 7",
        billing_address=ADDRESS,
        shipping_address=ADDRESS,
        accounting_files=[{"identifiers": {"visible": "INV1"}, "data": {"uri": "https://example.com/1.pdf"}}],
        custom_fields=[{"name": "colour", "value": "red"}],
        packages=[
            package(line("ROPE", quantity=3, net="300.00"), line("CHALK", net="10.00"), identifiers={"visible": "P-1"}),
            package(line("ROPE", net="100.00"), **SHIPPED),
        ],
    )
    transaction = pay(order, "40.00")
    pay(order, "40.00")
    pay(order, "-5.00", applied=False)
    PurchaseComment.objects.create(site=site, purchase=order, text="Call them", author="", created_at=timezone.now())
    many = [package(line(f"S-{number}")) for number in range(20)]
    rows["many packages"] = make_order(site, head, identifiers={"visible": "JC-20"}, packages=many)
    lines = package(*(line(f"S-{number}") for number in range(60)))
    rows["many lines"] = make_order(site, head, identifiers={"visible": "JC-60"}, packages=[lines])
    rows["quote"] = make_order(site, head, type="quote", identifiers={"visible": "Q-1"}, quote_status="sent")
    rows["draft"] = make_order(site, head, type="quote", identifiers={"visible": "Q-2"}, quote_status="draft")
    rows["awaiting"] = make_order(site, head, child=buyer, type="awaiting_approval", identifiers={"visible": "JC-2"})
    rows["deleted"] = gone = make_order(site, head, identifiers={"visible": "JC-3"})
    delete_purchase(site=site, lookup=Lookup("sparklayer", gone.spark_id), actor=SYSTEM)
    rows["purchasing.purchasemail"] = PurchaseMail.objects.create(
        site=site, purchase=order, kind="confirmed", noted_at=order.stored_at
    )
    rows["purchasing.package"] = Package.objects.filter(purchase=order).earliest("pk")
    rows["purchasing.purchasetransaction"] = transaction
    rows["purchasing.purchaserevision"] = PurchaseRevision.objects.filter(purchase=order).latest("number")


def _job() -> models.Model:
    """A job that waits, as the job queue keeps it."""
    task = next(name for name in sorted(app.tasks) if not name.startswith("builtin"))
    app.configure_task(task).defer()
    return ProcrastinateJob.objects.latest("id")


def _upload(office: Office, name: str) -> Any:
    page = next(page for model, page in admin.site._registry.items() if model._meta.label_lower == name)
    assert isinstance(page, ImportAdmin)
    text = kinds(4)[page.importer.command].text(4)
    content = f"{text}{text.splitlines()[0]}\n".encode()  # the headings once more are a row that is refused
    return keep(
        importer=page.importer,
        site=office.site,
        user=office.manager,
        actor=SYSTEM,
        file_name="rows.csv",
        content=content,
        given={},
        now=timezone.now(),
    )
