"""Every address of the API and every method, asked by everybody for what is everybody's.

The table says to whom an address is open; whom a customer sees, `tests.people` says. An address without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy, deepcopy
from enum import Enum
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest
from django.db import transaction

from core.models import Site
from cortex.tests.walker import walker_of
from tests.callers import ApiCaller
from tests.fixtures import Keep, make_other_site, make_site
from tests.people import MAIN_USERS, SEES, THERE, Names, People, make_people, unknown
from tests.test_every_address import CALLS
from tests.test_sites_are_alone import BODIES, COUNTED, CREATES, OF_ANY_SKU, UNKNOWN_IS_400

PURCHASE = "api/v1/purchases/<segment:lookup_by>/<segment:identifier>"
CUSTOMER = "api/v1/customers/<segment:id>"
WHOLE_CUSTOMER = "api/v2/customers/<segment:lookup_by>/<segment:identifier>"
ORDER = "api/v1/orders/<segment:order_id>"


class Open(Enum):
    """What an address answers a customer's token; anything that is not seen is 404."""

    TO_PROGRAMS = "403, whatever it names"
    TO_ALL = "200: it names nobody's"
    OF_SEEN = "200"
    OF_OWN = "200 for his own, 403 for others that he sees"
    OF_LIVE = "200 for what is for sale on his site"
    OF_DECIDING = "409, as none of it is to be decided, or 403 for who may not decide"
    OF_SEEN_BY_MAIN_USERS = "200 for main users, 403 for others"


EXPECTED: dict[str, dict[str, Open]] = {
    "api/v1/purchases": {"GET": Open.TO_ALL},
    "api/v1/purchases/bulk": {"POST": Open.TO_PROGRAMS},
    PURCHASE: {"GET": Open.OF_SEEN, "PUT": Open.TO_PROGRAMS, "DELETE": Open.TO_PROGRAMS},
    f"{PURCHASE}/transactions": dict.fromkeys(("GET", "PUT", "POST"), Open.TO_PROGRAMS),
    f"{PURCHASE}/history": {"GET": Open.OF_SEEN},
    f"{PURCHASE}/revisions": {"GET": Open.TO_PROGRAMS},
    f"{PURCHASE}/revisions/<segment:number>": {"GET": Open.TO_PROGRAMS},
    f"{PURCHASE}/diff": {"GET": Open.TO_PROGRAMS},
    "api/v1/purchase-transactions": dict.fromkeys(("GET", "PUT"), Open.TO_PROGRAMS),
    "api/v1/purchase-transactions/bulk": {"POST": Open.TO_PROGRAMS},
    "api/v1/purchase-transactions/<segment:transaction_id>": {"GET": Open.TO_PROGRAMS},
    "api/v1/customers": dict.fromkeys(("GET", "POST"), Open.TO_PROGRAMS),
    CUSTOMER: {"GET": Open.OF_SEEN, "PATCH": Open.TO_PROGRAMS, "DELETE": Open.TO_PROGRAMS},
    f"{CUSTOMER}/addresses": {"GET": Open.OF_SEEN, "POST": Open.OF_OWN},
    f"{CUSTOMER}/addresses/<segment:id2>": dict.fromkeys(("PATCH", "DELETE"), Open.OF_OWN),
    f"{CUSTOMER}/ledger": {"GET": Open.OF_SEEN_BY_MAIN_USERS, "POST": Open.TO_PROGRAMS},
    f"{CUSTOMER}/ledger.csv": {"GET": Open.OF_SEEN_BY_MAIN_USERS},
    f"{CUSTOMER}/ledger.pdf": {"GET": Open.OF_SEEN_BY_MAIN_USERS},
    f"{CUSTOMER}/statement": {"GET": Open.OF_SEEN_BY_MAIN_USERS},
    f"{CUSTOMER}/statement.csv": {"GET": Open.OF_SEEN_BY_MAIN_USERS},
    f"{CUSTOMER}/statement.pdf": {"GET": Open.OF_SEEN_BY_MAIN_USERS},
    **{f"{PURCHASE}/{decision}": {"POST": Open.OF_DECIDING} for decision in ("accept", "approve", "reject")},
    f"{CUSTOMER}/credit": {"GET": Open.TO_PROGRAMS},
    f"{CUSTOMER}/open-lines": {"GET": Open.OF_SEEN},
    "api/v1/orders": {"GET": Open.TO_ALL, "POST": Open.TO_PROGRAMS},
    ORDER: {"GET": Open.OF_SEEN, "PATCH": Open.TO_PROGRAMS},
    **{
        f"{ORDER}/{work}": {"POST": Open.TO_PROGRAMS}
        for work in ("ship", "ship-items", "cancel", "cancel-items", "return", "return-items")
    },
    f"{ORDER}/packages/<segment:package_id>": dict.fromkeys(("PATCH", "PUT"), Open.TO_PROGRAMS),
    "api/v1/products": {"GET": Open.TO_ALL, "POST": Open.TO_PROGRAMS},
    "api/v1/products/<segment:id>": {"GET": Open.OF_LIVE, "PATCH": Open.TO_PROGRAMS},
    "api/v1/variants": {"GET": Open.TO_ALL},
    "api/v1/variants/<segment:id>": {"GET": Open.OF_LIVE, "PATCH": Open.TO_PROGRAMS},
    "api/v1/variants/<segment:sku>/stock": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
    "api/v1/batch-fetch-stock": {"POST": Open.TO_PROGRAMS},
    "api/v1/batch-update-stock": {"POST": Open.TO_PROGRAMS},
    "api/v1/batch-delete-stock": {"POST": Open.TO_PROGRAMS},
    "api/v1/stock-locations": dict.fromkeys(("GET", "POST"), Open.TO_PROGRAMS),
    "api/v1/stock-locations/<segment:id>": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
    "api/v1/price-lists": dict.fromkeys(("GET", "POST"), Open.TO_PROGRAMS),
    "api/v2/price-lists": {"GET": Open.TO_PROGRAMS},
    "api/v1/price-lists/<segment:slug>": dict.fromkeys(("GET", "PATCH", "DELETE"), Open.TO_PROGRAMS),
    "api/v1/price-lists/<segment:slug>/pricing": dict.fromkeys(("GET", "PATCH", "DELETE"), Open.TO_PROGRAMS),
    "api/v1/pricing/<segment:sku>": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
    "api/v1/variants/<segment:sku>/pricing": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
    "api/v1/batch-update-pricing": {"PATCH": Open.TO_PROGRAMS},
    "api/v1/calculate-pricing": {"POST": Open.TO_PROGRAMS},
    "api/v1/fetch-customer-pricing": {"POST": Open.TO_ALL},
    "api/v1/customer-groups": dict.fromkeys(("GET", "POST"), Open.TO_PROGRAMS),
    "api/v1/customer-groups/<segment:slug>": dict.fromkeys(("PATCH", "DELETE"), Open.TO_PROGRAMS),
    "api/v1/customer-groups/<segment:slug>/settings": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
    WHOLE_CUSTOMER: {"PUT": Open.TO_PROGRAMS},
    "api/v1/settings": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
    "api/v1/shipping-methods": dict.fromkeys(("GET", "POST"), Open.TO_PROGRAMS),
    "api/v1/shipping-methods/<segment:id>": dict.fromkeys(("GET", "PATCH"), Open.TO_PROGRAMS),
}

READ_BY_POST = {
    (f"api/v1/{question}", "POST") for question in ("batch-fetch-stock", "calculate-pricing", "fetch-customer-pricing")
}
QUESTIONS: dict[tuple[str, str], Any] = {("api/v1/fetch-customer-pricing", "POST"): {"line_items": []}}
"""A good body where a customer asks by one."""
BY_EVERY_NAME = {"ann", "stranger", "there"}
"""Whose things are asked for by every look-up, those of the others by the first; and whose alone, beside his own, are
asked for where no customer is let in, whatever he names, of files that take long to make (the CSV beside each is
open to the same and asked for by everybody), and by programs, to which all of a site are alike.
"""
QUERIES = {f"{PURCHASE}/diff": "?from=1&to=1"}
"""What an address cannot be asked without."""


@pytest.fixture(scope="module")
def stage(keep: Keep) -> tuple[Site, People]:
    def make() -> tuple[Site, People]:
        site = make_site()
        return site, make_people(site, make_other_site())

    made: tuple[Site, People] = keep(make)
    return made


@pytest.fixture
def site(db: None, stage: tuple[Site, People]) -> Site:
    return copy(stage[0])


@pytest.fixture
def people(db: None, stage: tuple[Site, People]) -> People:
    return deepcopy(stage[1])


def test_every_address_has_a_row() -> None:
    assert {(route, method) for route, methods in EXPECTED.items() for method in methods} == set(CALLS)


def paths(route: str, people: People, name: str) -> Iterator[tuple[str, str]]:
    """The ways to ask an address for what is this customer's, each beside the same way for what nobody has."""
    wanted = frozenset(re.findall(r"<segment:(\w+)>", route)) - frozenset(COUNTED)

    def filled(ids: Names) -> str:
        return "/" + re.sub(r"<segment:(\w+)>", lambda found: quote((ids | COUNTED)[found[1]]), route)

    for ids in people.ids(route, wanted, name)[: None if name in BY_EVERY_NAME else 1]:
        query = QUERIES.get(route, "")
        yield filled(ids) + query, filled(unknown(ids)) + query


def ask(caller: ApiCaller, route: str, method: str, path: str) -> tuple[int, bytes]:
    """The answer, of which nothing remains."""
    body = (BODIES | QUESTIONS).get((route, method), None if method == "GET" else {})
    with transaction.atomic():
        answer = caller.request(method, path, **({} if body is None else {"json": body}))
        transaction.set_rollback(True)
    return answer.status_code, answer.getvalue()


def expected_of(rule: Open, caller: str, name: str) -> int:
    """The status of a customer's call for what is this customer's."""
    if rule is Open.TO_PROGRAMS:
        return 403
    if name not in (SEES[caller] if rule is not Open.OF_LIVE else {"live there"} if caller in THERE else {"live"}):
        return 404
    if rule is Open.OF_DECIDING:
        return 403
    if rule is Open.OF_OWN and name != caller:
        return 403
    if rule is Open.OF_SEEN_BY_MAIN_USERS and caller not in MAIN_USERS:
        return 403
    return 200


@pytest.mark.parametrize("route", [route for route in EXPECTED if "<" in route])
def test_everybody_asks_for_what_is_everybody_s(people: People, site: Site, route: str) -> None:
    for method, rule in EXPECTED[route].items():
        _ask_as_customers(people, route, method, rule)
        _ask_as_programs(people, site, route, method)


def _ask_as_customers(people: People, route: str, method: str, rule: Open) -> None:
    for caller, api in people.callers.items():
        of_nobody: dict[str, tuple[int, bytes]] = {}
        for name in people.names(route):
            is_like_others = rule is Open.TO_PROGRAMS or route.endswith(".pdf")
            if is_like_others and name in SEES and name not in {caller, *BY_EVERY_NAME}:
                continue
            expected = expected_of(rule, caller, name)
            for path, unknown_path in paths(route, people, name):
                answer = ask(api, route, method, path)
                same = {204: 200, 409: 403 if rule is Open.OF_DECIDING else 409}
                status = same.get(answer[0], answer[0])
                assert status == expected, f"{caller}: {method} {path} → {answer}"
                if expected == 404:
                    if unknown_path not in of_nobody:
                        of_nobody[unknown_path] = ask(api, route, method, unknown_path)
                    assert answer == of_nobody[unknown_path], f"{caller}: {method} {path}"


def _ask_as_programs(people: People, site: Site, route: str, method: str) -> None:
    for caller, api in people.programs(site).items():
        for name in people.names(route):
            if name in SEES and name not in BY_EVERY_NAME:
                continue
            for path, unknown_path in paths(route, people, name):
                answer = ask(api, route, method, path)
                if method != "GET" and caller == "reading program":
                    assert answer[0] == 403, f"{caller}: {method} {path} → {answer}"
                elif name in {*THERE, "live there"} and (route, method) not in CREATES:
                    assert answer == ask(api, route, method, unknown_path), f"{caller}: {method} {path}"
                    expected = 400 if route.startswith(UNKNOWN_IS_400) else 404
                    assert answer[0] == expected or route in OF_ANY_SKU
                else:
                    assert answer[0] not in (401, 403, 404), f"{caller}: {method} {path} → {answer}"


def test_addresses_that_name_nobody(people: People, site: Site) -> None:
    programs = people.programs(site)
    for route, method in [call for call in CALLS if "<" not in call[0]]:
        path = f"/{route}{QUERIES.get(route, '')}"
        for caller, api in people.callers.items():
            status, _ = ask(api, route, method, path)
            assert status == (200 if EXPECTED[route][method] is Open.TO_ALL else 403), f"{caller}: {method} {path}"
        assert ask(programs["program"], route, method, path)[0] not in (401, 403, 404), f"{method} {path}"
        is_refused = ask(programs["reading program"], route, method, path)[0] == 403
        assert is_refused == (method != "GET" and (route, method) not in READ_BY_POST), f"{method} {path}"


def numbers_in(api: ApiCaller, **filters: str) -> set[str]:
    """Whose purchases a list holds."""
    answer = api.get(f"/api/v1/purchases?{urlencode(filters)}")
    assert answer.status_code == 200, answer.content
    return {row["purchase_identifiers"]["internal"].removesuffix("-internal") for row in answer.json()}


@pytest.mark.parametrize("caller", SEES)
def test_a_list_holds_what_is_seen(people: People, caller: str) -> None:
    api = people.callers[caller]
    assert numbers_in(api) == SEES[caller]
    orders = api.get("/api/v1/orders?count=true")
    assert {order["external_id"].removesuffix("-internal") for order in orders.json()} == SEES[caller]
    assert orders["X-Total-Count"] == str(len(SEES[caller]))
    assert numbers_in(api, limit="500", offset="0") == SEES[caller]
    for name, customer in people.customers.items():
        child = numbers_in(api, **{"customer_identifiers[sparklayer_child]": customer.public_id})
        assert child == (SEES[caller] & {name} if customer.parent else set())
        by_id, by_external_id = (
            numbers_in(api, **{"customer_identifiers[sparklayer]": value})
            for value in (customer.public_id, customer.external_id)
        )
        assert by_id == by_external_id
        assert by_id <= SEES[caller]
    assert numbers_in(api, **{"customer_identifiers[sparklayer]": "unknown"}) == set()


def test_no_filter_finds_what_is_not_seen(people: People) -> None:
    ann = people.callers["ann"]
    for name, purchase in people.purchases.items():
        asked = {
            "search": f"{name}-visible",
            "purchase_identifiers[platform]": f"{name}-platform",
            "purchase_identifiers[sparklayer]": str(purchase.spark_id),
        }
        for key, value in asked.items():
            found = numbers_in(ann, **{key: value})
            assert found <= SEES["ann"]
            assert found or name != "ann"
    assert ann.get("/api/v1/purchases?count=true&limit=1")["X-Total-Count"] == str(len(SEES["ann"]))
    assert ann.get("/api/v1/purchases?deleted=true").status_code == 403


def test_pages_of_a_list_hold_what_is_seen(people: People) -> None:
    api, found, path = people.callers["head"], [], "/api/v1/purchases?limit=2"
    for _ in range(10):
        answer = api.get(path)
        found += [row["purchase_identifiers"]["internal"] for row in answer.json()]
        if "Link" not in answer:
            break
        path = answer["Link"].split(">")[0].lstrip("<").removeprefix("http://testserver")
    assert sorted(found) == sorted(f"{name}-internal" for name in SEES["head"])


@pytest.mark.parametrize("caller", SEES)
def test_the_hypermedia_face_shows_what_is_seen(people: People, caller: str) -> None:
    api = walker_of(people.customers[caller])
    listed = api.follow("purchases", query="zoom=element")
    shown = {purchase["purchase-number"].removesuffix("-visible"): purchase for purchase in listed["_element"]}
    assert shown.keys() == SEES[caller]
    for name in people.customers:
        numbers = [f"{name}-{kind}" for kind in ("visible", "internal", "platform")]
        answers = {api.look_up(number).status_code for number in numbers}
        assert answers == {201 if name in SEES[caller] else 404}
    addresses = {link["href"] for links in map(links_of, shown.values()) for link in links}
    for other in ("ann", "stranger", "there"):
        if other not in SEES[caller]:
            theirs = walker_of(people.customers[other]).follow("purchases", query="zoom=element")["_element"]
            for address in {link["href"] for links in map(links_of, theirs) for link in links} - addresses:
                assert api.ask("GET", address).status_code == 404


def links_of(purchase: dict[str, Any]) -> list[dict[str, str]]:
    """Where a purchase leads, itself included."""
    return [purchase["self"], *purchase["links"]]


@pytest.mark.parametrize("caller", ["head", "ann", "agent of nothing"])
def test_what_is_the_merchant_s_own_is_hidden(people: People, caller: str, site: Site) -> None:
    api = people.callers[caller]
    name = "ann" if caller == "ann" else "head"
    read = people.programs(site)["reading program"]
    path = f"/api/v1/customers/{people.customers[name].public_id}"
    whole, shown = read.get(path).json(), api.get(path).json()
    hidden: dict[str, Any] = {"metadata": None, "accounting_id": "", "sales_agent_groups": [], "price_lists": []}
    if caller not in MAIN_USERS:
        hidden |= {"balances": [], "payment_on_account": whole["payment_on_account"] | {"balance": None}}
    assert shown == whole | hidden
    assert whole["balances"] != []
    assert whole["payment_on_account"]["balance"] is not None

    path = f"/api/v1/purchases/internal/{name}-internal"
    whole, shown = read.get(path).json(), api.get(path).json()
    assert "suspected-duplicate-transaction" in {warning["code"] for warning in whole["warnings"]}
    assert shown == whole | {"warnings": []}
    listed = {row["id"]: row for row in api.get("/api/v1/purchases").json()}
    assert listed[whole["id"]]["warnings"] == []

    history = api.get(f"{path}/history").json()
    assert [item["total"] for item in history] == ["4.00", "4.00"]
    everything = orjson.dumps([shown, history, list(listed.values())])
    assert b"informational" not in everything


def test_nothing_is_kept_of_what_a_customer_may_not_name(people: People) -> None:
    """An external id is the merchant's: it is neither taken from a customer, nor can he try which there are."""
    ann = people.callers["ann"]
    path = f"/api/v1/customers/{people.customers['ann'].public_id}/addresses"
    body = {"address_line1": "2 Quay Road", "city": "Bristol", "country_code": "GB"}
    for external_id in ("stranger-address", "free"):
        answer = ann.post(path, json=body | {"external_id": external_id})
        assert (answer.status_code, answer.json()["external_id"]) == (200, "")
        answer = ann.patch(f"{path}/ann-address", json={"external_id": external_id})
        assert (answer.status_code, answer.json()["external_id"]) == (200, "ann-address")


@pytest.mark.parametrize(
    ("caller", "one", "listed"),
    [("ann", 2, 2), ("head", 2, 3), ("eve", 3, 3), ("agent of north", 3, 3), ("agent of nothing", 3, 2)],
)
def test_purchases_are_read_in_few_queries(
    people: People, caller: str, one: int, listed: int, django_assert_num_queries: Any
) -> None:
    """Who he is, the purchase, and whom he sees where that is not plain."""
    api = people.callers[caller]
    api.get("/api/v1/purchases")
    with django_assert_num_queries(one):
        assert api.get("/api/v1/purchases/internal/ann-internal").status_code == 200
    with django_assert_num_queries(listed):
        assert api.get("/api/v1/purchases").status_code == 200


@pytest.mark.parametrize("caller", ["eve", "agent of north"])
def test_who_lost_his_place_sees_no_more(people: People, caller: str) -> None:
    """It is asked of the database at every call."""
    api, customer = people.callers[caller], people.customers[caller]
    assert api.get("/api/v1/purchases/internal/bob-internal").status_code == 200
    customer.role = "limited-customer"
    customer.save()
    assert api.get("/api/v1/purchases/internal/bob-internal").status_code == 404
    assert numbers_in(api) == {caller}
