"""A new quote: for whom, and which SKUs at which prices. Prices that are left empty are the customer's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import uuid_utils.compat as uuid7
from django import forms
from django.contrib import admin
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from core.actors import Actor
from core.admin.display import page_of
from core.admin.lists import RowSelect
from core.admin.refusals import message_of
from core.errors import DomainError, Fault
from core.money import LINE_DECIMALS, read_currency
from core.sentences import spoken
from core.site_settings import settings_of
from customers.models import Customer, CustomerQuerySet
from customers.statement import statement_currency
from pricing.arithmetic import price_text
from purchasing.models import Purchase
from purchasing.quoting import Made, QuoteLine, make_quote, propose

ROWS, MORE_ROWS, MOST_ROWS = 6, 5, 50
LINES = "lines"


class QuoteForm(forms.Form):
    """`spark_id`: the id that the quote will have, so that a second click makes no second one."""

    spark_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid7.uuid7)
    customer = forms.ModelChoiceField(label=_("Customer"), queryset=Customer.objects.none())
    currency_code = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the customer's."),
    )
    customer_reference = forms.CharField(
        label=_("PO"), required=False, max_length=512, widget=UnfoldAdminTextInputWidget
    )
    quote_expires_at = forms.SplitDateTimeField(
        label=_("Can be accepted until"),
        required=False,
        widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Empty: until it is withdrawn."),
    )

    def __init__(self, *args: Any, customers: CustomerQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["customer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = customers
        field.widget = RowSelect(Purchase._meta.get_field("customer"), admin.site)
        field.widget.choices = field.choices

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        customer: Customer | None = self.cleaned_data.get("customer")
        if customer is None or self.errors:
            return cleaned
        code = self.cleaned_data["currency_code"].strip().upper() or _currency_of(customer)
        try:
            self.cleaned_data["currency_code"] = read_currency(code)
        except ValueError:
            self.add_error("currency_code", _("Name a currency, such as GBP."))
        return cleaned


class LineRow(forms.Form):
    """A row of the quote; one without a SKU is none."""

    sku = forms.CharField(label=_("SKU"), required=False, max_length=255, widget=UnfoldAdminTextInputWidget)
    name = forms.CharField(label=_("Name"), required=False, max_length=255, widget=UnfoldAdminTextInputWidget)
    quantity = forms.IntegerField(
        label=_("Quantity"), required=False, min_value=1, max_value=10**9, widget=UnfoldAdminIntegerFieldWidget
    )
    unit_net = forms.DecimalField(
        label=_("Net price each"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=LINE_DECIMALS,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any] | None:
        values = self.cleaned_data
        if not values.get("sku") and any(values.get(name) for name in ("name", "quantity", "unit_net")):
            self.add_error("sku", _("Say which SKU."))
        return super().clean()

    @property
    def line(self) -> QuoteLine | None:
        said = self.cleaned_data
        if not said.get("sku"):
            return None
        return QuoteLine(said["sku"], said["quantity"] or 1, said["unit_net"], said["name"])


LineRows = forms.formset_factory(LineRow, extra=ROWS, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS)


class QuoteDraft:
    """The form with its rows: to be completed with prices, and carried out."""

    def __init__(self, sent: QueryDict | None, *, customers: CustomerQuerySet, customer: str = "") -> None:
        self._customers = customers
        self.form = QuoteForm(sent, customers=customers, initial={"customer": customer})
        self.rows = LineRows(sent, prefix=LINES)

    def is_valid(self) -> bool:
        return self.form.is_valid() and self.rows.is_valid()

    @property
    def lines(self) -> list[tuple[int, QuoteLine]]:
        """What is offered, each with the number of its row."""
        return [(number, row.line) for number, row in enumerate(self.rows.forms) if row.line is not None]

    def priced(self) -> QuoteDraft:
        """The same, with the customer's price and the product's name wherever nothing stands."""
        said, numbered, sent = self.form.cleaned_data, self.lines, self._sent()
        code = said["currency_code"]
        proposals = propose(customer=said["customer"], currency_code=code, lines=[line for _, line in numbered])
        for (number, line), proposal in zip(numbered, proposals, strict=True):
            sent[f"{LINES}-{number}-quantity"] = str(line.quantity)
            sent[f"{LINES}-{number}-name"] = line.name or proposal.name
            if line.unit_net is None and proposal.unit_net is not None:
                sent[f"{LINES}-{number}-unit_net"] = price_text(proposal.unit_net, code)
        sent["currency_code"] = code
        return QuoteDraft(sent, customers=self._customers)

    def longer(self) -> QuoteDraft:
        """The same with some rows more."""
        sent = self._sent()
        sent[f"{LINES}-TOTAL_FORMS"] = str(min(len(self.rows.forms) + MORE_ROWS, MOST_ROWS))
        return QuoteDraft(sent, customers=self._customers)

    def carry_out(self, *, actor: Actor) -> Made | None:
        """Make the quote. None: refused, and each fault stands in its row, else above the form."""
        said, numbered = self.form.cleaned_data, self.lines
        try:
            return make_quote(
                spark_id=said["spark_id"],
                customer=said["customer"],
                currency_code=said["currency_code"],
                lines=[line for _, line in numbered],
                customer_reference=said["customer_reference"],
                expires_at=said["quote_expires_at"],
                actor=actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            for fault in refusal.faults:
                if fault.code == "quote-made":
                    self._begin_anew(number=refusal.members["number"])
                else:
                    self._show(fault, [number for number, _ in numbered])
        return None

    def _begin_anew(self, *, number: object) -> None:
        """Say which quote this form made before; sent once more, it makes a second one of what stands in it."""
        made = Purchase.objects.for_site(self.form.cleaned_data["customer"].site).get(pk=number)
        self.form.add_error(
            None,
            format_html(
                gettext(
                    "This form was sent before with other content, and made {}. Open that quote to change it. "
                    "To make a second quote of what stands here, press the button once more."
                ),
                page_of(made),
            ),
        )
        sent = self._sent()
        sent["spark_id"] = str(uuid7.uuid7())
        self.form.data = sent

    def _show(self, fault: Fault, numbers: Sequence[int]) -> None:
        named = re.fullmatch(r"lines\[(\d+)\]\.(\w+)", fault.property or "")
        if named:
            self.rows.forms[numbers[int(named[1])]].add_error(named[2], spoken(fault.message))
        elif fault.property in self.form.fields:
            self.form.add_error(fault.property, spoken(fault.message))
        else:
            self.form.add_error(None, message_of(fault))

    def _sent(self) -> QueryDict:
        assert isinstance(self.form.data, QueryDict)
        return self.form.data.copy()


def _currency_of(customer: Customer) -> str:
    account = Customer.objects.for_site(customer.site).account_of(customer)
    return statement_currency(settings=settings_of(customer.site), customer=customer, account=account) or ""
