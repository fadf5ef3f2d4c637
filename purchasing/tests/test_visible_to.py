"""Which purchases a customer sees: own ones, a main user's the whole company's, an agent's those of his groups."""

from __future__ import annotations

import orjson
import pytest
from django.utils import timezone

from core.models import Site
from customers.models import Customer
from purchasing import store
from purchasing.models import Purchase
from purchasing.store.listing import Listing, list_purchases
from purchasing.tests.bakers import delete, make_customer, order, put
from purchasing.visibility import is_visible, seen_by

Cast = dict[str, Customer]


@pytest.fixture
def cast(site: Site, other_site: Site) -> Cast:
    """Head office, two children, a child of a child; an unrelated customer; the same people at another site."""
    head = make_customer(site)
    ann = make_customer(site, parent=head)
    bob = make_customer(site, parent=head)
    eve = make_customer(site, parent=ann)
    stranger = make_customer(site, "Summit Supplies")
    put(site, order(customer=head), "head")
    for name, child in (("ann", ann), ("bob", bob), ("eve", eve)):
        put(site, order(customer_identifiers={"sparklayer": head.public_id, "sparklayer_child": child.public_id}), name)
    put(site, order(customer_identifiers={"sparklayer_child": bob.public_id}), "bob-alone")
    agent = {"sparklayer": stranger.public_id, "sparklayer_impersonator": ann.public_id}
    put(site, order(customer_identifiers=agent), "placed-by-ann-for-stranger")
    put(site, order(), "nobody's")
    put(site, order(customer=head), "deleted")
    delete(site, "deleted")
    put(other_site, order(customer=make_customer(other_site)), "head")
    return {"head": head, "ann": ann, "bob": bob, "eve": eve, "stranger": stranger}


COMPANY = {"head", "ann", "bob", "eve", "bob-alone"}


@pytest.mark.parametrize(
    ("who", "role", "expected"),
    [
        ("head", "", COMPANY),
        ("head", "main", COMPANY),
        ("head", "limited-customer", {"head", "ann", "bob", "eve"}),
        ("ann", "", {"ann"}),
        ("ann", "main", COMPANY),
        ("ann", "limited-customer", {"ann"}),
        ("bob", "", {"bob", "bob-alone"}),
        ("eve", "", {"eve"}),
        ("eve", "main", COMPANY),
        ("stranger", "", {"placed-by-ann-for-stranger"}),
    ],
)
def test_visible_to(cast: Cast, who: str, role: str, expected: set[str]) -> None:
    assert seen_by_rule(cast[who], role=role) == expected


SOMEBODYS = {*COMPANY, "placed-by-ann-for-stranger"}
"""What names a customer at all."""


@pytest.mark.parametrize("role", ["sales-agent", "sales-admin"])
@pytest.mark.parametrize(
    ("who", "groups", "expected"),
    [
        ("stranger", {}, SOMEBODYS),
        ("ann", {}, SOMEBODYS),
        ("stranger", {"head": ["north"]}, SOMEBODYS),
        ("stranger", {"stranger": ["north"]}, {"placed-by-ann-for-stranger"}),
        ("stranger", {"stranger": ["north"], "head": ["north"]}, SOMEBODYS),
        ("stranger", {"stranger": ["north"], "head": ["south"]}, {"placed-by-ann-for-stranger"}),
        ("stranger", {"stranger": ["west", "north"], "head": ["south", "north"]}, SOMEBODYS),
        # A child with groups of its own has no others; what is bought for its company is the company's all the same.
        ("stranger", {"stranger": ["north"], "bob": ["north"]}, {"bob", "bob-alone", "placed-by-ann-for-stranger"}),
        ("stranger", {"stranger": ["north"], "head": ["north"], "bob": ["south"]}, SOMEBODYS - {"bob-alone"}),
        # Those of the account, not of the parent between.
        ("stranger", {"stranger": ["north"], "ann": ["north"]}, {"ann", "placed-by-ann-for-stranger"}),
        ("stranger", {"stranger": ["north"], "head": ["north"], "ann": ["south"]}, SOMEBODYS),
        # An agent who is a child has his account's groups.
        ("ann", {"head": ["north"]}, COMPANY),
        ("ann", {"head": ["north"], "stranger": ["north"]}, SOMEBODYS),
        ("ann", {"head": ["north"], "ann": ["south"]}, {"ann"}),
    ],
)
def test_agents_see_by_groups(
    cast: Cast, role: str, who: str, groups: dict[str, list[str]], expected: set[str]
) -> None:
    for name, own in groups.items():
        Customer.objects.filter(pk=cast[name].pk).update(sales_agent_groups=own)
    cast[who].refresh_from_db()

    assert seen_by_rule(cast[who], role=role) == expected


def seen_by_rule(customer: Customer, *, role: str) -> set[str]:
    """What the queryset finds, once it is clear that the store and its lists find the same, within the site."""
    customer.role = role
    seen = set(Purchase.objects.visible_to(customer).values_list("internal_id", flat=True))
    site = customer.site
    rows = list_purchases(Listing(site.pk, seen_by(customer), limit=100))
    assert {orjson.loads(row.header)["purchase_identifiers"]["internal"] for row in rows} == seen
    stored = Purchase.objects.filter(deleted_at=None).values_list("site_id", "internal_id")
    found = {
        name
        for site_id, name in stored
        for purchase in store.find_purchases(site_id=site_id, identifiers={"internal": name})
        if site_id == site.pk and is_visible(purchase, reader=customer)
    }
    assert found == seen
    return seen


def test_orders_of_a_colleague_who_has_left_stay_visible(cast: Cast) -> None:
    Customer.objects.filter(pk=cast["bob"].pk).update(deleted_at=timezone.now())

    assert set(Purchase.objects.visible_to(cast["head"]).values_list("internal_id", flat=True)) == COMPANY
