"""Buttons of a purchase's page: ship what is open, record a payment, record a refund."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from core.actors import Actor
from core.admin import actor_of, carried_out
from core.api.etag import Tags
from core.money import money_text
from purchasing.admin.forms import STALE
from purchasing.core_orders import ORDER_TYPES
from purchasing.fulfilment import ship_lines
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.moving import NamedItem
from purchasing.operations import Preconditions


class ShipForm(forms.Form):
    """Which open packages left, when and with whom."""

    version = forms.CharField(widget=forms.HiddenInput)
    packages = forms.MultipleChoiceField(widget=UnfoldAdminCheckboxSelectMultipleWidget)
    shipped_at = forms.SplitDateTimeField(label="Shipped at", widget=UnfoldAdminSplitDateTimeWidget)
    carrier = forms.CharField(required=False, max_length=255, widget=UnfoldAdminTextInputWidget)
    tracking_number = forms.CharField(required=False, max_length=255, widget=UnfoldAdminTextInputWidget)
    tracking_url = forms.URLField(
        label="Tracking link", required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )

    def __init__(self, purchase: Purchase, *args: Any, **kwargs: Any) -> None:
        self.purchase = purchase
        self.opened = purchase.opened  # type: ignore[attr-defined]  # set by PurchaseAdmin.get_object
        self.open = {
            package["id"]: package
            for package in self.opened.document["packages"]
            if purchase.type in ORDER_TYPES and package["type"] == "processing" and package["line_items"]
        }
        choices = [(number, _contents(package)) for number, package in self.open.items()]
        kwargs["initial"] = {
            "version": self.opened.version,
            "packages": [number for number, _ in choices],
            "shipped_at": timezone.now(),
        }
        super().__init__(*args, **kwargs)
        self.fields["packages"].choices = choices  # type: ignore[attr-defined]  # a choice field, declared above

    def clean(self) -> dict[str, Any] | None:
        if self.opened.stale:
            self.add_error(None, STALE)
        return super().clean()

    def ship(self, *, actor: Actor) -> None:
        """Ship everything in the chosen packages. One package that leaves alone keeps its ids."""
        said = self.cleaned_data
        chosen = [self.open[number] for number in said["packages"]]
        kept = chosen[0]["identifiers"] if len(chosen) == 1 else {}
        tracking = {"company": said["carrier"], "url": said["tracking_url"], "reference": said["tracking_number"]}
        ship_lines(
            site=self.purchase.site,
            lookup=Lookup("sparklayer", self.purchase.spark_id),
            lines=[
                NamedItem("", "", line["quantity"], line=line["id"])
                for package in chosen
                for line in package["line_items"]
            ],
            shipped_at=said["shipped_at"],
            tracking=tracking if any(tracking.values()) else None,
            external_id=kept.get("internal", ""),
            visible_id=kept.get("visible", ""),
            actor=actor,
            preconditions=Preconditions(if_match=Tags(any=False, values=(self.opened.version,))),
        )


class PurchaseActions:
    """Mixed into the page of a purchase."""

    actions_detail = ("ship", "record_payment", "record_refund")

    @action(description="Ship", url_path="ship", permissions=["press"])
    def ship(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks what left and when; then the goods move into a package that was shipped, as the API ships them."""
        purchase = self.get_object(request, object_id)
        if not self.has_change_permission(request, purchase):
            raise PermissionDenied
        form = ShipForm(purchase, request.POST if request.method == "POST" else None)
        page = reverse("admin:purchasing_purchase_change", args=[purchase.pk])
        if not form.fields["packages"].choices:  # type: ignore[attr-defined]  # a choice field
            messages.info(request, "Nothing is left to ship.")
            return HttpResponseRedirect(page)
        if form.is_valid() and carried_out(form, lambda: form.ship(actor=actor_of(request))):
            count = len(form.cleaned_data["packages"])
            self.log_change(request, purchase, f"Shipped {count} package{'s' if count > 1 else ''}.")
            messages.success(request, f"{count} package{'s' if count > 1 else ''} of {purchase} shipped.")
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Ship {purchase}",
            "form": form,
            "submit": "Ship",
            "back": page,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/purchasing/purchase/ship.html", context)

    @action(description="Record payment", url_path="record-payment", permissions=["press"])
    def record_payment(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to a new transaction of what is outstanding."""
        purchase = self.get_object(request, object_id)
        return _new_transaction(purchase, purchase.outstanding)

    @action(description="Record refund", url_path="record-refund", permissions=["press"])
    def record_refund(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to a new transaction that pays out what is in credit."""
        purchase = self.get_object(request, object_id)
        return _new_transaction(purchase, -purchase.credit)


def _new_transaction(purchase: Purchase, total: Any) -> HttpResponse:
    query = {"purchase": purchase.pk, "currency_code": purchase.currency_code}
    if total:
        query["total"] = money_text(total, purchase.currency_code)
    return HttpResponseRedirect(f"{reverse('admin:purchasing_purchasetransaction_add')}?{urlencode(query)}")


def _contents(package: dict[str, Any]) -> str:
    """A package by its number and what is in it."""
    identifiers = package["identifiers"]
    number = identifiers["visible"] or identifiers["internal"] or identifiers["platform"] or package["id"]
    goods = ", ".join(f"{line['quantity']} × {line['name_parent']}" for line in package["line_items"][:5])
    more = len(package["line_items"]) - 5
    return f"{number}: {goods or 'empty'}{f' and {more} more' if more > 0 else ''}"
