"""Staff in a customer's My account: how it begins, whether it still stands, how it ends. The doors for it.

The person stays signed in as himself; his session only says which masquerade it is in. So no login of the customer is
needed or touched, and what he writes is by `staff:<e-mail>`.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from core.errors import Conflict, NotPermitted
from core.models import User
from core.tenancy import may_manage
from customers.models import Customer, Masquerade
from customers.models.masquerade import MOST

SESSION_KEY = "masquerade"


def begin_masquerade(*, session: SessionBase, staff: User, customer: Customer, now: datetime) -> Masquerade:
    """Act for this customer in this session, which gets another key; one that it was in ends.

    Raises NotPermitted for who is no manager of the customer's site, Conflict `customer-not-active`.
    """
    if not may_manage(staff, customer.site):
        raise NotPermitted
    if not _can_be_acted_for(customer):
        raise Conflict("Only an active customer can be acted for.", code="customer-not-active")
    end_masquerade(session=session, now=now)
    begun = Masquerade.objects.create(
        site=customer.site,
        customer=customer,
        staff=staff,
        staff_email=staff.email,
        started_at=now,
        ends_at=now + MOST,
    )
    session[SESSION_KEY] = begun.pk
    session.cycle_key()
    return begun


def current_masquerade(*, session: SessionBase, user: User | AnonymousUser, now: datetime) -> Masquerade | None:
    """That of this session as it stands now, with its customer and site; one that may not go on ends here."""
    number = session.get(SESSION_KEY)
    if number is None:
        return None
    if isinstance(user, User):
        held = Masquerade.objects.filter(pk=number, staff=user).select_related("customer__site").first()
        if held is not None and _may_go_on(held, user, now=now):
            return held
    end_masquerade(session=session, now=now)
    return None


def end_masquerade(*, session: SessionBase, now: datetime) -> Customer | None:
    """Nobody is acted for in this session any more, which gets another key. Answers who was; None: nobody."""
    number = session.pop(SESSION_KEY, None)
    if number is None:
        return None
    session.cycle_key()
    ended = Masquerade.objects.select_related("customer").get(pk=number)
    if not ended.is_over(now):
        ended.ended_at = now
        ended.save(update_fields=["ended_at"])
    return ended.customer


def _may_go_on(held: Masquerade, user: User, *, now: datetime) -> bool:
    return not held.is_over(now) and may_manage(user, held.customer.site) and _can_be_acted_for(held.customer)


def _can_be_acted_for(customer: Customer) -> bool:
    return customer.deleted_at is None and customer.status == Customer.Status.ACTIVE
