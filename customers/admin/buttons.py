"""Buttons of a customer's page: the statement, and entries that stand for no purchase."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from core.admin import actor_of, carried_out
from core.admin.dialogs import dialog_page
from core.admin.display import amount_text
from core.site_settings import settings_of
from core.written import Written
from customers.admin.entry_form import KINDS, EntryForm
from customers.admin.statement import statement_context, statement_file
from customers.models import Customer
from customers.statement import statement_currency


class CustomerButtons:
    """Mixed into the page of a customer. A deleted one is only looked at."""

    only_looks = frozenset({"statement"})
    """Buttons that change nothing, by their address: these a deleted customer has too."""

    def get_actions_detail(self: Any, request: HttpRequest, object_id: str) -> list[Any]:
        allowed = super().get_actions_detail(request, object_id)  # type: ignore[misc]  # a mixin of ModelAdmin
        if not object_id.isdecimal():
            return []
        if Customer.objects.present().filter(pk=object_id).exists():
            return list(allowed)
        return [offered for offered in allowed if offered.path in self.only_looks]

    @action(description=_("Statement"), url_path="statement")
    def statement(self: Any, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """`?format=csv` and `?format=pdf` are its downloads."""
        customer: Customer = self.get_object(request, object_id)
        if (kind := request.GET.get("format", "")) in ("csv", "pdf"):
            return statement_file(request, customer, kind=kind)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Statement of %(customer)s") % {"customer": customer},
            "back": page_of_customer(customer),
            **statement_context(request, customer),
        }
        return TemplateResponse(request, "admin/customers/statement.html", context)

    @action(description=_("Post an entry"), url_path="entry", permissions=["press"])
    def entry(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """An opening balance or a manual entry; `?kind=opening` proposes the first."""
        customer: Customer = self.get_object(request, object_id)
        page = page_of_customer(customer)
        if customer.deleted_at is not None:
            messages.info(request, _("A deleted customer is only looked at."))
            return HttpResponseRedirect(page)
        account = Customer.objects.for_site(customer.site).account_of(customer)
        code = statement_currency(settings=settings_of(customer.site), customer=customer, account=account)
        kind = "opening" if request.GET.get("kind") == "opening" else "manual"
        form = EntryForm(
            request.POST if request.method == "POST" else None, initial={"currency_code": code, "kind": kind}
        )
        if form.is_valid() and carried_out(form, lambda: self._post_entry(request, customer, form)):
            return HttpResponseRedirect(page)
        explanation = str(_("It stays for good: what was wrong is corrected by posting the opposite."))
        if account != customer:
            posted_to = _("It is posted to %(account)s, who owes for %(customer)s.")
            explanation += " " + posted_to % {"account": account, "customer": customer}
        return dialog_page(
            self,
            request,
            form=form,
            title=_("Post an entry: %(customer)s") % {"customer": customer},
            explanation=explanation,
            submit=_("Post"),
            back=page,
        )

    def _post_entry(self: Any, request: HttpRequest, customer: Customer, form: EntryForm) -> None:
        entry, written = form.post(customer, actor=actor_of(request), now=timezone.now())
        figure = amount_text(entry.amount, entry.currency_code)
        if written is Written.UNCHANGED:
            standing = _("Nothing was posted: %(reference)s stands already, %(amount)s of %(day)s.")
            names = {"reference": entry.reference, "amount": figure, "day": date_format(entry.value_date)}
            messages.warning(request, standing % names)
            return
        told = f"{dict(KINDS)[entry.kind]} {entry.reference}: {figure}."
        self.log_change(request, customer, told)
        messages.success(request, told)


def page_of_customer(customer: Customer) -> str:
    return reverse("admin:customers_customer_change", args=[customer.pk])
