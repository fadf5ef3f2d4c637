"""`/account/orders/` and one order below it: what a customer sees of his own and his company's purchases."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.ids import is_uuid
from core.paging import page_number, page_of
from customers.models import Account, Customer
from purchasing.contents import contents_of
from purchasing.models import Purchase, PurchaseHistory
from purchasing.models.purchase import PurchaseQuerySet
from purchasing.pages.address_bar import at_address
from purchasing.pages.decisions import Decidable, told_decidable
from purchasing.pages.filters import OrderFilters
from purchasing.pages.labels import payment_method_of
from purchasing.pages.story import story_of
from purchasing.pages.timeline import timeline_of
from purchasing.pages.visitor import Visitor, for_customers, is_partial, render_page

PAGE_SIZE = 50

_LISTED = (
    "spark_id",
    "visible_id",
    "internal_id",
    "platform_id",
    "type",
    "approval",
    "customer_reference",
    "currency_code",
    "ordered_at",
    "calculated_total",
    "calculated_fulfilment_status",
    "calculated_payment_status",
    "open_quantity",
    "shipped_quantity",
    "returned_quantity",
    "outstanding",
    "credit",
    "site_id",
)
_NAME = ("company_name", "first_name", "last_name")
_BUYERS = tuple(f"{party}__{name}" for party in ("customer", "child") for name in _NAME)


@require_safe
@vary_on_headers("HX-Request")
@for_customers
def orders(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The list; to a script that filters as one types, only the part below the filters."""
    filters = filters_of(request, visitor)
    page = page_of(partial(_listed, filters), number=page_number(request.GET.get("page", "")), size=PAGE_SIZE)
    context = {
        "filters": filters,
        "page": page,
        "figures_alone": filters.by_total and len({purchase.currency_code for purchase in page.rows}) > 1,
        "query": urlencode(filters.chosen),
        "balances": _balances(visitor.customer),
    }
    if not is_partial(request):
        return render_page(request, visitor, "account/orders.html", context)
    response = render_page(request, visitor, "account/_orders.html", context)
    return at_address(request, response, str(context["query"]))


@require_safe
@for_customers
def order(request: HttpRequest, visitor: Visitor, spark_id: str) -> HttpResponse:
    """One order."""
    purchase = order_of(visitor, spark_id)
    history = list(
        PurchaseHistory.objects.for_site(visitor.site).filter(purchase=purchase).order_by("created_at", "id")
    )
    contents = contents_of(purchase)
    story = story_of(purchase, customer=visitor.customer, reader=visitor.reader)
    return render_page(
        request,
        visitor,
        "account/order.html",
        {
            "purchase": purchase,
            "contents": contents,
            "payment_method": payment_method_of(purchase),
            "approval": _approval(purchase, visitor),
            "history": history,
            "timeline": timeline_of(
                purchase=purchase, packages=contents.packages, history=history, between=story.events
            ),
            "whole_story": story.whole,
        },
    )


def _approval(purchase: Purchase, visitor: Visitor) -> Decidable | None:
    """How far the decision on it is, while it waits for one or was rejected."""
    if purchase.type != Purchase.Type.AWAITING_APPROVAL:
        return None
    return told_decidable(purchase, visitor.customer, now=timezone.now())


def filters_of(request: HttpRequest, visitor: Visitor) -> OrderFilters:
    """The filters that an address names, over the orders of this customer."""
    visible = visitor.purchases.placed()
    return OrderFilters(
        request.GET,
        visible,
        site_id=visitor.site.pk,
        zone=visitor.settings.time_zone,
        buyers=lambda: visitor.buyers_known,
        people=visitor.people,
        agent=visitor.customer if visitor.customer.is_sales_agent else None,
    )


def _listed(filters: OrderFilters, limit: int, offset: int) -> list[Purchase]:
    numbers = filters.numbers(limit, offset)
    if numbers is None:
        return list(rows_of(filters)[offset : offset + limit])
    return list(_shown(filters.unsearched.filter(pk__in=numbers)))


def rows_of(filters: OrderFilters) -> PurchaseQuerySet:
    """What passes the filters, in the order they name, with what a list shows."""
    return _shown(filters.found)


def _shown(rows: PurchaseQuerySet) -> PurchaseQuerySet:
    shown: PurchaseQuerySet = rows.select_related("customer", "child").only(*_LISTED, *_BUYERS)
    return shown


def order_of(visitor: Visitor, spark_id: str) -> Purchase:
    """The order of this id. Raises Http404: what is not visible to the customer answers as what does not exist."""
    if not is_uuid(spark_id):
        raise Http404
    visible = Purchase.objects.visible_to(visitor.customer).placed().select_related("customer", "child")
    purchase: Purchase = get_object_or_404(visible, spark_id=spark_id)
    return purchase


def _balances(customer: Customer) -> list[Account]:
    """What the company owes, in each currency; a main user's to know, nobody else's."""
    if not customer.is_main_user:
        return []
    account = customer if customer.parent_id is None else Customer.objects.for_site(customer.site).account_of(customer)
    return list(Account.objects.for_site(customer.site).filter(customer=account).order_by("currency_code"))
