"""What lists of products and variants may be asked for."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter

from catalog.finding import MOST_WORDS
from catalog.models import Product, ProductQuerySet, ProductVariant, VariantQuerySet
from core.api.pagination import COUNT
from core.api.query import Page, Query
from core.api.times import TIME_PARAMETERS, times_asked_for
from core.models import Site
from customers.models import Customer

PRODUCT_EXACT = ("external_id", "slug", "title")
VARIANT_EXACT = ("external_id", "sku")
PRODUCT_ORDERS = ("id", "created_at", "updated_at", "title", "slug", "external_id")
VARIANT_ORDERS = ("id", "created_at", "updated_at", "sku", "external_id", "position")


def _order_words(orders: Sequence[str]) -> list[str]:
    return [*orders, *(f"-{name}" for name in orders)]


def _parameters(*, exact: Sequence[str], orders: Sequence[str], searched: str, status: str) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("limit", int, description="1 to 500 rows; 100 when not given."),
        OpenApiParameter("offset", int, description="Rows to leave out first."),
        OpenApiParameter("search", str, description=f"Words that each occur in one of: {searched}."),
        OpenApiParameter(
            "order_by", str, enum=_order_words(orders), description="`id` when not given; `-` turns it round."
        ),
        *(OpenApiParameter(name, str, description="Exactly this.") for name in exact),
        OpenApiParameter("status", str, enum=ProductVariant.Status.values, description=status),
        *TIME_PARAMETERS,
        COUNT,
    ]


PRODUCT_PARAMETERS = _parameters(
    exact=PRODUCT_EXACT,
    orders=PRODUCT_ORDERS,
    searched="title, slug, ids, SKUs of variants",
    status="Products with a variant of this status.",
)
VARIANT_PARAMETERS = [
    *_parameters(
        exact=VARIANT_EXACT,
        orders=VARIANT_ORDERS,
        searched="SKU, ids, title of the product, options",
        status="Only of this status.",
    ),
    OpenApiParameter("product_id", str, description="Id or external id of the product."),
]


def products_asked_for(
    site: Site, parameters: QueryDict, *, reader: Customer | None = None
) -> tuple[ProductQuerySet, Page]:
    """The products and the page of them. Raises InvalidDocument naming every unknown parameter and bad value."""
    query = Query(parameters, known=[parameter.name for parameter in PRODUCT_PARAMETERS])
    conditions, words, order, page = _read(query, site, exact=PRODUCT_EXACT, orders=PRODUCT_ORDERS)
    status = query.choice("status", ProductVariant.Status.values)
    query.check()
    products = Product.objects.for_site(site).visible_to(reader).filter(*conditions)
    if status is not None:
        products = products.with_variant_of_status(status, reader=reader)
    return products.matching(words, sites=[site.pk], reader=reader).order_by(*_turned(order)), page


def variants_asked_for(
    site: Site, parameters: QueryDict, *, reader: Customer | None = None
) -> tuple[VariantQuerySet, Page]:
    """The variants and the page of them. Raises InvalidDocument naming every unknown parameter and bad value."""
    query = Query(parameters, known=[parameter.name for parameter in VARIANT_PARAMETERS])
    conditions, words, order, page = _read(query, site, exact=VARIANT_EXACT, orders=VARIANT_ORDERS)
    if (status := query.choice("status", ProductVariant.Status.values)) is not None:
        conditions.append(Q(status=status))
    if (product := query.text("product_id")) is not None:
        conditions.append(Q(product__in=Product.objects.for_site(site).identified(product)))
    query.check()
    variants = ProductVariant.objects.for_site(site).visible_to(reader).filter(*conditions)
    return variants.matching(words, sites=[site.pk]).order_by(*_turned(order)), page


def _turned(order: str) -> tuple[str, str]:
    """The order, equals by our id in the same direction: so its index is read, from whichever end."""
    return order, "-id" if order.startswith("-") else "id"


def _read(
    query: Query, site: Site, *, exact: Sequence[str], orders: Sequence[str]
) -> tuple[list[Q], list[str], str, Page]:
    """What both lists read: conditions, words to look for, order, page."""
    conditions = [Q(**{name: text}) for name in exact if (text := query.text(name)) is not None]
    conditions += times_asked_for(query, site)
    words = (query.text("search") or "").split()
    if len(words) > MOST_WORDS:
        query.refuse("search", f"Give at most {MOST_WORDS} words.")
    order = query.choice("order_by", _order_words(orders), default="id") or "id"
    query.flag("count")
    return conditions, words, order, query.page()
