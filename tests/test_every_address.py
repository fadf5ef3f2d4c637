"""A walk over every address of the API: none answers without a token, or to another site's token.

An address that is not listed here fails the walk, so that nobody adds one without deciding who may call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from core.models import Site
from tests.callers import ApiCaller

PUBLIC = {
    "api/auth/token": {"POST"},
    "api/v1/schema": {"GET"},
    "api/v1/docs": {"GET"},
}
"""Addresses that need no token."""

KNOWN: dict[str, set[str]] = {
    "api/v1/purchases": {"GET"},
    "api/v1/purchases/bulk": {"POST"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>": {"GET", "PUT", "DELETE"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/transactions": {"GET", "PUT", "POST"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/history": {"GET"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/revisions": {"GET"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/accept": {"POST"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/approve": {"POST"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/reject": {"POST"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/revisions/<segment:number>": {"GET"},
    "api/v1/purchases/<segment:lookup_by>/<segment:identifier>/diff": {"GET"},
    "api/v1/purchase-transactions": {"GET", "PUT"},
    "api/v1/purchase-transactions/bulk": {"POST"},
    "api/v1/purchase-transactions/<segment:transaction_id>": {"GET"},
    "api/v1/orders": {"GET", "POST"},
    "api/v1/orders/<segment:order_id>": {"GET", "PATCH"},
    "api/v1/orders/<segment:order_id>/ship": {"POST"},
    "api/v1/orders/<segment:order_id>/ship-items": {"POST"},
    "api/v1/orders/<segment:order_id>/cancel": {"POST"},
    "api/v1/orders/<segment:order_id>/cancel-items": {"POST"},
    "api/v1/orders/<segment:order_id>/return": {"POST"},
    "api/v1/orders/<segment:order_id>/return-items": {"POST"},
    "api/v1/orders/<segment:order_id>/packages/<segment:package_id>": {"PATCH", "PUT"},
    "api/v1/customers": {"GET", "POST"},
    "api/v1/customers/<segment:id>": {"GET", "PATCH", "DELETE"},
    "api/v1/customers/<segment:id>/addresses": {"GET", "POST"},
    "api/v1/customers/<segment:id>/addresses/<segment:id2>": {"PATCH", "DELETE"},
    "api/v1/customers/<segment:id>/ledger": {"GET", "POST"},
    "api/v1/customers/<segment:id>/ledger.csv": {"GET"},
    "api/v1/customers/<segment:id>/ledger.pdf": {"GET"},
    "api/v1/customers/<segment:id>/statement": {"GET"},
    "api/v1/customers/<segment:id>/statement.csv": {"GET"},
    "api/v1/customers/<segment:id>/statement.pdf": {"GET"},
    "api/v1/customers/<segment:id>/credit": {"GET"},
    "api/v1/customers/<segment:id>/open-lines": {"GET"},
    "api/v1/products": {"GET", "POST"},
    "api/v1/products/<segment:id>": {"GET", "PATCH"},
    "api/v1/variants": {"GET"},
    "api/v1/variants/<segment:id>": {"GET", "PATCH"},
    "api/v1/variants/<segment:sku>/stock": {"GET", "PATCH"},
    "api/v1/batch-fetch-stock": {"POST"},
    "api/v1/batch-update-stock": {"POST"},
    "api/v1/batch-delete-stock": {"POST"},
    "api/v1/stock-locations": {"GET", "POST"},
    "api/v1/stock-locations/<segment:id>": {"GET", "PATCH"},
    "api/v1/price-lists": {"GET", "POST"},
    "api/v2/price-lists": {"GET"},
    "api/v1/price-lists/<segment:slug>": {"GET", "PATCH", "DELETE"},
    "api/v1/price-lists/<segment:slug>/pricing": {"GET", "PATCH", "DELETE"},
    "api/v1/pricing/<segment:sku>": {"GET", "PATCH"},
    "api/v1/variants/<segment:sku>/pricing": {"GET", "PATCH"},
    "api/v1/batch-update-pricing": {"PATCH"},
    "api/v1/calculate-pricing": {"POST"},
    "api/v1/fetch-customer-pricing": {"POST"},
    "api/v2/customers/<segment:lookup_by>/<segment:identifier>": {"PUT"},
    "api/v1/customer-groups": {"GET", "POST"},
    "api/v1/customer-groups/<segment:slug>": {"PATCH", "DELETE"},
    "api/v1/customer-groups/<segment:slug>/settings": {"GET", "PATCH"},
    "api/v1/settings": {"GET", "PATCH"},
    "api/v1/shipping-methods": {"GET", "POST"},
    "api/v1/shipping-methods/<segment:id>": {"GET", "PATCH"},
}
"""Every other address with its methods; HEAD follows GET, and OPTIONS is everywhere."""

VALUES = {"lookup_by": "internal", "number": "1"}


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif route.startswith("api/"):  # those below /cortex: `cortex/tests/test_table.py`
            view: Any = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
            actions = getattr(pattern.callback, "actions", None)
            methods = set(actions) if actions else {name for name in view.http_method_names if hasattr(view, name)}
            yield route, {name.upper() for name in methods} - {"HEAD", "OPTIONS"}


SERVED = dict(addresses(get_resolver().url_patterns))
CALLS = [(route, method) for route, methods in SERVED.items() if route not in PUBLIC for method in sorted(methods)]


def path_of(route: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: VALUES.get(match[1], "x"), route)


def test_every_address_is_known() -> None:
    assert {**PUBLIC, **KNOWN} == SERVED


@pytest.mark.parametrize(("route", "method"), CALLS)
def test_no_address_answers_without_a_token(anonymous_api: ApiCaller, route: str, method: str) -> None:
    answer = anonymous_api.request(method, path_of(route), body=b"{}")
    assert (answer.status_code, answer.json()["title"]) == (401, "not-authenticated")


@pytest.mark.parametrize(("route", "method"), CALLS)
def test_no_address_answers_to_another_site(api: ApiCaller, other_site: Site, route: str, method: str) -> None:
    answer = api.request(method, path_of(route), body=b"{}", headers={"Site-Id": other_site.slug})
    assert (answer.status_code, answer.json()["title"]) == (403, "permission-denied")


@pytest.mark.parametrize(("route", "method"), [call for call in CALLS if call[1] != "GET"])
def test_a_reader_does_not_write(read_only_api: ApiCaller, route: str, method: str) -> None:
    assert read_only_api.request(method, path_of(route), body=b"{}").status_code == 403
