"""Fields of the forms of My account, in Bootstrap's looks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

_IN_WHAT_YEARS = _("Choose a day between 1900 and 9999.")
YEARS = [
    MinValueValidator(date(1900, 1, 2), message=_IN_WHAT_YEARS),
    MaxValueValidator(date(9999, 12, 30), message=_IN_WHAT_YEARS),
]
"""Days that have one before and one after them, wherever they begin."""
DAY_FORMAT = "%Y-%m-%d"


ONE_LINE = RegexValidator(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", _("Write it on one line."), inverse_match=True)


def day_input() -> forms.DateInput:
    return forms.DateInput(format=DAY_FORMAT, attrs={"type": "date", "class": "form-control"})


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, validators=YEARS, input_formats=[DAY_FORMAT], widget=day_input()
    )


def search_field(label: Any) -> forms.CharField:
    attributes = {"type": "search", "class": "form-control", "autocomplete": "off"}
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput(attrs=attributes))


def text_field(
    label: Any, *, most: int, required: bool = False, autocomplete: str = "off", help_text: Any = ""
) -> forms.CharField:
    """A line of at most so many characters. `autocomplete`: what the browser may fill in."""
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": autocomplete})
    return forms.CharField(
        label=label, required=required, max_length=most, help_text=help_text, widget=widget, validators=[ONE_LINE]
    )


def email_field(label: Any, *, autocomplete: str = "off", help_text: Any = "") -> forms.EmailField:
    widget = forms.EmailInput(attrs={"class": "form-control", "autocomplete": autocomplete})
    words = {"invalid": _("Write an e-mail like name@example.com.")}
    return forms.EmailField(label=label, max_length=255, help_text=help_text, widget=widget, error_messages=words)


def choice_field(label: Any, choices: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=label, choices=choices, required=required, help_text=help_text, widget=widget)
