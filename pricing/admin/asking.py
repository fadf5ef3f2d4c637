"""From a price to whoever pays it: a customer and a SKU are named, and the customer's page says what and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from core.ids import CUSTOMER, number_of
from core.models import Site
from customers.models import Customer


class PayerForm(forms.Form):
    """Who asks, for what. Answers the customer as `cleaned_data["customer"]`."""

    customer = forms.CharField(
        label=_("Customer"),
        max_length=255,
        help_text=_("Our id, the id elsewhere, the e-mail or the company, as it is written."),
        widget=UnfoldAdminTextInputWidget,
    )
    sku = forms.CharField(label=_("SKU"), max_length=255, strip=False, widget=UnfoldAdminTextInputWidget)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=10**9,
        initial=1,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "number", "min": 1}),
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def clean_customer(self) -> Customer:
        named: str = self.cleaned_data["customer"].strip()
        present = Customer.objects.for_site(self.site).present()
        number = number_of(CUSTOMER, named)
        if number is not None:
            found = list(present.filter(pk=number))
        else:
            by_name = Q(external_id=named) | Q(email__iexact=named) | Q(company_name__iexact=named)
            found = list(present.filter(by_name).order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(gettext("There is no such customer."))
        if len(found) > 1:
            raise forms.ValidationError(gettext("Several customers are called so; name one by the id."))
        return found[0]


class AskedFromPrices:
    """Mixed into pages of prices: the button that leads to what a customer pays and why."""

    @action(description=_("Why this price"), url_path="why")
    def why(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        asked = request.GET if "customer" in request.GET else None
        form = PayerForm(asked, site=row.site, initial={"sku": getattr(row, "sku", "")})
        if form.is_valid():
            said = form.cleaned_data
            page = reverse("admin:customers_customer_price", args=[said["customer"].pk])
            return HttpResponseRedirect(f"{page}?{urlencode({name: said[name] for name in ('sku', 'quantity')})}")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Why this price: %(row)s") % {"row": row},
            "form": form,
            "back": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk]),
        }
        return TemplateResponse(request, "admin/pricing/why.html", context)
