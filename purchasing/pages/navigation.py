"""Which pages of My account there are for whom, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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

_LISTS = {section.name for section in SECTIONS}
BUTTONS = {
    "quote_accept": "quote",
    "quote_approve": "quote",
    "quote_reject": "quote",
    "quote_trim": "quote",
    "details_language": "details",
    "customer_pick": "customers",
    "address_use": "addresses",
    "user_invite_again": "user",
}
"""Addresses for customers that are only posted to, and the page whose button does so."""
FILES = {
    "orders_csv": "orders",
    "orders_xlsx": "orders",
    "order_pdf": "order",
    "to_come_csv": "to_come",
    "statement_csv": "statement",
    "statement_pdf": "statement",
}
"""Addresses that are downloaded, and the page whose link does so under the same filters."""


def page_behind(name: str, parts: Mapping[str, Any]) -> str:
    """The address of the page with the button or the link to this address, nothing for what is a page itself.

    `parts`: what stands in the address, as the id of a quote; a list has none in its own.
    """
    page = BUTTONS.get(name) or FILES.get(name)
    if page is None:
        return ""
    return reverse(f"account:{page}", kwargs=None if page in _LISTS else dict(parts))


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
