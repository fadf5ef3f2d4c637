"""Which scope opens which address: the writing one every verb, the reading one what only reads, all others nothing."""

from __future__ import annotations

import pytest

from core.models import Site
from core.scopes import WRITE_SCOPES, read_scope
from tests.callers import ApiCaller, make_caller
from tests.test_every_address import CALLS, path_of
from tests.test_who_sees_what import READ_BY_POST

BY_START: dict[str, set[str]] = {
    "api/v1/variants/<segment:sku>/stock": {"products.stock"},
    "api/v1/variants/<segment:sku>/pricing": {"products.pricing"},
    "api/v1/products": {"products"},
    "api/v1/variants": {"products"},
    "api/v1/batch-fetch-stock": {"products.stock"},
    "api/v1/batch-update-stock": {"products.stock"},
    "api/v1/batch-delete-stock": {"products.stock"},
    "api/v1/price-lists/<segment:slug>/pricing": {"products.pricing"},
    "api/v1/price-lists": {"setup", "products.pricing"},
    "api/v2/price-lists": {"setup", "products.pricing"},
    "api/v1/pricing": {"products.pricing"},
    "api/v1/batch-update-pricing": {"products.pricing"},
    "api/v1/calculate-pricing": {"products.pricing"},
    "api/v1/fetch-customer-pricing": {"products.pricing"},
    "api/v1/customers/<segment:id>/open-lines": {"orders"},
    "api/v1/customers": {"customers"},
    "api/v2/customers": {"customers"},
    "api/v1/orders": {"orders"},
    "api/v1/purchases": {"orders"},
    "api/v1/purchase-transactions": {"orders"},
    "api/v1/customer-groups": {"setup"},
    "api/v1/settings": {"setup"},
    "api/v1/shipping-methods": {"setup"},
    "api/v1/stock-locations": {"setup"},
}
"""By the first of these that an address begins with: each of its scopes is enough."""


def scopes_of(route: str) -> set[str]:
    return next(scopes for start, scopes in BY_START.items() if route == start or route.startswith(f"{start}/"))


@pytest.fixture
def callers(site: Site) -> dict[str, ApiCaller]:
    """A program with each scope alone."""
    scopes = [*WRITE_SCOPES, *map(read_scope, WRITE_SCOPES)]
    return {scope: make_caller(site, name=scope, scopes=[scope]) for scope in scopes}


def test_a_scope_opens_what_it_is_for_and_nothing_else(callers: dict[str, ApiCaller]) -> None:
    wrong = []
    for route, verb in CALLS:
        reads = verb == "GET" or (route, verb) in READ_BY_POST
        opening = scopes_of(route) | (set(map(read_scope, scopes_of(route))) if reads else set())
        for scope, caller in callers.items():
            answer = caller.request(verb, path_of(route), body=b"" if verb == "GET" else b"{}")
            refused = answer.status_code == 403 and answer.json()["errors"][0]["code"] == "scope-missing"
            if refused == (scope in opening) or answer.status_code >= 500:
                wrong.append(f"{scope}: {verb} {route} → {answer.status_code}")
    assert wrong == []


def test_every_scope_opens_something() -> None:
    assert {scope for route, _verb in CALLS for scope in scopes_of(route)} == set(WRITE_SCOPES)
