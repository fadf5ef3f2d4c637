"""GET /api/v1/purchases?search=: what is found, in whatever way PostgreSQL is asked, in order and page by page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import sql
from core.models import Site
from purchasing.models import Purchase
from purchasing.search import Search
from purchasing.store import listing
from purchasing.tests.bakers import delete, line, order, package, put
from purchasing.tests.bodies import PURCHASES, faults
from purchasing.tests.test_search import HOSTILE
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer
from tests.large_tables import take_for_large

TEXT = st.characters(exclude_categories=["Cs"])
NAMES = ("Dry rope", "Chalk bag", "Dry chalk", "Rope bag", "Sling")


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["purchase_identifiers"]["internal"] for row in answer.json()]


def searched(api: ApiCaller, text: str, **parameters: str) -> Any:
    return api.get(f"{PURCHASES}?{urlencode({'search': text, **parameters})}")


@pytest.fixture
def thirty(site: Site) -> None:
    """Thirty purchases of five names; `RARE` stands on the oldest but one."""
    for number in range(30):
        goods = package(line(sku=f"S-{number:02}", name_parent=NAMES[number % 5], name_child="RARE" * (number == 1)))
        dates = {"placed_at": f"2026-01-01T00:{number:02}:00Z"}
        put(site, order(goods, dates=dates, customer_reference=f"PO {number}"), f"P-{number:02}")
    delete(site, "P-07")


@pytest.fixture(params=[0, 3, 4_000], ids=["by the index", "by both", "by the newest"])
def newest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of how many purchases a search reads the words before it asks the index."""
    count: int = request.param
    monkeypatch.setattr(listing, "NEWEST", count)
    return count


@pytest.mark.parametrize("order_by", ["-placed_at", "placed_at", "visible", "-updated_at"])
def test_pages_are_those_of_what_is_found(api: ApiCaller, site: Site, thirty: None, newest: int, order_by: str) -> None:
    for text in ("rope", "dry rope", "rope dry", "s-0", "S-04", "po 1", "rare", "dry rare", "nothing dry"):
        rows = Purchase.objects.for_site(site).present().found_by(text, sites=[site.pk])
        expected = set(rows.values_list("internal_id", flat=True))
        everything = names(api.get(f"{PURCHASES}?order_by={order_by}&limit=500"))
        listed = [name for name in everything if name in expected]
        assert len(listed) == len(expected)
        assert paged(api, text, order_by) == listed, text
        assert names(searched(api, text, order_by=order_by, offset="2", limit="3")) == listed[2:5], text
        assert searched(api, text, count="true", limit="1")["X-Total-Count"] == str(len(expected)), text


def paged(api: ApiCaller, text: str, order_by: str) -> list[str]:
    """What is found, four at a time as the links lead on."""
    found: list[str] = []
    path: str | None = f"{PURCHASES}?{urlencode({'search': text, 'order_by': order_by, 'limit': '4'})}"
    while path:
        answer = api.get(path)
        found += names(answer)
        path = answer["Link"].partition("testserver")[2].partition(">")[0] if "Link" in answer else None
    return found


def test_finds_within_other_filters(api: ApiCaller, thirty: None, newest: int) -> None:
    assert names(searched(api, "rope", customer_reference="PO 5")) == ["P-05"]
    assert names(searched(api, "rope", customer_reference="PO 1")) == []
    assert names(searched(api, "dry rope", type="quote")) == []
    assert names(searched(api, "dry rope", **{"dates[placed][lte]": "2026-01-01T00:05:00Z"})) == ["P-05", "P-00"]


def test_finds_nothing_of_another_site(api: ApiCaller, other_site: Site, thirty: None, newest: int) -> None:
    put(other_site, order(customer_reference="Theirs alone"), "T-1")
    for text in ("Theirs alone", "theirs", "T-1", f"{other_site.pk}=t-1", f"{other_site.pk}:theirs"):
        assert names(searched(api, text)) == []


def test_a_customer_finds_his_own(site: Site, newest: int) -> None:
    buyer = make_buyer(site)
    assert buyer.user
    put(site, order(customer=buyer), "mine")
    put(site, order(customer=make_buyer(site)), "theirs")
    caller = make_person_caller(site, buyer.user)
    assert names(searched(caller, "item rope", count="true")) == ["mine"]
    assert searched(caller, "rope", count="true")["X-Total-Count"] == "1"


def test_each_is_found_by_each_of_its_own(api: ApiCaller, site: Site, newest: int) -> None:
    for number, text in enumerate(HOSTILE):
        name, sku = f"i{number}{text}"[:255], f"k{number}{text}"[:255]
        given = {"platform": f"p{number}{text}"[:255], "visible": f"v{number}{text}"[:255]}
        goods = package(line(sku=sku, name_parent="Rope"))
        stored = put(site, order(goods, purchase_identifiers=given, customer_reference=f"r{text}" * 2), name).purchase
        for own in (name, sku, *given.values(), str(stored.spark_id), f"o_{stored.id}", f"r{text}" * 2):
            assert name in names(searched(api, own, limit="500"))


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "NEWEST", 0)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(TEXT, max_size=1000), st.lists(st.sampled_from(HOSTILE), max_size=8).map(" ".join)))
def test_no_text_is_too_hostile(api: ApiCaller, thirty: None, indexed: None, text: str) -> None:
    answer = api.get(f"{PURCHASES}?search={quote(text)}&count=true")
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        # The second: an address with such characters is not read at all.
        assert faults(answer) in ([("invalid", "search")], [("invalid-api-request-contents", None)])


@pytest.mark.parametrize(("farther", "asks_the_index"), [((2, 4), False), ((2,), True), ((), True)])
def test_what_one_in_several_has_fills_its_page_without_the_index(
    api: ApiCaller, thirty: None, monkeypatch: pytest.MonkeyPatch, farther: tuple[int, ...], asks_the_index: bool
) -> None:
    """One of the newest three is found, so two may be expected within eight."""
    asked: list[Search] = []
    ask = listing.asked_of_index

    def noting(search: Search, *, site_id: int) -> tuple[str, str]:
        asked.append(search)
        return ask(search, site_id=site_id)

    monkeypatch.setattr(listing, "asked_of_index", noting)
    monkeypatch.setattr(listing, "NEWEST", 3)
    monkeypatch.setattr(listing, "FARTHER", farther)
    assert names(searched(api, "rope", limit="2")) == ["P-28", "P-25"]
    assert bool(asked) == asks_the_index


def test_costs_the_same_for_any_number_of_rows(api: ApiCaller, site: Site) -> None:
    counts = []
    for number in range(60):
        put(site, order(package(line(name_parent="Dry rope"))), f"P-{number}")
        if number in (0, 59):
            with CaptureQueriesContext(connection) as queries:
                assert len(searched(api, "dry rope").json()) == number + 1
            counts.append(len(queries))
    # The newest, more of them where a page seems near, a sample to tell the rarest word by, room for the index, and it.
    assert counts == [4, 5]


@pytest.mark.parametrize(
    ("parameters", "index"),
    [
        ("", "newest_purchases"),
        ("type=cart", "newest_of_type"),
        ("calculated_fulfilment_status=returned", "newest_of_fulfilment"),
        ("calculated_payment_status=null", "newest_of_payment"),
        ("currency_code=JPY", "newest_of_currency"),
        ("customer_reference=x", "newest_of_customer_reference"),
        ("has_outstanding=true", "newest_outstanding"),
        ("purchase_identifiers[platform]=x", "one_purchase_per_platform_id"),
        ("purchase_identifiers[sparklayer]=63428136-658f-48a6-beb7-7f333dfd9686", "one_purchase_per_sparklayer_id"),
        ("customer_identifiers[sparklayer]=cu_1", "newest_of_customer"),
        ("dates[placed][gte]=2026-01-02", "newest_"),  # any that is ordered so
        ("dates[last_updated][gte]=2999-01-02", "purchases_by_change"),
        ("order_by=updated_at", "purchases_by_change"),
        ("order_by=-created_at", "purchases_by_creation"),
        ("order_by=visible", "purchases_by_number"),
        ("deleted=true", "purchases_by_deletion"),
        ("search=rare", "purchases_by_words"),
    ],
)
def test_each_has_its_index(
    api: ApiCaller,
    site: Site,
    thirty: None,
    indexed: None,
    monkeypatch: pytest.MonkeyPatch,
    parameters: str,
    index: str,
) -> None:
    """As PostgreSQL plans it for a table that it takes for a large one, of 300,000 rows."""
    asked: list[tuple[str, Any]] = []
    fetch, fetch_together = sql.fetch, sql.fetch_together

    def noting(text: str, values: Any, **options: Any) -> Any:
        asked.append((text, values))
        return fetch(text, values, **options)

    def noting_all(*calls: tuple[str, Any], **options: Any) -> Any:
        asked.extend(calls)
        return fetch_together(*calls, **options)

    monkeypatch.setattr(sql, "fetch", noting)
    monkeypatch.setattr(sql, "fetch_together", noting_all)
    assert api.get(f"{PURCHASES}?{parameters}").status_code == 200
    text, values = next(item for item in reversed(asked) if "purchasing_purchase" in item[0])
    take_for_large(["purchasing_purchase"])
    plan = "\n".join(row[0] for row in fetch(f"EXPLAIN {text}", values, prepare=False))
    assert f" {index}" in plan, plan
    assert "Seq Scan" not in plan, plan
