"""Shipping methods: where they send to, for whom, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.forms import Field
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import SiteAdmin, SiteInline, SiteModelForm
from core.api.documents import validate
from core.money import plain
from purchasing.models import ShippingBand, ShippingMethod
from purchasing.shipping.documents import MethodChange, NewMethod
from purchasing.shipping.operations import create_method, patch_method

MEMBERS = {"sku": "sku", "title": "title", "priority": "prority", "countries": "countries", "groups": "groups"}
"""Fields of the page and the members of the document that they are."""


class MethodForm(SiteModelForm):
    property_fields = {"prority": "priority"}


class BandForm(SiteModelForm):
    """Shows 1.5 where the column holds 1.500000, and 9.00 of what it costs."""

    money_in: ClassVar[Mapping[str, str]] = {"amount": "currency_code"}

    def get_initial_for_field(self, field: Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        return plain(value) if isinstance(value, Decimal) and field_name not in self.money_in else value


class BandInline(SiteInline):
    model = ShippingBand
    form = BandForm
    fields = ("name", "priority", "sku", "requirement", "minimum", "maximum", "cost_type", "amount", "currency_code")
    verbose_name_plural = _("bands: the first that fits the goods says what they cost, lower priorities first")


@admin.register(ShippingMethod)
class ShippingMethodAdmin(SiteAdmin):
    """Saved through the operations of the API."""

    form = MethodForm
    list_display = ("title", "sku", "priority", "countries", "groups", "public_number")
    list_filter = ("site",)
    search_fields = ("title", "sku")
    readonly_fields = ("public_number",)
    inlines = (BandInline,)
    fields = (("title", "sku", "priority"), ("countries", "groups"), ("public_number", "updated_at"))
    add_fields = ("site", ("title", "sku", "priority"), ("countries", "groups"))

    def get_fields(self, request: HttpRequest, obj: ShippingMethod | None = None) -> Any:
        return self.fields if obj else self.add_fields

    def get_inlines(self, request: HttpRequest, obj: ShippingMethod | None) -> Any:
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: ShippingMethod | None = None) -> list[str]:
        return [*self.readonly_fields, "updated_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ShippingMethod, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in MEMBERS if name in form.cleaned_data}
        if not change:
            body = {MEMBERS[name]: value for name, value in given.items() if value not in (None, [])}
            obj.pk = create_method(site=obj.site, document=validate(NewMethod, body), now=timezone.now()).pk
        elif body := {MEMBERS[name]: value for name, value in given.items() if name in form.changed_data}:
            document = validate(MethodChange, body)
            patch_method(site=obj.site, method_id=obj.public_id, document=document, now=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)
            if formset.has_changed():
                rows = [row.cleaned_data for row in formset.forms if row not in formset.deleted_forms]
                document = validate(MethodChange, {"bands": [_band(row) for row in rows if row]})
                method: ShippingMethod = form.instance
                patch_method(site=method.site, method_id=method.public_id, document=document, now=timezone.now())

    @display(description=_("our id"))
    def public_number(self, method: ShippingMethod) -> str:
        return method.public_id if method.pk else "—"


def _band(row: dict[str, Any]) -> dict[str, Any]:
    """A band of the page as its document."""
    currency = {"currency_code": row["currency_code"] or None}
    requirement: dict[str, Any] | None = None
    if row["requirement"]:
        requirement = {"type": row["requirement"], "min": row["minimum"], "max": row["maximum"]}
        requirement |= currency if row["requirement"] == ShippingBand.Requirement.PRICE else {}
    cost: dict[str, Any] = {"type": row["cost_type"]}
    if row["cost_type"] == ShippingBand.Cost.FIXED:
        cost |= {"amount": row["amount"], **currency}
    return {
        "name": row["name"],
        "priority": row["priority"],
        "sku": row["sku"],
        "requirement": requirement,
        "cost": cost,
    }
