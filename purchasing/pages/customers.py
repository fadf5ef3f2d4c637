"""`/account/customers/`: a sales agent picks the customer whose purchases his lists show. Others have no such page."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from core.ids import CUSTOMER, number_of
from core.paging import page_number, page_of
from customers.models import Customer, CustomerQuerySet
from purchasing.pages.fields import search_field
from purchasing.pages.visitor import Visitor, for_customers, render_page

PAGE_SIZE = 50
MOST_WORDS = 10


class CustomerFilters(forms.Form):
    search = search_field(_("Company, name, e-mail or number"))


@require_safe
@for_customers
def customers(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Whom the agent sees, by company and name."""
    form = CustomerFilters(request.GET)
    rows = _seen(visitor)
    words = form.cleaned_data["search"].split()[:MOST_WORDS] if form.is_valid() else []
    rows = rows.matching(words) if form.is_valid() else rows.none()
    context = {
        "form": form,
        "page": page_of(
            lambda limit, offset: list(rows[offset : offset + limit]),
            number=page_number(request.GET.get("page", "")),
            size=PAGE_SIZE,
        ),
        "query": urlencode({"search": " ".join(words)}) if words else "",
    }
    return render_page(request, visitor, "account/customers.html", context)


@require_POST
@for_customers
def pick(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """From now on lists are of this customer, of a main user's the company's; without one of all whom he sees."""
    name = request.POST.get("customer", "")
    rows = _seen(visitor)
    if not name:
        request.session.pop(visitor.picked_key, None)
    else:
        request.session[visitor.picked_key] = get_object_or_404(rows, pk=number_of(CUSTOMER, name) or 0).pk
    return redirect("account:orders")


def _seen(visitor: Visitor) -> CustomerQuerySet:
    """Raises Http404 for who is no sales agent."""
    if not visitor.customer.is_sales_agent:
        raise Http404
    return Customer.objects.for_site(visitor.site).present().visible_to(visitor.customer)
