"""The dialog that posts an opening or manual entry, by the door that the API uses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.actors import Actor
from core.api.documents import validate
from core.written import Written
from customers.bookkeeping import post_entry_once
from customers.documents import NewEntry
from customers.models import AccountEntry, Customer

KINDS = [("manual", _("Manual entry")), ("opening", _("Opening balance"))]


class EntryForm(forms.Form):
    """What the amount may be is said by the document."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=UnfoldAdminSelectWidget)
    amount = forms.CharField(
        label=_("Amount"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text=_("Above 0 is owed, below 0 lowers what is owed: 120.00 or -15.50."),
    )
    currency_code = forms.CharField(max_length=3, label=_("Currency"), widget=UnfoldAdminTextInputWidget)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=255,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Once per customer: the same reference with the same figures posts nothing again."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=10_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("It stands on the statement, which the customer reads."),
    )
    value_date = forms.DateField(
        label=_("Value date"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=_("Empty: today. From it the due date is counted."),
    )

    def post(self, customer: Customer, *, actor: Actor, now: datetime) -> tuple[AccountEntry, Written]:
        """The entry, and whether it was made or stood already. Raises what the door raises."""
        said: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        if "value_date" in said:
            said["value_date"] = said["value_date"].isoformat()
        document = validate(NewEntry, said)
        return post_entry_once(
            site=customer.site, customer_id=customer.public_id, document=document, actor=actor, now=now
        )
