"""GET /api/v1/products/{id}."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from catalog.tests.cast import PRODUCTS, caller_with, make_location, make_product, put_in_stock
from core.models import Site
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer


def test_by_our_id_and_by_its_own(api: ApiCaller, site: Site) -> None:
    product = make_product(site, "A", external_id="a/b c%?")

    answers = [api.get(f"{PRODUCTS}/{name}") for name in (product.public_id, quote("a/b c%?", safe=""))]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("name", ["pp_0", "pp_999999", "pp_", "pp_x", "pv_1", "unknown", "A"])
def test_what_is_not_there(api: ApiCaller, site: Site, name: str) -> None:
    make_product(site, "A")
    answer = api.get(f"{PRODUCTS}/{name}")
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("scopes", "status", "levels"),
    [
        (["products.read"], 200, []),
        (["products"], 200, []),
        (["products.read", "products.stock.read"], 200, [4]),
        (["products.read", "products.stock"], 200, [4]),
        (["products.stock"], 403, None),
        (["products.pricing"], 403, None),
    ],
)
def test_stock_is_shown_to_who_may_read_it(
    site: Site, scopes: list[str], status: int, levels: list[int] | None
) -> None:
    product = make_product(site, "A")
    put_in_stock(make_location(site), A=4)

    answer = caller_with(site, *scopes).get(f"{PRODUCTS}/{product.public_id}")

    assert answer.status_code == status
    if levels is not None:
        assert [row["stock_level"] for row in answer.json()["variants"][0]["stock"]] == levels


def test_a_customer_reads_what_is_live(site: Site) -> None:
    buyer = make_buyer(site)
    assert buyer.user is not None
    person = make_person_caller(site, buyer.user)
    variants = [{"sku": status, "status": status} for status in ("live", "pending", "suspended", "discontinued")]
    mixed = make_product(site, "mixed", variants=variants)
    hidden = make_product(site, "hidden", variants=[{"sku": "other", "status": "suspended"}])
    put_in_stock(make_location(site), live=4)

    shown = person.get(f"{PRODUCTS}/{mixed.public_id}")

    assert [(row["sku"], row["stock"]) for row in shown.json()["variants"]] == [("live", [])]
    unknown = person.get(f"{PRODUCTS}/pp_999999")
    kept_back = person.get(f"{PRODUCTS}/{hidden.public_id}")
    assert (kept_back.status_code, kept_back.content) == (404, unknown.content)
    assert person.patch(f"{PRODUCTS}/{mixed.public_id}", json={"title": "Mine"}).status_code == 403
    assert person.post(PRODUCTS, json={"title": "Mine", "slug": "mine"}).status_code == 403
