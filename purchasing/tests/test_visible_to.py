"""Which purchases a customer sees: own ones, and a main user's the whole company's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.tests.bakers import delete, make_customer, order, put

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
        ("head", "sales-agent", {"head", "ann", "bob", "eve"}),
        ("ann", "", {"ann"}),
        ("ann", "main", COMPANY),
        ("ann", "limited-customer", {"ann"}),
        ("ann", "sales-agent", {"ann"}),
        ("ann", "sales-admin", {"ann"}),
        ("bob", "", {"bob", "bob-alone"}),
        ("eve", "", {"eve"}),
        ("eve", "main", COMPANY),
        ("stranger", "", {"placed-by-ann-for-stranger"}),
    ],
)
def test_visible_to(cast: Cast, site: Site, who: str, role: str, expected: set[str]) -> None:
    customer = cast[who]
    customer.role = role

    seen = Purchase.objects.visible_to(customer)

    assert set(seen.values_list("internal_id", flat=True)) == expected
    assert {purchase.site_id for purchase in seen} == {site.pk}


def test_orders_of_a_colleague_who_has_left_stay_visible(cast: Cast) -> None:
    Customer.objects.filter(pk=cast["bob"].pk).update(deleted_at=timezone.now())

    assert set(Purchase.objects.visible_to(cast["head"]).values_list("internal_id", flat=True)) == COMPANY
