"""The faults of a form that was refused, one below the other, each with the place that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst

if TYPE_CHECKING:
    from django.contrib.admin.helpers import InlineAdminFormSet


@dataclass(frozen=True, slots=True)
class Told:
    """`target`: the id of the element to mend, if there is one; `label`: what people call it."""

    label: str
    message: str
    target: str = ""


def faults_of(form: forms.BaseForm | None, inlines: Iterable[InlineAdminFormSet] = ()) -> list[Told]:
    """The faults of the fields, then those of the rows. What is said of the whole form stands beside the summary."""
    told = list(_of_fields(form)) if form is not None else []
    for inline in inlines:
        told += _of_rows(inline.formset, str(inline.opts.verbose_name))
    return told


def _of_rows(formset: Any, name: str, inside: str = "") -> Iterator[Told]:
    """`name`: what one row is called; `inside`: the row that the rows stand in."""
    heading = f"{formset.prefix}-group"
    for message in formset.non_form_errors():
        yield Told(inside or capfirst(name), str(message), heading)
    for number, form in enumerate(formset.forms, start=1):
        row = f"{inside}, {name} {number}" if inside else f"{capfirst(name)} {number}"
        for message in form.non_field_errors():
            yield Told(row, str(message), _first_field(form) or heading)
        yield from _of_fields(form, row)
        for nested in getattr(form, "nested_formsets", ()):
            yield from _of_rows(nested.formset, str(nested.opts.verbose_name), row)


def _of_fields(form: forms.BaseForm, row: str = "") -> Iterator[Told]:
    for field in form:
        label = f"{row}: {field.label}" if row else str(field.label)
        for message in field.errors:
            yield Told(label, str(message), _element(field))


def _element(field: forms.BoundField) -> str:
    """The id of the element that takes the focus: of several that make one field, the first."""
    if isinstance(field.field.widget, forms.MultiWidget | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return "" if field.is_hidden else field.auto_id


def _first_field(form: forms.BaseForm) -> str:
    return next((_element(field) for field in form.visible_fields()), "")
