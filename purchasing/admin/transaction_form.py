"""Forms of a payment or refund, and the one way they are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import uuid_utils.compat as uuid7
from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from core.actors import Actor
from core.admin import SiteModelForm, show_refusal
from core.api.documents import validate
from core.documents import without_nulls
from core.errors import Conflict, InvalidDocument, VersionMismatch
from core.money import money_text
from purchasing import store
from purchasing.documents import TransactionDocument
from purchasing.identity import Lookup
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.operations import record_transaction

_HELP_OF = {
    "payment": _("The amount that was paid."),
    "refund": _("The amount that goes back to the customer. It is booked as a refund, with or without a minus sign."),
}


def new_platform_id() -> str:
    """The id of a transaction that was recorded here and not by an outside system."""
    return f"admin-{uuid7.uuid7()}"


class TransactionFields(SiteModelForm):
    """What every form of a transaction checks: the same document as the API."""

    total = forms.DecimalField(
        label=_("Total"),
        max_digits=16,
        decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
        help_text=_("More than 0 is a payment, less than 0 a refund."),
    )

    money_in: ClassVar[Mapping[str, str]] = {"total": "currency_code"}
    may_unapply: ClassVar[bool] = True
    """Whether who fills it in may take an applied payment back or change what it counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        if not stored._state.adding:
            self.initial["total"] = money_text(stored.total, stored.currency_code)
            if stored.apply_to_balance and not self.may_unapply:
                self._hold()

    def _hold(self) -> None:
        """What an applied transaction counts stays as it is: another amount would take it back as well."""
        for name in ("total", "currency_code", "apply_to_balance"):
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Of an applied transaction a manager changes it.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        values = self.cleaned_data
        if "total" not in values or "currency_code" not in values:
            return cleaned
        document = {
            "platform_id": values.get("platform_id") or self.instance.platform_id or new_platform_id(),
            "total": values["total"],
            "currency_code": values["currency_code"],
            "apply_to_balance": values["apply_to_balance"],
            "full_transaction": values.get("full_transaction"),
        }
        try:
            self.document = validate(TransactionDocument, without_nulls(document))
        except InvalidDocument as refusal:
            show_refusal(self, refusal)
        return cleaned


class RowForm(TransactionFields):
    """A row in a purchase's page. Without an id one is made."""

    class Meta:
        model = PurchaseTransaction
        fields = ("platform_id", "total", "currency_code", "apply_to_balance")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform_id"].required = False
        self.fields["platform_id"].disabled = not self.instance._state.adding
        self.fields["platform_id"].widget.attrs["placeholder"] = _("made here when empty")


class TransactionForm(TransactionFields):
    """A transaction's own page. `version`: when the row that the form was opened with was last changed."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    kind: ClassVar[str] = ""
    """`payment` or `refund` where a button of the purchase led here; else the sign of the total says which."""

    class Meta:
        model = PurchaseTransaction
        fields = ("purchase", "platform_id", "total", "currency_code", "apply_to_balance", "full_transaction")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["version"] = self.instance.updated_at.isoformat()
        elif self.kind:
            self.fields["total"].help_text = _HELP_OF[self.kind]

    def clean_total(self) -> Decimal:
        """Of a refund what is paid out, stored as less than 0 whether or not somebody typed the minus sign."""
        total: Decimal = self.cleaned_data["total"]
        if self.kind == "payment" and total < 0:
            raise forms.ValidationError(_("A payment is more than 0. What goes back to the customer is a refund."))
        return -abs(total) if self.kind == "refund" else total


class UnapplyForm(forms.Form):
    """`version`: when the row that is taken back was last changed."""

    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, sent: Any, *, updated_at: datetime) -> None:
        super().__init__(sent, initial={"version": updated_at.isoformat()})


def record(*, purchase: Purchase, document: TransactionDocument, actor: Actor) -> PurchaseTransaction:
    """Record a transaction as the API does."""
    return record_transaction(
        site=purchase.site,
        lookup=Lookup("sparklayer", purchase.spark_id),
        platform_id=document.platform_id,
        total=document.total,
        currency_code=document.currency_code,
        apply_to_balance=document.apply_to_balance,
        full_transaction=document.full_transaction,
        actor=actor,
    )


def check_new(*, purchase: Purchase, platform_id: str) -> None:
    """Raises Conflict when the purchase has a transaction of this id: to add one must not change another.

    Holds the purchase's lock from here to the end of the database transaction.
    """
    store.lock_purchase(site_id=purchase.site_id, purchase_id=purchase.pk)
    taken = PurchaseTransaction.objects.for_site(purchase.site).filter(purchase=purchase, platform_id=platform_id)
    if taken.exists():
        raise Conflict("The purchase has a transaction of this id already.", code="taken", property="platform_id")


def check_version(*, transaction: PurchaseTransaction, version: str) -> None:
    """Raises VersionMismatch when the transaction was changed since `version`, saying what it is now.

    Holds the purchase's lock from here to the end of the database transaction.
    """
    store.lock_purchase(site_id=transaction.site_id, purchase_id=transaction.purchase_id)
    now = PurchaseTransaction.objects.filter(site=transaction.site_id, pk=transaction.pk).first()
    if now is None:
        raise VersionMismatch("This transaction was deleted while the form was open. Nothing was saved.")
    if now.updated_at.isoformat() != version:
        applied = "applied" if now.apply_to_balance else "not applied"
        amount = f"{money_text(now.total, now.currency_code)} {now.currency_code}"
        text = "This transaction was changed while the form was open, so nothing was saved."
        raise VersionMismatch(f"{text} It is now {amount}, {applied}.")
