"""Log in as a customer: the button of his page, and the record of who did when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.admin import ReadOnly, SiteAdmin, carried_out
from core.admin.dialogs import dialog_page
from core.admin.display import page_of, when
from customers.masquerades import begin_masquerade
from customers.models import Customer, Masquerade


class MasqueradeButton:
    """Mixed into the page of a customer."""

    @action(description=_("Log in as"), url_path="log-in-as", permissions=["press"])
    def log_in_as(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first; then My account as the customer sees it, until he leaves."""
        customer: Customer = self.get_object(request, object_id)
        form = forms.Form(request.POST if request.method == "POST" else None)

        def work() -> None:
            assert request.user.is_authenticated  # staff
            begin_masquerade(session=request.session, staff=request.user, customer=customer, now=timezone.now())
            self.log_change(request, customer, gettext("Logged in as the customer."))

        if form.is_valid() and carried_out(form, work):
            return HttpResponseRedirect(reverse("account:home"))
        return dialog_page(
            self,
            request,
            form=form,
            title=gettext("Log in as %(customer)s") % {"customer": customer},
            explanation=gettext(
                "You see My account as this customer does. What you do there is done for the customer under your name, "
                "and it is recorded that you were there."
            ),
            submit=gettext("Log in as"),
            back=reverse("admin:customers_customer_change", args=[customer.pk]),
        )


@admin.register(Masquerade)
class MasqueradeAdmin(ReadOnly, SiteAdmin):
    list_display = ("began", "staff_email", "customer_shown", "ended")
    list_select_related = ("customer",)
    list_filter = (("started_at", admin.DateFieldListFilter), "site")
    list_filter_sheet = False
    search_fields = ("staff_email", "customer__company_name", "customer__last_name", "customer__email")
    fields = ("staff_email", "customer_shown", "began", "ended")
    readonly_fields = ("customer_shown", "began", "ended")

    @display(description=_("began"), ordering="started_at")
    def began(self, row: Masquerade) -> SafeString | str:
        return when(row.started_at)

    @display(description=_("as"))
    def customer_shown(self, row: Masquerade) -> SafeString | str:
        return page_of(row.customer)

    @display(description=_("ended"))
    def ended(self, row: Masquerade) -> SafeString | str:
        """At the latest when it ends by itself; until then it is open."""
        over = row.is_over(timezone.now())
        return when(row.ended_at or row.ends_at) if over else gettext("not yet")
