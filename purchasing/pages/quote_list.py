"""`/account/quotes/`: the quotes that a customer was sent, and the purchases that wait for approval."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.paging import page_number, page_of
from purchasing.models import Purchase
from purchasing.pages.decisions import Decidable, decidable
from purchasing.pages.newest import newest_of
from purchasing.pages.visitor import Visitor, for_customers, render_page

PAGE_SIZE = 50
ALL = "all"
_LISTED = (
    "spark_id",
    "visible_id",
    "internal_id",
    "platform_id",
    "type",
    "customer_reference",
    "currency_code",
    "ordered_at",
    "calculated_total",
    "header",
    "approval",
    "site_id",
    "customer_id",
    "child_id",
)
_NAMES = tuple(
    f"{who}__{name}" for who in ("customer", "child") for name in ("company_name", "first_name", "last_name")
)


@dataclass(frozen=True, slots=True)
class Row:
    purchase: Purchase
    decidable: Decidable


@require_safe
@for_customers
def quotes(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What waits for a decision; with `show=all` everything, newest first."""
    everything = request.GET.get("show") == ALL
    now = timezone.now()
    visible = visitor.purchases
    rows = visible.quotes_and_approvals() if everything else visible.undecided(now)
    rows = rows.select_related("customer", "child").only(*_LISTED, *_NAMES)
    buyers = visitor.buyers_known
    page = page_of(
        lambda limit, offset: [
            Row(purchase, decidable(purchase, visitor.customer, now=now))
            for purchase in newest_of(rows, buyers=buyers, limit=limit, offset=offset)
        ],
        number=page_number(request.GET.get("page", "")),
        size=PAGE_SIZE,
    )
    context = {"page": page, "everything": everything, "query": f"show={ALL}" if everything else ""}
    return render_page(request, visitor, "account/quotes.html", context)
