"""Two sites that hold the same things under the same names, and what of one must never reach the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from catalog.models import Product, ProductVariant, StockLocation
from core.models import Site
from customers.models import Address, Customer
from purchasing.models import (
    FailedSubmission,
    LineItem,
    Package,
    Purchase,
    PurchaseComment,
    PurchaseHistory,
    PurchaseMail,
    PurchaseTransaction,
    ShippingMethod,
)
from tests.callers import ApiCaller
from tests.cast import line, make_masquerade, package

CUSTOMERS = "/api/v1/customers"
PURCHASES = "/api/v1/purchases"
PRODUCTS = "/api/v1/products"
VARIANTS = "/api/v1/variants"
LOCATIONS = "/api/v1/stock-locations"
PRICE_LISTS = "/api/v1/price-lists"
GROUPS = "/api/v1/customer-groups"
METHODS = "/api/v1/shipping-methods"
ADDRESS = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}


@dataclass(frozen=True)
class Furniture:
    """The ids of what was put into a site under names with this prefix."""

    prefix: str
    customer: str
    address: str
    spark_id: str
    transaction: str
    etag: str
    order: str
    package: str
    product: str
    variant: str
    location: str
    shipping_method: str


def furnish(api: ApiCaller, *, prefix: str = "") -> Furniture:
    """A company with a child, an agent, an address, an order on account, paid in part; a rope in stock, its price."""
    ids = {}
    for name in ("HEAD", "CHILD", "AGENT"):
        body = {"first_name": name, "last_name": "Jones", "email": f"{prefix}{name}@example.com"}
        body["external_id"] = f"{prefix}{name}"
        ids[name] = done(api.post(CUSTOMERS, json=body)).json()["id"]
    address = done(api.post(f"{CUSTOMERS}/{ids['HEAD']}/addresses", json=ADDRESS | {"external_id": f"{prefix}DOCK"}))
    child = {"parent_customer_id": f"{prefix}HEAD", "default_billing_address_id": f"{prefix}DOCK"}
    done(api.patch(f"{CUSTOMERS}/{ids['CHILD']}", json=child | {"default_shipping_address_id": f"{prefix}DOCK"}))
    purchase = done(api.put(f"{PURCHASES}/internal/{prefix}I-1", json=order_of(prefix)))
    payment = {"platform_id": f"{prefix}pay", "total": "4", "currency_code": "GBP", "apply_to_balance": True}
    row = Purchase.objects.get(site__slug=api.headers["Site-Id"], internal_id=f"{prefix}I-1")
    PurchaseComment.objects.create(site=row.site, purchase=row, text="Call them", author="", created_at=row.stored_at)
    PurchaseMail.objects.create(site=row.site, purchase=row, kind="confirmed", noted_at=row.stored_at)
    FailedSubmission.objects.create(site=row.site, purchase=row, at=row.stored_at, author="", faults=[])
    make_masquerade(Customer.objects.get(site=row.site, external_id=f"{prefix}HEAD"))
    transaction = done(api.put(f"{PURCHASES}/internal/{prefix}I-1/transactions", json=payment)).json()
    location = done(api.post(LOCATIONS, json={"name": "Quay", "external_id": f"{prefix}QUAY"})).json()
    done(api.post(GROUPS, json={"slug": f"{prefix}climbers", "name": "Climbers"}))
    minimum = {"currency_code": "GBP", "minimum_value": 5, "compare_type": "gross"}
    settings = [{"key": "orderTotalsValidation", "value": [minimum]}]
    assert api.patch(f"{GROUPS}/{prefix}climbers/settings", json=settings).status_code == 204
    van = {"sku": f"{prefix}VAN", "title": "Van", "countries": ["GB"], "bands": [{"cost": {"type": "free"}}]}
    method = done(api.post(METHODS, json=van)).json()
    product = done(api.post(PRODUCTS, json=rope(prefix))).json()
    base = {"slug": f"{prefix}base", "name": "Base", "currency_code": "gbp"}
    done(api.post(PRICE_LISTS, json=base))
    rules = [
        {"source_price_list_slug": f"{prefix}base", "adjustment_percentage": 0.15, "adjustment_direction": "minus"}
    ]
    done(api.post(PRICE_LISTS, json=base | {"slug": f"{prefix}trade", "name": "Trade", "rules": rules}))
    prices = [{"price_list_slug": f"{prefix}base", "pricing": [{"price": 90}]}]
    done(api.patch(f"/api/v1/pricing/{prefix}ROPE", json=prices))
    return Furniture(
        prefix=prefix,
        customer=ids["HEAD"],
        address=address.json()["id"],
        spark_id=purchase.json()["purchase_identifiers"]["sparklayer"],
        transaction=transaction["id"],
        etag=done(api.get(f"{PURCHASES}/internal/{prefix}I-1"))["ETag"],
        order=purchase.json()["id"],
        package=purchase.json()["packages"][0]["id"],
        product=product["id"],
        variant=product["variants"][0]["id"],
        location=location["id"],
        shipping_method=method["id"],
    )


def rope(prefix: str = "") -> dict[str, Any]:
    variant = {
        "sku": f"{prefix}ROPE",
        "external_id": f"{prefix}ROPE-1",
        "status": "live",
        "rrp": [{"value": 90, "currency_code": "gbp"}],
        "options": [{"group": "Length", "value": "60 m"}],
        "settings": [{"customer_group": "default", "reserve_stock_quantity": 2}],
        "stock": [{"stock_location_id": f"{prefix}QUAY", "stock_level": 9}],
    }
    slug = f"{prefix}rope"
    return {"title": f"{prefix}Rope", "slug": slug, "external_id": f"{prefix}ROPES", "variants": [variant]}


def order_of(prefix: str = "", **members: Any) -> dict[str, Any]:
    return {
        "type": "order",
        "purchase_identifiers": {"platform": f"{prefix}P-1", "visible": f"{prefix}V-1"},
        "customer_identifiers": {
            "sparklayer": f"{prefix}CHILD",
            "sparklayer_child": f"{prefix}CHILD",
            "sparklayer_impersonator": f"{prefix}AGENT",
        },
        "payment_method": "on_account",
        "dates": {"placed_at": "2026-01-31T09:30:00Z"},
        "packages": [package(line("ROPE"), line("AXE"))],
    } | members


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer


def marks_of(site: Site) -> set[bytes]:
    """Every id of this site's rows as an answer would quote it."""
    named: list[str] = []
    prefixes: dict[type[Model], str] = {
        Customer: "cu_",
        Address: "ca_",
        Purchase: "o_",
        Package: "orp_",
        LineItem: "orp_",
        Product: "pp_",
        ProductVariant: "pv_",
        StockLocation: "sl_",
        ShippingMethod: "sm_",
    }
    for model, prefix in prefixes.items():
        rows: Any = model._default_manager.filter(site=site)
        named += [f"{prefix}{number}" for number in rows.values_list("pk", flat=True)]
    named += [str(spark_id) for spark_id in Purchase.objects.filter(site=site).values_list("spark_id", flat=True)]
    for model in (PurchaseTransaction, PurchaseHistory):
        named += [str(number) for number in model._default_manager.filter(site=site).values_list("pk", flat=True)]
    return {f'"{name}"'.encode() for name in named}


def rows_of(site: Site) -> dict[str, list[dict[str, Any]]]:
    """Every row of the site as it stands, but those that tell of calls alone: tokens, keys, counters."""
    return {
        model._meta.label: list(model._base_manager.filter(site=site).order_by("pk").values())
        for model in apps.get_models()
        if model._meta.app_label != "core" and any(field.name == "site" for field in model._meta.local_fields)
    }
