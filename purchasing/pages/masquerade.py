"""`/account/leave/`: staff who act for a customer go back to his page in the back office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from customers.masquerades import end_masquerade


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Who acts for nobody (a second click) comes to his own account."""
    customer = end_masquerade(session=request.session, now=timezone.now())
    if customer is None:
        return redirect("account:home")
    return redirect("admin:customers_customer_change", customer.pk)
