"""Every page of the back office asks the database as often for many rows as for a few.

The pages come from the registry (`tests.office`): a new page, button or download is counted by itself.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product, ProductVariant, RetailPrice, SellingRule, Stock, VariantOption
from catalog.tests.cast import NOW, make_location, make_product, put_in_stock
from core.models import Site, SiteSetting, User
from customers.models import Address, Customer, CustomerGroup, OrderMinimum
from customers.tests.cast import make_group, post_manual
from pricing.models import Price, PriceList, PriceListRule
from pricing.tests.cast import make_price_list, put_prices
from pricing.tests.rates import publish
from purchasing.models import Package, Purchase, PurchaseComment, PurchaseMail, ShippingBand, ShippingMethod
from purchasing.tests.bakers import make_shipping_method
from tests.callers import make_client, make_staff
from tests.cast import line, make_customer, make_masquerade, make_order, package, pay
from tests.office import LEADS_ON, Office, base_of, make_office
from tests.test_every_back_office_page import AUTOCOMPLETES, SUPERUSERS_ONLY

MANY = 55
"""More than a page of a list holds."""

BESIDES = (
    "/admin/",
    "/admin/search/?s=Tom&extended=1",
    "/admin/search/?s=JC&extended=1",
    "/admin/purchasing/purchase/?q=Tom",
    "/admin/purchasing/purchase/?type__exact=order&money=outstanding",
    "/admin/purchasing/purchase/?warning=any",
    "/admin/purchasing/purchasetransaction/?q=Tom",
    "/admin/purchasing/package/?q=ROPE",
    "/admin/customers/customer/?q=Tom",
    "/admin/customers/account/?age=overdue",
    "/admin/catalog/product/?q=rope",
)
"""Addresses with a query of their own."""


def addresses(office: Office) -> list[tuple[str, str]]:
    """Each with whose browser asks for it: the superuser's where nobody else is let in."""
    found = [
        ("superuser" if name in SUPERUSERS_ONLY or name == "pricing.exchangerate" else "manager", address)
        for name, route, address in office.addresses()
        if route not in LEADS_ON
    ]
    customer = office.address("customers.customer", "<path:object_id>/price/")
    found += [("manager", address) for address in (*BESIDES, f"{customer}?sku=ROPE&quantity=12")]
    for model, field in AUTOCOMPLETES:
        query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field}"
        found.append(("manager", f"/admin/autocomplete/?{query}&term="))
    return found


@pytest.fixture
def office(site: Site) -> Office:
    return make_office(site)


@pytest.fixture
def browsers(office: Office) -> dict[str, Client]:
    people = {"manager": office.manager, "superuser": User.objects.create_superuser("root@example.com", "x")}
    found = {}
    for name, person in people.items():
        found[name] = Client()
        found[name].force_login(person)
    return found


def asked(browser: Client, address: str) -> list[str]:
    """What the database is asked for this page, told apart by its beginning."""
    with CaptureQueriesContext(connection) as queries:
        answer: Any = browser.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code in (200, 403), (address, answer.status_code)
    return [query["sql"][:200] for query in queries]


def test_every_page_asks_as_often_for_many_rows_as_for_a_few(office: Office, browsers: dict[str, Client]) -> None:
    pages = addresses(office)
    note_changes(office, 1)
    for who, address in pages:
        asked(browsers[who], address)  # what a first look keeps is kept
    few = [asked(browsers[who], address) for who, address in pages]
    grow(office)
    differences = []
    for (who, address), before in zip(pages, few, strict=True):
        after = asked(browsers[who], address)
        if len(after) > len(before):
            more = Counter(after) - Counter(before)
            differences.append(f"{address}: {len(before)} and {len(after)}: {more.most_common(2)}")
    assert "\n".join(differences) == ""


def test_confirmations_ask_as_often_for_many_rows_as_for_one(office: Office, browsers: dict[str, Client]) -> None:
    """Of the action that deletes: what it lists is read at once."""
    grow(office)
    differences = []
    for model, page in admin.site._registry.items():
        name = model._meta.label_lower
        if name in SUPERUSERS_ONLY or name == "pricing.exchangerate":
            continue
        listed = browsers["manager"].get(base_of(name)).context
        if not listed.get("action_form") or "delete_selected" not in dict(
            listed["action_form"].fields["action"].choices
        ):
            continue
        keys = [row.pk for row in listed["cl"].result_list]
        assert len(keys) > 20, name
        counts = []
        for chosen in (keys[:1], keys[:1], keys):
            with CaptureQueriesContext(connection) as queries:
                body = {"action": "delete_selected", "_selected_action": chosen}
                assert browsers["manager"].post(base_of(name), body).status_code == 200
            counts.append([query["sql"][:200] for query in queries])
        if len(counts[1]) != len(counts[2]):
            more = Counter(counts[2]) - Counter(counts[1])
            differences.append(f"{name}: {len(counts[1])} and {len(counts[2])}: {more.most_common(2)}")
        assert page.actions is not None
    assert "\n".join(differences) == ""


def grow(office: Office) -> None:
    """Many rows in every list, and many inside each row that has rows of its own."""
    _grow_customers(office)
    _grow_goods(office)
    _grow_purchases(office)
    for number in range(MANY):
        make_client(office.site, name=f"Program {number}")
        make_staff(office.site, email=f"staff{number}@example.com")
        publish("1.25", day=date(2026, 2, 1) + timedelta(days=number))
    note_changes(office, 5)


def note_changes(office: Office, number: int) -> None:
    """So many more in the history of each row."""
    for name, row in office.rows.items():
        kind = ContentType.objects.get_for_model(row)
        entry = {"user": office.manager, "content_type": kind, "object_id": row.pk, "object_repr": name}
        for _ in range(number):
            LogEntry.objects.create(**entry, action_flag=CHANGE, change_message="Changed")


def _grow_customers(office: Office) -> None:
    site, head = office.site, office.of(Customer)
    for number in range(MANY):
        make_customer(site, f"Tom {number}", parent=head if number % 2 else None, email=f"tom{number}@example.com")
        make_group(site, f"group-{number}")
        post_manual(head, "1.00", reference=f"M-{number}")
        other = make_customer(site, f"Owing {number}", payment_on_account=True)
        post_manual(other, "2.00")
        make_masquerade(head)
    for number in range(10):
        Address.objects.create(
            site=site, customer=head, address_line1=f"{number} Quay Road", city="Bristol", country_code="GB"
        )
    group = office.of(CustomerGroup)
    for code in ("EUR", "USD", "SEK", "NOK"):
        OrderMinimum.objects.create(site=site, group=group, currency_code=code, minimum_value=5)
        post_manual(head, "3.00", currency_code=code)
    SiteSetting.objects.create(site=site, key="default_tax_rate", value=20)


def _grow_goods(office: Office) -> None:
    site = office.site
    variants = [{"sku": f"V-{number}", "external_id": f"V-{number}", "status": "live"} for number in range(20)]
    for number in range(MANY):
        make_product(site, f"ROPE-{number}", title=f"Tom's rope {number}", slug=f"rope-{number}")
        location = make_location(site, f"location-{number}")
        put_in_stock(location, ROPE=number)
        make_price_list(site, f"list-{number}", ROPE=["9.00"])
        make_shipping_method(site, f"VAN-{number}")
    assert Stock.objects.filter(site=site).count() > MANY
    product, variant = office.of(Product), office.of(ProductVariant)
    for each in variants:
        ProductVariant.objects.create(site=site, product=product, created_at=NOW, updated_at=NOW, **each)
    for number in range(8):
        VariantOption.objects.create(site=site, variant=variant, group=f"G{number}", value="1")
        RetailPrice.objects.create(
            site=site,
            variant=variant,
            value=5,
            currency_code=("EUR", "USD", "SEK", "NOK", "DKK", "PLN", "CHF", "CZK")[number],
        )
        SellingRule.objects.create(site=site, variant=variant, customer_group=f"group-{number}")
    trade = PriceList.objects.get(site=site, slug="trade")
    for number in range(8):
        PriceListRule.objects.create(
            site=site,
            price_list=trade,
            position=number + 2,
            adjustment_percentage=0,
            adjustment_direction="minus",
            source_price_list=PriceList.objects.get(site=site, slug=f"list-{number}"),
        )
    put_prices(trade, **{f"ROPE-{number}": ["9.00"] for number in range(MANY)})
    assert Price.objects.filter(site=site).count() > MANY
    Customer.objects.filter(pk=office.of(Customer).pk).update(
        price_lists=["base", "trade", *(f"list-{number}" for number in range(12))]
    )
    method = office.of(ShippingMethod)
    for number in range(8):
        ShippingBand.objects.create(
            site=site, method=method, name=f"Band {number}", position=number + 5, priority=number + 5, cost_type="free"
        )


def _grow_purchases(office: Office) -> None:
    site, head = office.site, office.of(Customer)
    for number in range(MANY):
        kind = ("order", "order_unconfirmed", "quote", "awaiting_approval")[number % 4]
        order = make_order(
            site,
            head,
            type=kind,
            identifiers={"visible": f"JC-1{number}"},
            payment_method="on_account",
            packages=[package(line("ROPE"))],
        )
        PurchaseMail.objects.create(site=site, purchase=order, kind="confirmed", noted_at=order.stored_at)
        if kind == "order":
            for _ in range(4):
                pay(order, "1.00")
    main = office.of(Purchase)
    for number in range(10):
        pay(main, f"{number + 1}.00")
        PurchaseComment.objects.create(
            site=site, purchase=main, text=f"Note {number}", author="", created_at=main.stored_at
        )
    assert Package.objects.filter(site=site).count() > MANY
