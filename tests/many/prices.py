"""Price lists and prices, many at once."""

from __future__ import annotations

from typing import Any

from customers.models import CustomerGroup
from pricing.models import Price, PriceList, PriceListRule
from tests.cast import make_customer
from tests.many.stage import V1, Call, Calls, Stage


def _lists(stage: Stage, size: int) -> list[PriceList]:
    return PriceList.objects.bulk_create(
        PriceList(site=stage.site, slug=name, name=name, currency_code="GBP") for name in stage.names(size)
    )


def _ruled(stage: Stage, size: int) -> PriceList:
    """A list with so many rules."""
    [price_list], sources = _lists(stage, 1), _lists(stage, size)
    PriceListRule.objects.bulk_create(
        PriceListRule(site=stage.site, price_list=price_list, position=place, source_price_list=source)
        for place, source in enumerate(sources)
    )
    return price_list


def _priced(stage: Stage, size: int) -> tuple[PriceList, list[str]]:
    """A list with so many SKUs."""
    [price_list], skus = _lists(stage, 1), stage.names(size)
    Price.objects.bulk_create(Price(site=stage.site, price_list=price_list, sku=sku, price=9) for sku in skus)
    return price_list, skus


def _rules(stage: Stage, size: int) -> list[dict[str, Any]]:
    return [{"source_price_list_slug": source.slug} for source in _lists(stage, size)]


def list_price_lists(stage: Stage, size: int) -> Call:
    for _ in range(3 if size > 1 else 1):
        _ruled(stage, min(size, 100))
    _lists(stage, size)
    return Call("GET", f"{V1}/price-lists")


def page_price_lists(stage: Stage, size: int) -> Call:
    return Call("GET", f"{list_price_lists(stage, size).path.replace('v1', 'v2')}?page_size=250")


def create_price_list(stage: Stage, size: int) -> Call:
    name = stage.name()
    body = {"slug": name, "name": name, "currency_code": "GBP", "rules": _rules(stage, size)}
    return Call("POST", f"{V1}/price-lists", body)


def read_price_list(stage: Stage, size: int) -> Call:
    return Call("GET", f"{V1}/price-lists/{_ruled(stage, size).slug}")


def change_price_list(stage: Stage, size: int) -> Call:
    return Call("PATCH", f"{V1}/price-lists/{_ruled(stage, size).slug}", {"rules": _rules(stage, size)})


def read_prices(stage: Stage, size: int) -> Call:
    return Call("GET", f"{V1}/price-lists/{_priced(stage, size)[0].slug}/pricing")


def change_prices(stage: Stage, size: int) -> Call:
    price_list, skus = _priced(stage, size)
    rows = [{"sku": sku, "pricing": [{"price": 8}, {"quantity": 10, "price": 7}]} for sku in skus]
    return Call("PATCH", f"{V1}/price-lists/{price_list.slug}/pricing", rows)


def read_pricing(stage: Stage, size: int) -> Call:
    sku = stage.name()
    Price.objects.bulk_create(Price(site=stage.site, price_list=row, sku=sku, price=9) for row in _lists(stage, size))
    return Call("GET", f"{V1}/pricing/{sku}")


def change_pricing(stage: Stage, size: int) -> Call:
    rows = [{"price_list_slug": row.slug, "pricing": [{"price": 8}]} for row in _lists(stage, size)]
    return Call("PATCH", f"{V1}/pricing/{stage.name()}", rows)


def read_older_pricing(stage: Stage, size: int) -> Call:
    return Call("GET", read_pricing(stage, size).path.replace("pricing/", "variants/") + "/pricing")


def change_older_pricing(stage: Stage, size: int) -> Call:
    call = change_pricing(stage, size)
    return Call("PATCH", call.path.replace("pricing/", "variants/") + "/pricing", call.json)


def update_prices(stage: Stage, size: int) -> Call:
    rows = [
        {"sku": sku, "price_list_slug": row.slug, "pricing": [{"price": 8}]}
        for sku, row in zip(stage.names(size), _lists(stage, size), strict=True)
    ]
    return Call("PATCH", f"{V1}/batch-update-pricing", rows)


def calculate(stage: Stage, size: int) -> Call:
    price_list, skus = _priced(stage, size)
    slugs = [row.slug for row in _lists(stage, size)]
    return Call("POST", f"{V1}/calculate-pricing", {"skus": skus, "price_list_slugs": [*slugs, price_list.slug]})


def fetch_customer_prices(stage: Stage, size: int) -> Call:
    price_list, skus = _priced(stage, size)
    CustomerGroup.objects.filter(site=stage.site, slug="default").update(price_lists=[price_list.slug])
    items = [{"sku": sku, "quantity": 3} for sku in skus]
    body = {"customer_id": make_customer(stage.site).public_id, "line_items": items}
    return Call("POST", f"{V1}/fetch-customer-pricing", body)


CALLS: Calls = {
    ("GET", "/api/v1/price-lists"): list_price_lists,
    ("GET", "/api/v2/price-lists"): page_price_lists,
    ("POST", "/api/v1/price-lists"): create_price_list,
    ("GET", "/api/v1/price-lists/{slug}"): read_price_list,
    ("PATCH", "/api/v1/price-lists/{slug}"): change_price_list,
    ("GET", "/api/v1/price-lists/{slug}/pricing"): read_prices,
    ("PATCH", "/api/v1/price-lists/{slug}/pricing"): change_prices,
    ("GET", "/api/v1/pricing/{sku}"): read_pricing,
    ("PATCH", "/api/v1/pricing/{sku}"): change_pricing,
    ("GET", "/api/v1/variants/{sku}/pricing"): read_older_pricing,
    ("PATCH", "/api/v1/variants/{sku}/pricing"): change_older_pricing,
    ("PATCH", "/api/v1/batch-update-pricing"): update_prices,
    ("POST", "/api/v1/calculate-pricing"): calculate,
    ("POST", "/api/v1/fetch-customer-pricing"): fetch_customer_prices,
}
