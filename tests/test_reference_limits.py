"""The limits, words and needed members of the Core reference, as it prints them, beside those that the API describes.

That what is described is kept to, at each edge and past it, `test_limits.py` shows. A `!` marks what has to be sent; a
member of a body that has a limit and no entry here fails.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.limits import Member, members
from tests.test_limits import CALLS, described

Limits = dict[str, str]


def inside(place: str, limits: Limits) -> Limits:
    """The same limits of members that are further in."""
    return {f"{place}.{name}": limit for name, limit in limits.items()}


def changing(limits: Limits) -> Limits:
    """The same where nothing on the outermost level has to be sent."""
    return {name.replace("!", "") if "[" not in name and "." not in name else name: of for name, of in limits.items()}


INT32, INT32_UP = "-2147483648..2147483647", "0..2147483647"
QUANTITY, UNITS = "0..1000000000", "1..1000000000"
STATUS = "pending discontinued suspended live"

ADDRESS: Limits = {
    "title": "..30",
    "first_name": "..50",
    "last_name": "..50",
    "company": "..128",
    "address_line1!": "1..255",
    "address_line2": "..255",
    "city!": "1..128",
    "region_code": "..10",
    "postal_code": "..20",
    "country_code!": "",
    "phone": "..20",
    "mobile": "..20",
    "external_id": "..50",
    "nickname": "..50",
}
STOCK: Limits = {
    "stock_location_id!": "1..255",
    "stock_level!": INT32,
    "restock_date": "",
    "min_stock_level": INT32,
}
VARIANT: Limits = {
    "external_id": "..100",
    "sku!": "1..100",
    "weight_in_grams": "0..",
    "tax_type": "",
    "position": "",
    "cart_image_url": "..512",
    "rrp": "..1000",
    "rrp[0].value!": "0..",
    "rrp[0].currency_code!": "",
    "options": "..1000",
    "options[0].group!": "1..255",
    "options[0].value!": "..255",
    "status": STATUS,
    "settings": "..1000",
    "settings[0].customer_group!": "1..30",
    "settings[0].pack_size": "1..2147483647",
    "settings[0].reserve_stock_quantity": INT32_UP,
    "settings[0].min_order_quantity": INT32_UP,
    "settings[0].max_order_quantity": INT32_UP,
    "settings[0].min_order_parent_quantity": INT32_UP,
    "settings[0].max_order_parent_quantity": INT32_UP,
    "settings[0].display": "",
    "settings[0].sell": "",
    "stock": "..1000",
    **inside("stock[0]", STOCK),
}
PRODUCT: Limits = {
    "title!": "1..255",
    "slug!": "1..255",
    "external_id": "..100",
    "variants": "..5000",
    **inside("variants[0]", VARIANT),
}
LOCATION: Limits = {"name!": "1..255", "external_id!": "1..255"}
CUSTOMER: Limits = {
    "title": "..30",
    "first_name!": "1..128",
    "last_name!": "1..128",
    "email!": "..255",
    "company_name": "..255",
    "external_id": "..255",
    "accounting_id": "..255",
    "status": "pending active inactive rejected",
    "role": "main limited-customer sales-agent sales-admin",
    "group": "1..30",
    "default_billing_address_id": "..255",
    "default_shipping_address_id": "..255",
    "currency_code": "",
    "sales_agent_groups": "..1000",
    "sales_agent_groups[0]": "1..64",
    "price_lists": "..1000",
    "price_lists[0]": "1..64",
    "vatin_numbers": "..1000",
    "vatin_numbers[0]": "..64",
    "available_shipping_addresses": "..1000",
    "available_shipping_addresses[0]": "..64",
    "discount_percentage": "0..100",
    "tax_exempt": "",
    "payment_by_invoice": "",
    "payment_on_account.credit_limit": "0..",
    "payment_on_account.balance": "",
    "payment_on_account.balance_date": "",
    "payment_on_account.currency_code": "",
    "payment_on_account.net_terms": "0..3650",
    "metadata": "..1000",
    "parent_customer_id": "..255",
}
GROUP: Limits = {"name!": "1..256", "parent_slug": "..30", "price_lists": "..1000", "price_lists[0]": "1..64"}
BREAK: Limits = {
    "quantity": "1..2147483647",
    "price!": "0..",
    "tax_type": "net gross",
    "unit_of_measure": "..64",
    "display_tax_rate": "0..999",
}
BREAKS: Limits = {"pricing!": "..1000", **inside("pricing[0]", BREAK), "display_tax_rate": "0..999"}
PRICE_LIST: Limits = {
    "slug!": "1..64",
    "name!": "1..64",
    "currency_code!": "",
    "source": "custom integration platform",
    "tax_inclusive_display": "",
    "rules": "..100",
    "rules[0].source_price_list_slug!": "1..64",
    "rules[0].adjustment_percentage": "0..1",
    "rules[0].adjustment_direction": "plus minus",
    "rules[0].currency_exchange_rate": "",
}
PRICE: Limits = {"gross!": "", "net!": ""}
ITEM: Limits = {"variant_id": "..255", "sku": "..255", "name": "..255", "quantity!": QUANTITY}
ITEM |= {"line_total!": "", **inside("line_total", PRICE)}
ACTION_ITEM: Limits = {"variant_id": "..255", "sku": "..255", "quantity!": UNITS}
ITEMS: Limits = {"items!": "1..10000"}
NAMES: Limits = {"external_id": "..255", "visible_id": "..255"}
SHIPPED_TO: Limits = {**inside("shipping_address", ADDRESS), "shipping_address_id": "..255"}
ORDER: Limits = {
    "created_at!": "",
    "payment_method!": "upfrontPayment paymentByInvoice paymentOnAccount hokodoPayment other",
    "customer_id!": "1..255",
    "currency_code!": "",
    "packages!": "1..10000",
    **inside(
        "packages[0]",
        {
            **dict.fromkeys(("created_at", "shipped_at", "cancelled_at", "returned_at"), ""),
            **NAMES,
            **ITEMS,
            **inside("items[0]", ITEM),
            **SHIPPED_TO,
            "shipping_name": "..255",
            "shipping_sku": "..255",
            **inside("total_shipping", PRICE),
        },
    ),
    **NAMES,
    "customer_reference": "..512",
    "spark_billing_chargeable": "",
    **inside("billing_address", ADDRESS),
    "billing_address_id": "..255",
    "metadata": "..1000",
    "invoice_url": "..9990",
}
SHIP: Limits = {
    **NAMES,
    "shipped_at!": "",
    "shipment_tracking": "..1000",
    **inside("shipment_tracking[0]", {"company": "..255", "url": "..9990", "reference": "..255"}),
    **SHIPPED_TO,
    **inside("total_shipping", PRICE),
    **ITEMS,
    **inside("items[0]", ACTION_ITEM),
}
CANCEL: Limits = {**NAMES, "cancelled_at!": "", **ITEMS, **inside("items[0]", ACTION_ITEM)}
RETURN: Limits = {
    **NAMES,
    "returned_at!": "",
    **ITEMS,
    **inside("items[0]", ACTION_ITEM | inside("refund_total", PRICE)),
    **inside("refund_shipping", PRICE),
}
PACKAGE: Limits = {**inside("total_shipping", PRICE), **ITEMS, **inside("items[0]", ITEM)}
METHOD: Limits = {
    "sku!": "1..50",
    "title!": "1..50",
    "prority": "0..127",
    "countries!": "1..1000",
    "countries[0]": "",
    "groups": "..1000",
    "groups[0]": "1..30",
    "bands": "..1000",
    **inside(
        "bands[0]",
        {
            "name": "..255",
            "priority": "0..127",
            "sku": "..50",
            "requirement.type!": "weight price",
            "requirement.min": "0..",
            "requirement.max": "0..",
            "requirement.currency_code": "",
            "cost!": "",
            "cost.type!": "free fixed",
            "cost.amount": "0..",
            "cost.currency_code": "",
        },
    ),
}
LEVELS: Limits = {"stock_location_id": "1..255", "stock_location_external_id": "1..255", "sku!": "1..100"}
LEVELS |= {name: limit for name, limit in STOCK.items() if name != "stock_location_id!"}

REFERENCE: dict[tuple[str, str], Limits] = {
    ("products", "POST"): PRODUCT,
    ("products/<segment:id>", "PATCH"): {name.replace("sku!", "sku"): of for name, of in changing(PRODUCT).items()}
    | {"variants[0].id": "..255"},
    ("variants/<segment:id>", "PATCH"): changing(VARIANT),
    ("variants/<segment:sku>/stock", "PATCH"): {"": "..1000", **inside("[0]", STOCK)},
    ("batch-update-stock", "POST"): {"": "..10000", **inside("[0]", LEVELS)},
    ("batch-fetch-stock", "POST"): {
        "skus!": "..10000",
        "skus[0]": "..255",
        "filter.stock_location_ids": "..1000",
        "filter.stock_location_ids[0]": "1..255",
        "filter.all_stock_locations": "",
    },
    ("batch-delete-stock", "POST"): {"skus!": "..10000", "skus[0]": "..255"},
    ("stock-locations", "POST"): LOCATION,
    ("stock-locations/<segment:id>", "PATCH"): changing(LOCATION),
    ("price-lists", "POST"): PRICE_LIST,
    ("price-lists/<segment:slug>", "PATCH"): changing(PRICE_LIST),
    ("price-lists/<segment:slug>/pricing", "PATCH"): {"": "..50000", **inside("[0]", {"sku!": "1..100"} | BREAKS)},
    **{
        (f"{address}", "PATCH"): {"": "..1000", **inside("[0]", {"price_list_slug!": "1..64"} | BREAKS)}
        for address in ("pricing/<segment:sku>", "variants/<segment:sku>/pricing")
    },
    ("batch-update-pricing", "PATCH"): {
        "": "..50000",
        **inside("[0]", {"sku!": "1..100", "price_list_slug!": "1..64"} | BREAKS),
    },
    ("calculate-pricing", "POST"): {
        "skus!": "..10000",
        "skus[0]": "..255",
        "price_list_slugs!": "..1000",
        "price_list_slugs[0]": "..255",
    },
    ("fetch-customer-pricing", "POST"): {
        "customer_id": "..255",
        "customer_lookup_by": "sparklayer platform external_id email",
        "line_items!": "..10000",
        "line_items[0].sku!": "..255",
        "line_items[0].quantity": "1..2147483647",
    },
    ("customers", "POST"): CUSTOMER,
    ("customers/<segment:id>", "PATCH"): changing(CUSTOMER),
    ("customers/<segment:id>/addresses", "POST"): ADDRESS,
    ("customers/<segment:id>/addresses/<segment:id2>", "PATCH"): changing(ADDRESS),
    ("customers/<segment:id>/ledger", "POST"): {
        "kind!": "opening manual",
        "currency_code!": "",
        "amount!": "",
        "reference!": "1..255",
        "reason": "..10000",
        "value_date": "",
    },
    ("customer-groups", "POST"): {"slug!": "1..30"} | GROUP,
    ("customer-groups/<segment:slug>", "PATCH"): changing(GROUP),
    ("customer-groups/<segment:slug>/settings", "PATCH"): {
        "": "..1000",
        "[0].key!": "orderTotalsValidation",
        "[0].value!": "..1000",
        "[0].value[0].currency_code!": "",
        "[0].value[0].minimum_value!": "0..",
        "[0].value[0].compare_type": "gross net",
    },
    ("settings", "PATCH"): {"": "..1000", "[0].key!": "..255", "[0].value!": ""},
    ("shipping-methods", "POST"): METHOD,
    ("shipping-methods/<segment:id>", "PATCH"): changing(METHOD),
    ("orders", "POST"): ORDER,
    ("orders/<segment:order_id>", "PATCH"): {"invoice_url": "..9990"},
    **{
        (f"orders/<segment:order_id>/{action}", "POST"): limits
        for word, limits in (("ship", SHIP), ("cancel", CANCEL), ("return", RETURN))
        for action in (word, f"{word}-items")
    },
    **{("orders/<segment:order_id>/packages/<segment:package_id>", verb): PACKAGE for verb in ("PATCH", "PUT")},
}
"""By address and verb."""


def limit_of(member: Member) -> str | None:
    """How far it may go; None for what only holds other members."""
    form: dict[str, Any] = member.schema
    if "enum" in form or "const" in form:
        return " ".join(form.get("enum", [form.get("const")]))
    low, high = {
        "string": ("minLength", "maxLength"),
        "array": ("minItems", "maxItems"),
        "object": ("minProperties", "maxProperties"),
    }.get(str(form.get("type")), ("minimum", "maximum"))
    limits = [form.get(name) for name in (low, high)]
    if limits == [None, None]:
        return None if form.get("type") == "object" and not member.is_required else ""
    return "..".join("" if limit is None else str(limit) for limit in limits)


@pytest.mark.parametrize(("address", "verb"), REFERENCE)
def test_the_description_has_the_limits_of_the_reference(address: str, verb: str) -> None:
    found = {
        f"{member.name}{'!' * (member.is_required and bool(member.name))}": limit
        for member in members(described(f"api/v1/{address}", verb))
        if (limit := limit_of(member)) is not None and (member.name or limit)
    }
    assert found == REFERENCE[address, verb]


def test_every_body_of_the_core_api_has_its_limits() -> None:
    assert {(f"api/v1/{address}", verb) for address, verb in REFERENCE} == {
        call for call in CALLS if call[0].startswith("api/v1/")
    }
