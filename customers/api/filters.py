"""What a list of customers may be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from core.api.pagination import COUNT
from core.api.query import Page, Query
from core.api.times import TIME_PARAMETERS, times_asked_for
from core.models import Site
from customers.models import DEFAULT_GROUP, Customer, CustomerQuerySet
from customers.models.querysets import SEARCHED

EXACT = ("external_id", "accounting_id", "company_name")
"""Compared letter by letter."""
ORDERS = ("id", "created_at", "updated_at", "company_name", "last_name", "email", "external_id")
MOST_WORDS = 10
"""A search looks for."""

KNOWN = (
    "limit",
    "offset",
    "search",
    "order_by",
    "count",
    "email",
    *EXACT,
    "status",
    "role",
    "group",
    "currency_code",
    "parent_customer_id",
    *(parameter.name for parameter in TIME_PARAMETERS),
)

_ORDER_WORDS = [*ORDERS, *(f"-{name}" for name in ORDERS)]
PARAMETERS = [
    OpenApiParameter("limit", int, description="1 to 500 rows; 100 when not given."),
    OpenApiParameter("offset", int, description="Rows to leave out first."),
    OpenApiParameter("search", str, description=f"Words that each occur in one of: {', '.join(SEARCHED)}."),
    OpenApiParameter("order_by", str, enum=_ORDER_WORDS, description="`id` when not given; `-` turns it round."),
    OpenApiParameter("email", str, description="In whatever letter case."),
    *(OpenApiParameter(name, str, description="Exactly this.") for name in EXACT),
    OpenApiParameter("status", str, enum=Customer.Status.values),
    OpenApiParameter(
        "role", str, enum=Customer.Role.values, description="`main`: also companies without parent of no other role."
    ),
    OpenApiParameter("group", str, description="The slug of a customer group."),
    OpenApiParameter("currency_code", str, description="In whatever letter case."),
    OpenApiParameter("parent_customer_id", str, description="Id or external id of the parent."),
    *TIME_PARAMETERS,
    COUNT,
]


def customers_asked_for(site: Site, parameters: QueryDict) -> tuple[CustomerQuerySet, Page]:
    """The customers and the page of them. Raises InvalidDocument naming every unknown parameter and bad value."""
    query = Query(parameters, known=KNOWN)
    conditions = [*_texts(query, site), *_choices(query), *times_asked_for(query, site)]
    words = (query.text("search") or "").split()
    if len(words) > MOST_WORDS:
        query.refuse("search", f"Give at most {MOST_WORDS} words.")
    order = query.choice("order_by", _ORDER_WORDS, default="id") or "id"
    page = query.page()
    query.flag("count")
    query.check()
    customers = Customer.objects.for_site(site).present().filter(*conditions)
    if (email := query.text("email")) is not None:
        customers = customers.with_email(email)
    return customers.matching(words).order_by(order, "id"), page


def _texts(query: Query, site: Site) -> Iterator[Q]:
    for name in EXACT:
        if (text := query.text(name)) is not None:
            yield Q(**{name: text})
    if (group := query.text("group")) is not None:
        yield Q(group__slug=DEFAULT_GROUP if group == "base" else group)
    if (currency_code := query.text("currency_code")) is not None:
        yield Q(currency_code=currency_code.upper())
    if (parent := query.text("parent_customer_id")) is not None:
        yield Q(parent__in=Customer.objects.for_site(site).present().identified(parent))


def _choices(query: Query) -> Iterator[Q]:
    if (status := query.choice("status", Customer.Status.values)) is not None:
        yield Q(status=status)
    role = query.choice("role", Customer.Role.values)
    if role == Customer.Role.MAIN:
        yield Q(role=role) | Q(role="", parent=None)
    elif role is not None:
        yield Q(role=role)
