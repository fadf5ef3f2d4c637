"""Customers and orders for tests, made through the doors that everybody uses."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from core.actors import SYSTEM
from core.models import Site, User
from customers.models import Customer, CustomerGroup, Masquerade
from customers.models.masquerade import MOST
from purchasing.documents import PurchaseDocument
from purchasing.identity import Lookup
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.operations import put_purchase, record_transaction

PASSWORD = "a long enough secret"

_numbers = itertools.count(1)


def make_customer(site: Site, name: str = "Tom Jones Climbing", **fields: Any) -> Customer:
    """A customer without a login: `name` is the company's; the e-mail is his own."""
    group, _ = CustomerGroup.objects.get_or_create(site=site, slug="default", defaults={"name": "Default"})
    given = {"first_name": "Tom", "last_name": "Jones", "email": f"buyer{next(_numbers)}@example.com"}
    return Customer.objects.create(**{"site": site, "group": group, "company_name": name, **given, **fields})


def make_buyer(site: Site, name: str = "Tom Jones Climbing", **fields: Any) -> Customer:
    """A customer who signs in with his e-mail and `PASSWORD`."""
    customer = make_customer(site, name, **fields)
    customer.user, created = User.objects.get_or_create(email=customer.email)
    assert customer.user is not None
    if created:
        customer.user.set_password(PASSWORD)
        customer.user.save()
    customer.save()
    return customer


def make_masquerade(customer: Customer) -> Masquerade:
    """Somebody has acted for the customer, and left after a minute."""
    began = timezone.now() - timedelta(hours=3)
    return Masquerade.objects.create(
        site=customer.site,
        customer=customer,
        staff_email="former@jones-climbing.example",
        started_at=began,
        ends_at=began + MOST,
        ended_at=began + timedelta(minutes=1),
    )


def line(sku: str = "ROPE-60", *, quantity: int = 1, net: str = "10.00", **members: Any) -> dict[str, Any]:
    """A line of one product; `net` is for the whole quantity, in GBP."""
    total = {"total_net": {"number": net, "currency": "GBP"}}
    return {
        "identifiers": {"sku": sku},
        "name_parent": f"Product {sku}",
        "quantity": quantity,
        "line_total": total,
    } | members


def package(*lines: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"line_items": list(lines) or [line()], **members}


def make_order(site: Site, customer: Customer | None = None, **members: Any) -> Purchase:
    """A purchase as a program sends it: one package with one line of 10.00 GBP unless `packages` says otherwise.

    `customer`: who buys; `child` in `members`: for whose company he does.
    """
    spark_id = uuid4()
    child: Customer | None = members.pop("child", None)
    identifiers = members.pop("identifiers", {})
    body = {
        "type": "order",
        "purchase_identifiers": {"sparklayer": str(spark_id), **identifiers},
        "customer_identifiers": {
            "sparklayer": customer.public_id if customer else "",
            "sparklayer_child": child.public_id if child else "",
        },
        "dates": {},
        "currency_code": "GBP",
        "packages": [package()],
        **members,
    }
    return put(site, spark_id, body)


def put(site: Site, spark_id: UUID, body: dict[str, Any]) -> Purchase:
    """The purchase after a PUT of this body."""
    document = PurchaseDocument.model_validate(body)
    put_purchase(site=site, lookup=Lookup("sparklayer", spark_id), document=document, actor=SYSTEM)
    return Purchase.objects.get(site=site, spark_id=spark_id, deleted_at=None)


def pay(purchase: Purchase, total: str, *, platform_id: str = "", applied: bool = True) -> PurchaseTransaction:
    """A payment, or a refund when `total` is negative, in the purchase's currency."""
    return record_transaction(
        site=purchase.site,
        lookup=Lookup("sparklayer", purchase.spark_id),
        platform_id=platform_id or f"pay-{next(_numbers)}",
        total=Decimal(total),
        currency_code=purchase.currency_code,
        apply_to_balance=applied,
        actor=SYSTEM,
    )
