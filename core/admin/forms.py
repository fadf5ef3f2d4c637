"""The forms of the back office: of a row, and of the rows that belong to it.

They stay within the site of their row, show what the business refused, and are refused when something newer was saved
while they were open (`core.admin.opened`).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet

from core.admin.opened import NEWER, OPENED_WITH, fingerprint
from core.admin.refusals import show_refusal
from core.errors import DomainError
from core.money import EXPONENTS, price_text


def without_defaults(row: models.Model) -> None:
    """Of a row that was never stored, nothing where the database fills in: a page shows a dash. Not before a save."""
    if row._state.adding:
        for field in row._meta.concrete_fields:
            if isinstance(getattr(row, field.attname, None), DatabaseDefault):
                setattr(row, field.attname, None)


class SiteModelForm(forms.ModelForm):
    """A form whose references stay within the site of its row, and that shows what the business refused."""

    refusal: ClassVar[DomainError | None] = None
    property_fields: Mapping[str, str] = {}
    """Properties of the document that a field of this form, by another name, stands for."""
    money_in: ClassVar[Mapping[str, str]] = {}
    """Amounts, each with the attribute that says its currency: they show 14.70 where the column holds 14.700000."""

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        value = super().get_initial_for_field(field, field_name)
        if not isinstance(value, Decimal) or field_name not in self.money_in:
            return value
        code = attrgetter(self.money_in[field_name])(self.instance)
        return Decimal(price_text(value, code)) if code in EXPONENTS else value

    @property
    def opened_with(self) -> str:
        """The fingerprint that the page carries; of a new row, and of one whose form has a version, none."""
        if self.is_bound:
            return str(self.data.get(self.add_prefix(OPENED_WITH), ""))
        return "" if self.instance._state.adding or "version" in self.fields else fingerprint([self.instance], self)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.opened_with and self.opened_with != fingerprint([self.instance], self):
            self.add_error(None, NEWER)
        site_id = getattr(self.instance, "site_id", None) or getattr(self.cleaned_data.get("site"), "pk", None)
        if site_id is not None:
            for name, value in list(self.cleaned_data.items()):
                if isinstance(value, models.Model) and getattr(value, "site_id", site_id) != site_id:
                    self.add_error(name, _("This belongs to another site."))
        if self.refusal:
            show_refusal(self, self.refusal, fields=self.property_fields)
        return cleaned


class SiteFormSet(PaginationInlineFormSet):
    """Rows of a page's row; the hidden number of each names one of them and nothing else."""

    is_watched: ClassVar[bool] = True
    """Whether rows that were changed while the page was open refuse a save."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of a form that was sent it is taken here: its rows hold what was typed as soon as they are validated.
        self._found = fingerprint(self.get_queryset(), self.form) if self.is_bound and self.is_watched else ""

    @cached_property
    def management_form(self) -> Any:
        form = super().management_form
        if self.is_watched:
            found = "" if self.is_bound else fingerprint(self.get_queryset(), self.form)
            form.fields[OPENED_WITH] = forms.CharField(required=False, widget=forms.HiddenInput, initial=found)
        return form

    @property
    def empty_form(self) -> Any:
        form = super().empty_form
        without_defaults(form.instance)
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[self.model._meta.pk.name].queryset = self.queryset

    def clean(self) -> None:
        super().clean()
        if not self.can_delete and any(self.data.get(f"{form.prefix}-DELETE") for form in self.initial_forms):
            raise forms.ValidationError(_("Your role takes no rows away here."))
        sent = self.data.get(f"{self.prefix}-{OPENED_WITH}")
        if self.is_watched and sent and sent != self._found:
            raise forms.ValidationError(NEWER)
