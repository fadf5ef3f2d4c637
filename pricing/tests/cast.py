"""Price lists and prices for tests, made through the doors that everybody uses; and the reference's samples."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from core.models import Site
from pricing.documents import NewPriceList, SkuPrices
from pricing.models import Price, PriceList
from pricing.operations import create_price_list, update_price_list
from pricing.sent_prices import read_rows

LISTS = "/api/v1/price-lists"
PRICING = "/api/v1/pricing"


def sample(name: str) -> Any:
    """A body as the reference prints it, such as `price-list-create.request`."""
    return orjson.loads((Path(__file__).parent / "samples" / f"{name}.json").read_bytes())


def make_price_list(
    site: Site,
    slug: str = "base",
    /,
    *,
    currency: str = "GBP",
    rules: Sequence[dict[str, Any]] = (),
    **prices: Sequence[str | tuple[int, str]],
) -> PriceList:
    """A list with prices by SKU: each the price from one piece on, or (quantity, price)."""
    body = {"slug": slug, "name": f"List {slug}", "currency_code": currency, "rules": list(rules)}
    price_list = create_price_list(site=site, document=NewPriceList.model_validate(body))
    put_prices(price_list, **prices)
    return price_list


def put_prices(price_list: PriceList, **prices: Sequence[str | tuple[int, str]]) -> None:
    rows = [{"sku": sku, "pricing": [_break(item) for item in breaks]} for sku, breaks in prices.items()]
    update_price_list(site=price_list.site, slug=price_list.slug, sent=read_rows(SkuPrices, rows))


def rule(source: str, percentage: str = "0", direction: str = "minus", rate: str | None = None) -> dict[str, Any]:
    """A rule on the wire; without `rate` it says nothing of one."""
    body = {
        "source_price_list_slug": source,
        "adjustment_percentage": percentage,
        "adjustment_direction": direction,
    }
    return body if rate is None else body | {"currency_exchange_rate": rate}


def stored(site: Site) -> list[tuple[str, str, int, str]]:
    """Every price of the site: list, SKU, quantity, price."""
    rows = Price.objects.for_site(site).order_by("price_list__slug", "sku", "quantity")
    return [(row.price_list.slug, row.sku, row.quantity, f"{row.price.normalize():f}") for row in rows]


def faults(answer: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


def lines(answer: Any) -> list[tuple[int, str]]:
    """Where a refusal sees faults; it is a bare array."""
    assert answer.status_code == 400
    assert [sorted(row) for row in answer.json()] == [["field", "line", "message"]] * len(answer.json())
    return [(row["line"], row["field"]) for row in answer.json()]


def _break(item: str | tuple[int, str]) -> dict[str, Any]:
    quantity, price = (1, item) if isinstance(item, str) else item
    return {"quantity": quantity, "price": price}
