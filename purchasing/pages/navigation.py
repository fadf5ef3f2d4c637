"""Which pages of My account there are for whom, in the order in which they are offered."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Section:
    """`name`: of its first page, and what the names of its other pages begin with."""

    name: str
    text: Promise
    begins: str | tuple[str, ...]
    for_main_users: bool = False
    for_agents: bool = False
    in_person: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    text: Promise
    address: str
    is_here: bool


SECTIONS = (
    Section("customers", _("Customers"), "customers", for_agents=True),
    Section("orders", _("Orders"), "order"),
    Section("to_come", _("Still to come"), "to_come"),
    Section("quotes", _("Quotes and approvals"), "quote"),
    Section("statement", _("Statement"), ("statement", "credit"), for_main_users=True),
    Section("addresses", _("Addresses"), "address"),
    Section("users", _("Users"), "user", for_main_users=True),
    Section("details", _("My details"), "details", in_person=True),
)


def links_for(customer: Customer, *, page: str, in_person: bool = True) -> list[Link]:
    """The sections that this customer may open. `page`: the name of the one he is on;
    `in_person`: not staff who act for him.
    """
    return [
        Link(section.text, reverse(f"account:{section.name}"), page.startswith(section.begins))
        for section in SECTIONS
        if (customer.is_main_user or not section.for_main_users)
        and (customer.is_sales_agent or not section.for_agents)
        and (in_person or not section.in_person)
    ]
