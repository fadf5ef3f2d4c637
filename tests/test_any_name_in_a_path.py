"""Whatever an identifier is made of, its escaped form leads to it, at every address and under every verb."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from tests.callers import ApiCaller
from tests.test_every_address import CALLS
from tests.test_sites_are_alone import BODIES, COUNTED, CREATES, OF_ANY_SKU, UNKNOWN_IS_400
from tests.two_sites import ADDRESS, CUSTOMERS, GROUPS, LOCATIONS, METHODS, PRICE_LISTS, PRODUCTS, done, rope

NAMES = ["a/b", "%2F", "100% c?d=e#f", "a+b&c;d", "Größe 42/日本", "../..", "."]
OF_OURS = {"transaction_id"}
"""Parameters that take ids of ours alone."""

BY_NAME = [
    (route, verb)
    for route, verb in CALLS
    if "<" in route and (route, verb) not in CREATES and not OF_OURS.intersection(re.findall(r":(\w+)>", route))
]
MEANT = {
    ("api/v1/orders/<segment:order_id>/return", "POST"): 400,  # nothing of it was shipped
    ("api/v1/orders/<segment:order_id>/return-items", "POST"): 400,
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/accept", "POST"): 409,  # nothing waits to be decided on
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/approve", "POST"): 409,
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>/reject", "POST"): 409,
    ("api/v1/customers/<segment:id>", "DELETE"): 204,
}
"""What is answered where the thing that was found stands in the way."""
BODY_OF = BODIES | {
    ("api/v1/purchases/<segment:lookup_by>/<segment:identifier>", "DELETE"): None,
    ("api/v1/pricing/<segment:sku>", "PATCH"): [],
    ("api/v1/variants/<segment:sku>/pricing", "PATCH"): [],
}
QUERIES = {"api/v1/purchases/<segment:lookup_by>/<segment:identifier>/diff": "?from=1&to=1"}


def furnish_as(api: ApiCaller, name: str) -> None:
    """A site on which everything is called by one name."""
    person = {"first_name": "Tom", "last_name": "Jones", "email": "tom@example.com", "currency_code": "GBP"}
    done(api.post(CUSTOMERS, json=person | {"external_id": name}))
    done(api.post(f"{CUSTOMERS}/{quote(name, safe='')}/addresses", json=ADDRESS | {"external_id": name}))
    done(api.post(LOCATIONS, json={"name": "Quay", "external_id": "QUAY"}))
    done(api.post(LOCATIONS, json={"name": "Dock", "external_id": name}))
    variant = rope()["variants"][0] | {"sku": name, "external_id": name}
    done(api.post(PRODUCTS, json=rope() | {"external_id": name, "variants": [variant]}))
    done(api.post(PRICE_LISTS, json={"slug": name, "name": "Base", "currency_code": "gbp"}))
    prices = [{"price_list_slug": name, "pricing": [{"price": 90}]}]
    done(api.patch(f"/api/v1/pricing/{quote(name, safe='')}", json=prices))
    done(api.post(GROUPS, json={"slug": name, "name": "Climbers"}))
    done(api.post(METHODS, json={"sku": name, "title": "Van", "countries": ["GB"]}))
    item = {"sku": "ROPE", "name": "Rope", "quantity": 3, "line_total": {"net": 10, "gross": 12}}
    order = {
        "created_at": "2026-01-31T09:30:00Z",
        "payment_method": "other",
        "customer_id": name,
        "currency_code": "gbp",
        "external_id": name,
        "packages": [{"external_id": name, "items": [item], "shipping_address": ADDRESS}],
    }
    done(api.post("/api/v1/orders", json=order))


def ask(api: ApiCaller, route: str, verb: str, name: str) -> Any:
    """The answer where every parameter is this name; nothing of it remains."""
    given = COUNTED | {"lookup_by": "internal"}
    path = "/" + re.sub(r"<segment:(\w+)>", lambda found: given.get(found[1], quote(name, safe="")), route)
    body = BODY_OF.get((route, verb))
    with transaction.atomic():
        answer = api.request(verb, path + QUERIES.get(route, ""), **({} if body is None else {"json": body}))
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("name", NAMES)
def test_it_is_found_under_its_name_and_nothing_under_another(api: ApiCaller, name: str) -> None:
    furnish_as(api, name)
    wrong = []
    for route, verb in BY_NAME:
        found, other = ask(api, route, verb, name), ask(api, route, verb, f"{name}x")
        expected = MEANT.get((route, verb))
        if found.status_code not in ((200, 204) if expected is None else (expected,)):
            wrong.append((verb, route, found.content))
        unknown = 200 if route in OF_ANY_SKU else 400 if route.startswith(UNKNOWN_IS_400) else 404
        if other.status_code != unknown or (unknown == 200 and other.json() != []):
            wrong.append((verb, route, other.content))
    assert wrong == []


def test_it_is_split_before_it_is_read(api: ApiCaller) -> None:
    """An escaped slash never parts an address; one as it stands does."""
    furnish_as(api, "a/b")
    assert api.get(f"{CUSTOMERS}/a%2Fb").status_code == 200
    assert api.get(f"{CUSTOMERS}/a/b").status_code == 404
    assert api.get(f"{CUSTOMERS}/a%252Fb").status_code == 404
    assert api.get(f"{CUSTOMERS}/a%2Fb/addresses/").status_code == 200
