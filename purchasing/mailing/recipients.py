"""Whom a mail about a purchase is for. Only those who are active: whoever was kept out or erased is told nothing."""

from __future__ import annotations

from django.db.models import Q

from core.mail_settings import MailKind
from customers.models import Customer, CustomerQuerySet
from purchasing.models import Purchase


def recipients_of(purchase: Purchase, kind: MailKind) -> list[Customer]:
    """Who may approve what waits for it; of everything else who bought. With their logins, in the order of numbers."""
    if purchase.buyer is None:
        return []
    rows = _approvers(purchase.buyer) if kind is MailKind.APPROVAL_WANTED else _alone(purchase.buyer)
    active = rows.present().filter(status=Customer.Status.ACTIVE, erased_at=None).exclude(email="")
    return list(active.select_related("user", "site").order_by("pk"))


def _alone(buyer: Customer) -> CustomerQuerySet:
    return Customer.objects.for_site(buyer.site).filter(pk=buyer.pk)


def _approvers(buyer: Customer) -> CustomerQuerySet:
    """The main users of his company who can sign in to decide, himself apart (`purchasing.approvals`)."""
    main = Q(role=Customer.Role.MAIN) | Q(role="", parent=None)
    rows = Customer.objects.for_site(buyer.site).family_of(buyer).filter(main, user__is_active=True)
    return rows.exclude(pk=buyer.pk)
