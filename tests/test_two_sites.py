"""A walk over the API with two sites that hold rows of the same names: neither reads or changes the other's."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models

from core.models import Site
from customers.models import Customer
from customers.tests.cast import make_address, post_manual
from purchasing.models import Purchase
from tests.callers import ApiCaller
from tests.cast import make_customer, make_order, pay
from tests.test_every_address import KNOWN

LOOKUPS = ("sparklayer", "platform", "internal", "visible")


Named = dict[str, tuple[str, ...]]
"""What the parameters of an address can be to name one row."""


def furnish(site: Site) -> Named:
    """The same rows on every site."""
    customer = make_customer(site, external_id="tom-1", email="tom@example.com")
    address = make_address(customer)
    names = {"platform": "shop-7", "internal": "erp-7", "visible": "#7"}
    order = make_order(site, customer, identifiers=names, payment_method="on_account", customer_reference="PO 7")
    payment = pay(order, "4.00", platform_id="payment-7")
    post_manual(customer, "12.00", reference="opening-7")
    return {
        "id": (customer.public_id,),
        "id2": (f"ca_{address.pk}",),
        "lookup_by,identifier": ("sparklayer", str(order.spark_id)),
        "transaction_id": (str(payment.pk),),
    }


UNKNOWN: Named = {
    "id": ("cu_987654321",),
    "id2": ("ca_987654321",),
    "lookup_by,identifier": ("sparklayer", str(uuid4())),
    "transaction_id": (str(uuid4()),),
}


@pytest.fixture
def foreign(site: Site) -> Named:
    return furnish(site)


@pytest.fixture
def own(other_site: Site) -> Named:
    return furnish(other_site)


def fill(route: str, named: Named) -> str:
    """The address that a route becomes with these parameters."""
    names = re.findall(r"<\w+:(\w+)>", route)
    keys = ["lookup_by,identifier" if name == "lookup_by" else name for name in names if name != "identifier"]
    parts = iter([part for key in keys for part in named[key]])
    return "/" + re.sub(r"<\w+:\w+>", lambda _match: next(parts), route)


def rows_of(site: Site) -> dict[str, list[dict[str, Any]]]:
    """Every row of a site as it stands."""
    kinds: list[type[models.Model]] = [
        model for model in apps.get_models() if any(field.name == "site" for field in model._meta.local_fields)
    ]
    return {
        model._meta.label: list(model._base_manager.filter(site=site).order_by("pk").values())
        for model in kinds
        if model._meta.app_label in ("customers", "pricing", "purchasing")
    }


WITH_PARAMETERS = [(route, method) for route, methods in KNOWN.items() if "<" in route for method in sorted(methods)]
LISTS = [route for route, methods in KNOWN.items() if "<" not in route and "GET" in methods]


@pytest.mark.parametrize(("route", "method"), WITH_PARAMETERS)
def test_a_foreign_id_is_told_from_an_unknown_one_by_nothing(
    site: Site, other_api: ApiCaller, own: Named, foreign: Named, route: str, method: str
) -> None:
    before = rows_of(site)
    answers = []
    for named in (foreign, UNKNOWN):
        answer = other_api.request(method, fill(route, named), body=b"{}")
        said = answer.content.decode()
        for part in {part for group in named.values() for part in group} - set(LOOKUPS):
            said = said.replace(part, "#")
        answers.append((answer.status_code, said))
    assert answers[0] == answers[1]
    assert answers[0][0] in (400, 404)
    assert rows_of(site) == before


@pytest.mark.parametrize("route", LISTS)
def test_a_list_holds_rows_of_its_own_site_only(
    api: ApiCaller, other_api: ApiCaller, own: Named, foreign: Named, route: str
) -> None:
    theirs, ours = api.get(f"/{route}").json(), other_api.get(f"/{route}").json()
    assert len(theirs) == len(ours) == 1
    for named in foreign.values():
        assert named[-1] not in str(ours)


def test_a_filter_naming_a_foreign_row_finds_nothing(other_api: ApiCaller, own: Named, foreign: Named) -> None:
    (customer,) = foreign["id"]
    _, spark_id = foreign["lookup_by,identifier"]
    for address in (
        f"/api/v1/purchases?customer_identifiers[sparklayer]={customer}",
        f"/api/v1/purchase-transactions?purchase_spark_id={spark_id}",
    ):
        answer = other_api.get(address)
        assert (answer.status_code, answer.json()) == (200, []), address


@pytest.mark.parametrize(("look_up", "name"), [("platform", "shop-7"), ("internal", "erp-7"), ("visible", "%237")])
def test_a_name_that_both_have_means_ones_own(
    api: ApiCaller, other_api: ApiCaller, own: Named, foreign: Named, look_up: str, name: str
) -> None:
    address = f"/api/v1/purchases/{look_up}/{name}"
    found = [caller.get(address).json()["purchase_identifiers"]["sparklayer"] for caller in (api, other_api)]
    assert found == [foreign["lookup_by,identifier"][1], own["lookup_by,identifier"][1]]


def test_the_same_external_id_means_ones_own_customer(
    api: ApiCaller, other_api: ApiCaller, own: Named, foreign: Named
) -> None:
    found = [caller.get("/api/v1/customers/tom-1").json()["id"] for caller in (api, other_api)]
    assert found == [foreign["id"][0], own["id"][0]]


def test_a_put_under_a_foreign_sparklayer_id_is_a_purchase_of_ones_own(
    site: Site, other_site: Site, other_api: ApiCaller, own: Named, foreign: Named
) -> None:
    before = rows_of(site)
    _, spark_id = foreign["lookup_by,identifier"]
    body = {"type": "quote", "customer_identifiers": {}, "dates": {}, "packages": [], "currency_code": "GBP"}
    answer = other_api.put(f"/api/v1/purchases/sparklayer/{spark_id}", json=body)
    assert answer.status_code == 200
    assert Purchase.objects.get(spark_id=spark_id, site=other_site).type == "quote"
    assert rows_of(site) == before


def test_a_foreign_customer_cannot_be_named(other_api: ApiCaller, own: Named, foreign: Named) -> None:
    body = {"type": "order", "dates": {}, "packages": [], "currency_code": "GBP"}
    answers = []
    for customer in (foreign["id"][0], UNKNOWN["id"][0]):
        sent = {**body, "customer_identifiers": {"sparklayer": customer}}
        answer = other_api.put("/api/v1/purchases/internal/new-1", json=sent)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "resource-not-found")
        answers.append(answer.content.decode().replace(customer, "#"))
    assert answers[0] == answers[1]


def test_a_foreign_parent_cannot_be_named(other_api: ApiCaller, own: Named, foreign: Named) -> None:
    (mine,) = own["id"]
    answers = []
    for parent in (foreign["id"][0], UNKNOWN["id"][0]):
        answer = other_api.patch(f"/api/v1/customers/{mine}", json={"parent_customer_id": parent})
        answers.append((answer.status_code, answer.content.decode().replace(parent, "#")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 400
    assert not Customer.objects.filter(parent__isnull=False).exists()
