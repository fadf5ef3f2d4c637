"""What is worked out, and whose a row is, comes from no body. (Purchases: `test_purchase_put.py`.)"""

from __future__ import annotations

from decimal import Decimal

from core.models import Site
from customers.models import Account, Address, Customer
from purchasing.models import PurchaseTransaction
from purchasing.tests.bodies import ADDRESS, PURCHASES, order, payment
from tests.callers import ApiCaller
from tests.cast import make_customer

CUSTOMERS = "/api/v1/customers"


def not_the_callers(other_site: Site, other: Customer) -> dict[str, object]:
    """Members that name columns: whose the row is, which one it is, what it owes."""
    return {
        "id": 1,
        "pk": 1,
        "site": other_site.slug,
        "site_id": other_site.pk,
        "customer": other.public_id,
        "customer_id": other.pk,
        "user": 1,
        "user_id": 1,
        "deleted_at": "2026-01-01T00:00:00Z",
        "created_at": "1999-01-01T00:00:00Z",
        "posted_amount": "500",
        "posted_charge": "500",
    }


def test_a_customer_is_of_its_site_and_owes_nothing(api: ApiCaller, site: Site, other_site: Site) -> None:
    foreign = not_the_callers(other_site, make_customer(other_site)) | {"balance": "500", "account_balance": "500"}
    body = {"first_name": "Tom", "last_name": "Jones", "email": "tom@example.com"}

    made = api.post(CUSTOMERS, json=foreign | body)
    changed = api.patch(f"{CUSTOMERS}/{made.json()['id']}", json=foreign | {"last_name": "Smith"})
    address = api.post(f"{CUSTOMERS}/{made.json()['id']}/addresses", json=foreign | ADDRESS)

    assert [answer.status_code for answer in (made, changed, address)] == [200, 200, 200]
    customer = Customer.objects.get(email="tom@example.com")
    assert (customer.site, customer.user, customer.deleted_at, customer.last_name) == (site, None, None, "Smith")
    assert customer.created_at.year > 1999
    assert [(row.site, row.customer) for row in Address.objects.all()] == [(site, customer)]
    assert not Account.objects.exists()


def test_a_transaction_is_of_its_purchase(api: ApiCaller, site: Site, other_site: Site) -> None:
    foreign = not_the_callers(other_site, make_customer(other_site))
    buyer = make_customer(site)
    for name in ("A", "B"):
        body = order(customer_identifiers={"sparklayer": buyer.public_id})
        assert api.put(f"{PURCHASES}/internal/{name}", json=body).status_code == 200
    other = api.get(f"{PURCHASES}/internal/B").json()

    members = foreign | {"purchase": other["id"], "purchase_id": other["id"], "author": "somebody else"}
    answer = api.put(f"{PURCHASES}/internal/A/transactions", json=members | payment("4.00"))

    assert answer.status_code == 200
    transaction = PurchaseTransaction.objects.select_related("purchase").get()
    assert (transaction.site, transaction.purchase.internal_id, transaction.posted_amount) == (site, "A", Decimal(-4))
    assert transaction.created_at.year > 1999
    assert Account.objects.get().balance == -4
