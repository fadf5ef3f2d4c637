"""Forms of a purchase's header, packages and lines.

They show members of the stored document and collect what was changed; nothing is saved from here: the page hands the
changes to `purchasing.admin.editing` and the document to the operation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from core.admin import SiteFormSet, SiteModelForm
from core.documents import read_instant
from core.money import LINE_DECIMALS
from purchasing.admin.editing import LineEdit, PackageEdit, Values
from purchasing.admin.parts import line_of, line_values, package_of, package_values, part_id
from purchasing.models import LineItem, Package, Purchase

STALE = _(
    "This purchase was changed while the form was open, so nothing was saved. What changed stands above; "
    "open it anew to go on from there."
)


def amount_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        max_digits=18,
        decimal_places=LINE_DECIMALS,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
    )


def text_field(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=255, widget=UnfoldAdminTextInputWidget
    )


QUOTE_WORDS: dict[str, Any] = {
    "draft": _("Draft"),
    "sent": pgettext_lazy("quote", "Sent"),
    "accepted": _("Accepted"),
    "rejected": _("Rejected"),
    "expired": _("Expired"),
}

_NOT_OF_THE_DOCUMENT = frozenset({"DELETE", "id", "version"})


class DocumentForm(forms.ModelForm):
    """A form over a part of the document."""

    def _post_clean(self) -> None:
        """Nothing: no row is saved, so none is filled or looked up, form by form; the operation judges the document."""

    def changed_values(self) -> Values:
        """What somebody changed: cleaned values by field name."""
        if not hasattr(self, "cleaned_data"):
            return {}
        return {name: self.cleaned_data.get(name) for name in self.changed_data if name not in _NOT_OF_THE_DOCUMENT}


class PurchaseForm(SiteModelForm, DocumentForm):
    """The header. `version`: which version of the purchase the form was opened with."""

    version = forms.CharField(widget=forms.HiddenInput)
    payment_method = forms.CharField(
        label=_("Payment method"), required=False, max_length=10_000, widget=UnfoldAdminTextInputWidget
    )
    quote_status = forms.ChoiceField(
        label=_("Quote status"),
        required=False,
        choices=[("", "—"), *QUOTE_WORDS.items()],
        widget=UnfoldAdminSelectWidget,
        help_text=_("Of quotes only."),
    )
    quote_expires_at = forms.SplitDateTimeField(
        label=_("Quote expires at"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Of quotes only."),
    )

    property_fields = {
        "purchase_identifiers.platform": "platform_id",
        "purchase_identifiers.internal": "internal_id",
        "purchase_identifiers.visible": "visible_id",
        "customer_identifiers.sparklayer": "customer",
        "customer_identifiers.sparklayer_child": "child",
        "customer_identifiers.sparklayer_impersonator": "impersonator",
        "dates.placed_at": "placed_at",
    }

    class Meta:
        model = Purchase
        fields = (
            "type",
            "visible_id",
            "internal_id",
            "platform_id",
            "customer",
            "child",
            "impersonator",
            "customer_reference",
            "payment_method",
            "placed_at",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = self.instance.opened
        expires_at = opened.document["quote_expires_at"]
        self.initial["version"] = opened.version
        self.initial["quote_status"] = opened.document["quote_status"]
        self.initial["quote_expires_at"] = read_instant(expires_at) if expires_at else None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.opened.stale:
            self.add_error(None, STALE)
        return cleaned


class PackageForm(DocumentForm):
    """A package with its first shipment. Its state follows from the dates."""

    carrier = text_field(_("Carrier"))
    tracking_number = text_field(_("Tracking number"))
    tracking_url = forms.URLField(
        label=_("Tracking link"), required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )
    shipping_name = text_field(_("Shipping method"))
    shipping_net = amount_field(_("Shipping net"))
    shipping_total_gross = amount_field(_("Shipping gross"), _("Empty: worked out from net and tax."))
    refund_shipping = amount_field(_("Shipping credited"), _("Gross; of a returned package."))

    class Meta:
        model = Package
        fields = ("visible_id", "internal_id", "platform_id", "shipped_at", "cancelled_at", "returned_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = getattr(self.instance, "stored", None)
        if stored is not None:
            self.initial.update(package_values(stored))

    def edit(self, line_formsets: Iterable[Any] | None = None, *, removed: bool = False) -> PackageEdit:
        """What was changed; of the lines in these formsets, else in those that stand inside this form."""
        if line_formsets is None:
            line_formsets = [nested.formset for nested in getattr(self, "nested_formsets", [])]
        lines = [
            LineEdit(
                part_id(form.instance),
                form.changed_values(),
                removed=formset.can_delete and form in formset.deleted_forms,
            )
            for formset in line_formsets
            for form in formset.forms
        ]
        return PackageEdit(part_id(self.instance), self.changed_values(), lines, removed)


class PackagePageForm(SiteModelForm, PackageForm):
    """A package's own page. `version`: which version of its purchase the form was opened with."""

    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = self.instance.purchase.opened
        self.initial["version"] = opened.version
        place = f"packages[{opened.document['packages'].index(self.instance.stored)}]"
        self.property_fields = {f"{place}.refund_shipping.gross": "refund_shipping"}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.purchase.opened.stale:
            self.add_error(None, STALE)
        return cleaned


class LineForm(DocumentForm):
    """A line; its amounts are for the whole quantity."""

    total_net = forms.DecimalField(
        label=_("Net"),
        max_digits=18,
        decimal_places=LINE_DECIMALS,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text=_("After discount, for the whole quantity."),
    )
    tax_rate = amount_field(_("Tax %"))
    total_tax = amount_field(_("Tax"), _("Empty: worked out from the rate."))
    total_gross = amount_field(_("Gross"), _("Empty: worked out from net and tax."))
    refund_total = amount_field(_("Credited"), _("Gross, of a returned line. Empty: all of it."))

    class Meta:
        model = LineItem
        fields = ("sku", "name_parent", "name_child", "quantity")
        labels = {"sku": "SKU"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = getattr(self.instance, "stored", None)
        if stored is not None:
            self.initial.update(line_values(stored))


class DocumentFormSet(SiteFormSet, ABC):
    """Parts of the document that the purchase was opened with; rows are neither read nor written."""

    is_watched = False  # the version of the purchase says it

    def get_queryset(self) -> list[Any]:
        if not hasattr(self, "_parts"):
            self._parts = self.parts()
        return self._parts

    @abstractmethod
    def parts(self) -> list[Any]:
        """The parts of the opened document that this form set edits, in their order."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        # Django's own field looks the row up in the database, once per form and in every site.
        form.fields["id"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=form.instance.pk)

    def save(self, commit: bool = True) -> list[Any]:
        """Nothing is saved here; what changed is told to the page's own log."""
        self.new_objects = [form.instance for form in self.extra_forms if form.has_changed()]
        self.changed_objects = [(form.instance, form.changed_data) for form in self.initial_forms if form.has_changed()]
        self.deleted_objects = [form.instance for form in self.deleted_forms] if self.can_delete else []
        return []


class PackageFormSet(DocumentFormSet):
    def parts(self) -> list[Package]:
        purchase = self.instance
        if purchase.pk is None:
            return []
        return [package_of(purchase, stored) for stored in purchase.opened.document["packages"]]


class LineFormSet(DocumentFormSet):
    def parts(self) -> list[LineItem]:
        package = self.instance
        stored = getattr(package, "stored", None)
        return [line_of(package, line) for line in stored["line_items"]] if stored else []
