"""A site in which every text that somebody outside can fill is markup, a formula and a template at once.

The office of `tests.office` is made as ever; its purchases are then put with hostile documents, and every other text
is replaced in its table, so that what a door would refuse today does no harm either. A text that is no member of the
tables below fails `tests/test_markup_and_formulas.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from catalog.models import SellingRule
from core.models import Site, User
from customers.models import Customer
from purchasing.models import FailedSubmission, Package, Purchase, PurchaseRevision
from purchasing.tests.bakers import make_shipping_method
from tests.cast import PASSWORD, line, make_buyer, pay, put
from tests.office import Office, make_office

LEADS = ("=cmd|'/c calc'!A1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1")
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{ 7919*7907 }}"
PRODUCT = "62615533"
"""What the template would come to."""
LINK = f"https://example.com/{IMAGE}{SCRIPT}"
"""Http, and so it is stored."""
EMAIL_LEAD = "=1+1"


def hostile(text: str, room: int = 255) -> str:
    """The same for the same text, whatever the table; as much of it as there is room for."""
    lead = LEADS[crc32(text.encode()) % len(LEADS)]
    for said in (f"{lead}{IMAGE}{SCRIPT}{TEMPLATE}'", f"{lead[:4]}{IMAGE}", f"{lead[0]}<img src=x>"):
        if len(said) + len(text) <= room:
            return said + text
    return f"={text}"[:room]


TEXTS: dict[str, dict[str, int]] = {
    "core.site": {"name": 255},
    "core.user": {"email": 255, "name": 255},
    "core.importupload": {},
    "core.apiclient": {"name": 100},
    "core.change": {"name": 255, "actor": 320},
    "customers.customergroup": {"slug": 30, "name": 256, "price_lists": 64},
    "customers.customer": {
        "title": 30,
        "first_name": 128,
        "last_name": 128,
        "email": 255,
        "company_name": 255,
        "external_id": 255,
        "accounting_id": 255,
        "sales_agent_groups": 255,
        "price_lists": 64,
        "vatin_numbers": 64,
        "metadata": 255,
        "erased_by": 320,
    },
    "customers.address": {
        "title": 30,
        "first_name": 50,
        "last_name": 50,
        "company": 128,
        "address_line1": 255,
        "address_line2": 255,
        "city": 128,
        "region_code": 10,
        "postal_code": 20,
        "phone": 20,
        "mobile": 20,
        "external_id": 50,
        "nickname": 50,
    },
    "customers.accountentry": {"reference": 255, "reason": 255, "author": 255},
    "customers.masquerade": {"staff_email": 255},
    "catalog.product": {"title": 255, "slug": 255, "external_id": 100},
    "catalog.productvariant": {"sku": 100, "external_id": 100},
    "catalog.variantoption": {"group": 255, "value": 255},
    "catalog.sellingrule": {"customer_group": 30},
    "catalog.stocklocation": {"name": 255, "external_id": 255},
    "catalog.stock": {"sku": 100},
    "pricing.exchangerate": {"source": 64},
    "pricing.pricelist": {"slug": 64, "name": 64},
    "pricing.price": {"sku": 100, "unit_of_measure": 64},
    "purchasing.purchase": {"usd_rate_source": 64},
    "purchasing.purchasecomment": {"text": 255, "author": 255},
    "purchasing.failedsubmission": {"author": 255},
    "purchasing.purchasetransaction": {"platform_id": 255, "full_transaction": 255, "recorded_by": 255},
    "purchasing.purchasehistory": {"message": 255},
    "purchasing.purchasemail": {"fault": 255, "told": 255},
    "purchasing.purchaserevision": {"author": 255},
    "purchasing.shippingmethod": {"sku": 50, "title": 50, "groups": 30},
    "purchasing.shippingband": {"name": 255, "sku": 50},
}
"""By model: texts that are replaced in the table, and how long they may be."""

SENT: dict[str, set[str]] = {
    "core.importupload": {"kind", "file_name", "given", "preview", "result"},
    "purchasing.purchase": {
        *("platform_id", "internal_id", "visible_id", "payment_method", "customer_reference"),
        *("header", "contents", "approval", "warnings", "given_package_ids"),
    },
    "purchasing.package": {
        *("platform_id", "internal_id", "visible_id", "shipping_name", "ship_to", "tracking"),
    },
    "purchasing.failedsubmission": {"faults"},
    "purchasing.lineitem": {"sku", "name_parent", "name_child"},
    "purchasing.purchaserevision": {"header", "contents"},
}
"""Texts of the documents and files that are sent."""

OWN: dict[str, set[str]] = {
    "core.site": {"slug", "host", "logo_digest"},
    "core.sitelogo": {"digest"},
    "core.linkasked": {"key"},
    "core.sitesetting": {"key", "value"},
    "core.user": {"password", "time_zone"},
    "core.apiclient": {"client_id", "client_secret", "previous_secret", "grants", "scopes"},
    "core.change": {"kind", "before", "after"},
    "core.recentwrite": {"caller"},
    "core.accesstoken": {"token_checksum", "scope"},
    "core.refreshtoken": {"token_checksum"},
    "core.idempotencykey": {"path", "key", "body_digest", "headers"},
    "core.signinfailure": {"key"},
    "customers.customer": {"available_shipping_addresses"},
    "customers.address": {"country_code"},
    "catalog.productvariant": {"cart_image_url"},
    "purchasing.purchase": {"charge_posting"},
    "purchasing.purchasemail": {"subject"},
    "purchasing.shippingmethod": {"countries"},
}
"""Words of a list, codes, digests, and what no page and no file shows. Choices and currencies besides."""

APPS = ("core", "customers", "catalog", "pricing", "purchasing")


def text_fields() -> Iterator[tuple[str, str]]:
    """Every column that holds free text: model and field."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField | ArrayField)
            is_free = is_text and not getattr(field, "choices", None) and "currency_code" not in field.name
            if model._meta.app_label in APPS and is_free:
                yield model._meta.label_lower, field.name


def hostile_address() -> dict[str, str]:
    rooms = TEXTS["customers.address"] | {"name": 255, "sparklayer_id": 255}
    return {name: hostile(name[:6], room) for name, room in rooms.items()} | {"country_code": "GB"}


def hostile_line(sku: str, **members: Any) -> dict[str, Any]:
    return line(sku) | {
        "identifiers": {"sku": hostile(sku, 100), hostile("kind"): hostile("id")},
        "name_parent": hostile("parent"),
        "name_child": hostile("child"),
        "custom_attributes": [{"key": hostile("key"), "value": hostile("value")}],
        "tax_lines": [{"title": hostile("tax"), "amount": {"number": "1.00", "currency": "GBP"}}],
        "image_url": LINK,
        "product_slug": hostile("rope"),
        "barcode": hostile("barcode"),
        **members,
    }


def hostile_package(number: int, *lines: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        "identifiers": {kind: hostile(f"{kind}{number}") for kind in ("platform", "internal", "visible")},
        "line_items": list(lines),
        "shipping_method": {
            "name": hostile("method"),
            "sku": hostile("van"),
            "line_total": {"total_net": {"number": "3.00", "currency": "GBP"}},
        },
        "shipping_address": hostile_address(),
        "shipments": [
            {
                "carrier": hostile("carrier"),
                "carrier_id": hostile("carrier id"),
                "tracking_number": hostile("tracking"),
                "tracking_url": LINK,
            }
        ],
        "accounting_files": [hostile_file(f"{number}")],
        **members,
    }


def hostile_file(name: str) -> dict[str, Any]:
    return {
        "identifiers": {"internal": hostile(f"i{name}"), "visible": hostile(f"v{name}")},
        "data": {"uri": LINK},
        "file_type": hostile("invoice"),
    }


def hostile_order(name: str, **members: Any) -> dict[str, Any]:
    """The members of a purchase beside its type and customers, each text of them hostile."""
    first = hostile_line("ROPE")
    ids = {"sku": hostile("AXE", 100)}
    part = hostile_line("AXE", parent_line={"identifiers": first["identifiers"], "relation": "dependent"})
    return {
        "purchase_identifiers": {kind: hostile(f"{kind}{name}") for kind in ("platform", "internal", "visible")},
        "payment_method": "on_account",
        "customer_reference": hostile("PO 7"),
        "currency_code": "GBP",
        "dates": {},
        "billing_address": hostile_address(),
        "packages": [
            hostile_package(1, first, part | {"identifiers": ids}),
            hostile_package(2, hostile_line("ROPE"), dates={"shipped_at": "2026-03-02T10:00:00Z"}),
        ],
        "accounting_files": [hostile_file("0")],
        "custom_fields": [{"name": hostile("field"), "value": hostile("value")}],
        "metadata": [{"name": hostile("meta"), "value": hostile("value")}],
        "tax_lines": [{"title": hostile("tax"), "amount": {"number": "1.00", "currency": "GBP"}}],
        **members,
    }


PUT: dict[str, dict[str, Any]] = {
    "purchasing.purchase": {"type": "order"},
    "quote": {"type": "quote", "quote_status": "sent"},
    "draft": {"type": "quote", "quote_status": "draft"},
    "awaiting": {"type": "awaiting_approval"},
}
"""Purchases of the office that get a hostile document, with what they stay."""


def make_hostile_office(site: Site) -> Office:
    """The office; its head has a login, and so have a `colleague` and an `agent`."""
    office = make_office(site)
    head = office.of(Customer)
    head.user = User.objects.create_user(head.email, PASSWORD)
    head.save()
    office.rows["colleague"] = make_buyer(site, "Colleague", parent=head, email="colleague@example.com")
    office.rows["agent"] = make_buyer(site, "Agency", role="sales-agent", email="agent@example.com")
    make_shipping_method(site, "CAR", groups=["climbers"])
    SellingRule.objects.filter(site=site).update(customer_group="climbers")
    for name, members in PUT.items():
        purchase = office.of(Purchase, name)
        child = {"child": office.of(Customer, "buyer")} if name == "awaiting" else {}
        office.rows[name] = _put(purchase, head, name, members, child)
    order = office.of(Purchase)
    pay(order, "1.00", platform_id="late")
    office.rows["purchasing.package"] = Package.objects.filter(purchase=order).earliest("pk")
    office.rows["purchasing.purchaserevision"] = PurchaseRevision.objects.filter(purchase=order).latest("number")
    faults = [{"code": hostile("code"), "message": hostile("message")}]
    FailedSubmission.objects.create(site=site, purchase=order, at=timezone.now(), author="client:ERP", faults=faults)
    for row in (head, order, *(row for name, row in office.rows.items() if "." in name)):
        LogEntry.objects.create(
            user=office.manager,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=hostile("row", 200),
            action_flag=CHANGE,
            change_message=hostile("changed"),
        )
    _replace_texts(site)
    for row in office.rows.values():
        row.refresh_from_db()
    office.manager.refresh_from_db()
    return office


def _put(
    purchase: Purchase, head: Customer, name: str, members: Mapping[str, Any], child: Mapping[str, Customer]
) -> Purchase:
    customers = {"sparklayer": head.public_id} | ({"sparklayer_child": child["child"].public_id} if child else {})
    return put(
        purchase.site,
        purchase.spark_id,
        hostile_order(name, customer_identifiers=customers, **members),
    )


def _replace_texts(site: Site) -> None:
    """By SQL, past every door."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        quoted = connection.ops.quote_name
        for label, fields in TEXTS.items():
            model = apps.get_model(label)
            of_site = {"site": site} if any(field.name == "site" for field in model._meta.local_fields) else {}
            for row in model._base_manager.filter(**of_site).values("pk", *fields):
                key = row.pop("pk")
                for name, value in row.items():
                    field = model._meta.get_field(name)
                    prepared = field.get_db_prep_save(replaced(value, fields[name]), connection)
                    statement = f"UPDATE {model._meta.db_table} SET {quoted(field.column)} = %s WHERE id = %s"
                    cursor.execute(statement, [prepared, key])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def replaced(value: Any, room: int) -> Any:
    """Every text in it; an e-mail stays one, and what is there none of."""
    match value:
        case str() if "@" in value and " " not in value:
            return f"{EMAIL_LEAD}{value}"
        case str():
            return hostile(value, room) if value else value
        case list():
            return [replaced(item, room) for item in value]
        case dict():
            return {hostile(key, room): replaced(item, room) for key, item in value.items()}
    return value
