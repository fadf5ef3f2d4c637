"""Who belongs together, and who owes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import DEFAULT_GROUP, Customer, CustomerGroup
from customers.tests.cast import make_customer


@pytest.fixture
def company(site: Site) -> dict[str, Customer]:
    """Head office over two branches; a buyer under one of them. Beside it a company of its own."""
    head = make_customer(site, "head")
    north = make_customer(site, "north", parent=head)
    south = make_customer(site, "south", parent=head)
    buyer = make_customer(site, "buyer", parent=north)
    stranger = make_customer(site, "stranger")
    return {"head": head, "north": north, "south": south, "buyer": buyer, "stranger": stranger}


@pytest.mark.parametrize(
    ("who", "family", "account"),
    [
        ("head", {"head", "north", "south", "buyer"}, "head"),
        ("south", {"head", "north", "south", "buyer"}, "head"),
        ("buyer", {"head", "north", "south", "buyer"}, "head"),
        ("stranger", {"stranger"}, "stranger"),
    ],
)
def test_family_and_account_are_one_query_each(
    company: dict[str, Customer], who: str, family: set[str], account: str
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = {customer.first_name for customer in Customer.objects.family_of(company[who])}
        owes = Customer.objects.account_of(company[who])

    assert (found, owes) == (family, company[account])
    assert len(queries) == 2


def test_a_cycle_that_came_in_past_the_guards_ends(company: dict[str, Customer]) -> None:
    Customer.objects.filter(pk=company["head"].pk).update(parent=company["buyer"])

    assert list(Customer.objects.family_of(company["head"])) == []


def test_every_site_has_the_group_default(site: Site, other_site: Site) -> None:
    groups = CustomerGroup.objects.order_by("site__slug").values_list("site__slug", "slug")
    assert list(groups) == [(other_site.slug, DEFAULT_GROUP), (site.slug, DEFAULT_GROUP)]


def test_saving_a_site_again_makes_no_second_group(site: Site) -> None:
    site.name = "Jones"
    site.save()
    assert CustomerGroup.objects.for_site(site).count() == 1
