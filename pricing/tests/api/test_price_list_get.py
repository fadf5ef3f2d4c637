"""GET /api/v1/price-lists/{slug}."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from catalog.tests.cast import caller_with
from core.models import Site
from pricing.tests.cast import LISTS, make_price_list
from tests.callers import ApiCaller

BASE = {"slug": "new", "name": "New", "currency_code": "GBP"}


def test_a_list_as_it_was_set_up(api: ApiCaller, site: Site) -> None:
    make_price_list(site, "base", currency="EUR")
    assert api.get(f"{LISTS}/base").json() == {
        "slug": "base",
        "name": "List base",
        "currency_code": "eur",
        "source": "custom",
        "tax_inclusive_display": False,
        "rules": [],
    }


@pytest.mark.parametrize("slug", ["a/b", "a b", "100%", "a?b=c#d", "%2F", "ä+ö"])
def test_any_slug_can_be_addressed(api: ApiCaller, site: Site, slug: str) -> None:
    make_price_list(site, slug)
    assert api.get(f"{LISTS}/{quote(slug, safe='')}").json()["slug"] == slug


@pytest.mark.parametrize("slug", ["none", "Base", "theirs"])
def test_what_is_not_there(api: ApiCaller, site: Site, other_site: Site, slug: str) -> None:
    make_price_list(site, "base")
    make_price_list(other_site, "theirs")
    answer = api.get(f"{LISTS}/{slug}")
    assert (answer.status_code, answer.json()["title"]) == (404, "not-found")


@pytest.mark.parametrize("scope", ["setup", "products.pricing"])
def test_scopes(site: Site, scope: str) -> None:
    make_price_list(site)
    assert caller_with(site, scope).get(f"{LISTS}/base").status_code == 200
    assert caller_with(site, f"{scope}.read").get(f"{LISTS}/base").status_code == 200
    assert caller_with(site, "products", "orders").get(f"{LISTS}/base").status_code == 403
