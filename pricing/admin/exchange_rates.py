"""Exchange rates: every member of staff may look, only superusers change what all sites share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import SiteAdmin, SiteModelForm
from core.money import plain, read_currency
from pricing.models import ExchangeRate
from pricing.publishing import announce
from pricing.rates import DOLLAR


class ExchangeRateForm(SiteModelForm):
    def clean_currency_code(self) -> str:
        try:
            code = read_currency(self.cleaned_data["currency_code"])
        except ValueError as error:
            raise forms.ValidationError(_("This is no currency of ISO 4217.")) from error
        if code == DOLLAR:
            raise forms.ValidationError(_("A dollar is a dollar: USD has no rate of its own."))
        return code


@admin.register(ExchangeRate)
class ExchangeRateAdmin(SiteAdmin):
    """A rate that is added is used at once by the purchases that lack one; a changed or deleted one changes none."""

    form = ExchangeRateForm
    superusers_change = True
    site_path = ""
    list_display = ("currency_code", "date", "rate", "source")
    list_filter = ("source",)
    search_fields = ("currency_code", "source")
    search_help_text = _("Currency or source")
    date_hierarchy = "date"
    ordering = ("-date", "currency_code")
    fields = (("currency_code", "date"), "usd_per_unit", "source")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeRate]:
        return ExchangeRate.objects.all()

    @display(description=_("US dollars for one unit"), ordering="usd_per_unit")
    def rate(self, row: ExchangeRate) -> str:
        return f"{plain(row.usd_per_unit):f}"

    def save_model(self, request: HttpRequest, obj: ExchangeRate, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: announce(now=timezone.now()))
