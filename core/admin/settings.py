"""The settings of a site on its page: each by its name, as what people choose or type; and told in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from core.admin.forms import SiteModelForm
from core.admin.opened import NEWER
from core.admin.setting_words import CHOICES, LABELS, in_words
from core.errors import InvalidDocument
from core.models import Site, SiteSetting
from core.sentences import spoken
from core.site_settings import KEYS, Settings, check_setting, set_setting

_HELP: dict[str, Any] = {
    "charge_posting": _("Every order is right for merchants who also apply up-front payments."),
    "default_currency": _("Of purchases and customers that name none, such as GBP."),
    "default_tax_rate": _("On lines that are made here, such as quotes. Empty: none."),
    "time_zone": _("Where days begin and end, such as Europe/London."),
    "languages": _("Papers (PDF) are in the first; pages are in their reader's."),
    "net_terms_days": _("Until a charge is due, where the customer has no own term."),
    "throttle_per_minute": _("Empty: no limit."),
    "mails": _("None unless chosen: a shop may mail already."),
    "mail_from": _("Such as Jones Climbing <orders@jones.example>. Empty: the address of the installation."),
    "mail_reply_to": _("Empty: to the sender."),
}


class LanguagesField(forms.ChoiceField):
    """One or more languages in their order, as one choice: `de,en`."""

    def prepare_value(self, value: Any) -> Any:
        return ",".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) and value else value

    def validate(self, value: Any) -> None:
        """By `check_setting`."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((self.to_python(initial) or None) != (self.to_python(data) or None))


def _languages() -> list[tuple[str, Any]]:
    names = CHOICES["languages"]
    both = [("en,de", _("English, then German")), ("de,en", _("German, then English"))]
    return [*names.items(), *both]


def _field(kind: type[forms.Field], key: str, **options: Any) -> Any:
    """Empty is one of its values, or refused by `check_setting`; it tells what it was opened with."""
    return kind(label=LABELS[key], help_text=_HELP.get(key, ""), required=False, show_hidden_initial=True, **options)


class SettingsForm(SiteModelForm):
    """The settings beside their site. Only what somebody changed is stored: other settings keep their defaults."""

    charge_posting = _field(
        forms.ChoiceField, "charge_posting", choices=CHOICES["charge_posting"].items, widget=UnfoldAdminSelectWidget
    )
    default_currency = _field(
        forms.CharField, "default_currency", empty_value=None, max_length=3, widget=UnfoldAdminTextInputWidget
    )
    default_tax_rate = _field(
        forms.DecimalField, "default_tax_rate", decimal_places=6, widget=UnfoldAdminDecimalFieldWidget
    )
    time_zone = _field(forms.CharField, "time_zone", widget=UnfoldAdminTextInputWidget)
    languages = _field(LanguagesField, "languages", choices=_languages, widget=UnfoldAdminSelectWidget)
    net_terms_days = _field(forms.IntegerField, "net_terms_days", widget=UnfoldAdminIntegerFieldWidget)
    approval_places_order = _field(forms.BooleanField, "approval_places_order", widget=UnfoldBooleanSwitchWidget)
    enforce_order_minimum_for_api = _field(
        forms.BooleanField, "enforce_order_minimum_for_api", widget=UnfoldBooleanSwitchWidget
    )
    throttle_per_minute = _field(forms.IntegerField, "throttle_per_minute", widget=UnfoldAdminIntegerFieldWidget)
    mails = _field(
        forms.MultipleChoiceField,
        "mails",
        choices=CHOICES["mails"].items,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    mail_from = _field(forms.CharField, "mail_from", empty_value=None, widget=UnfoldAdminTextInputWidget)
    mail_reply_to = _field(forms.CharField, "mail_reply_to", empty_value=None, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**values_of(self.instance), **self.initial}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for key in self._changed_settings():
            if key in self.cleaned_data:
                try:
                    check_setting(key=key, value=_stored(self.cleaned_data[key]))
                except InvalidDocument as refusal:
                    self.add_error(key, [spoken(fault.message) for fault in refusal.faults])
            if self._was_overtaken(key):
                self.add_error(key, NEWER)
        return cleaned

    def save_settings(self, site: Site) -> None:
        for key in self._changed_settings():
            set_setting(site=site, key=key, value=_stored(self.cleaned_data[key]))

    def _changed_settings(self) -> list[str]:
        return [key for key in KEYS if key in self.changed_data]

    def _was_overtaken(self, key: str) -> bool:
        """Whether somebody stored another value since the page was opened."""
        bound = self[key]
        if bound.html_initial_name not in self.data:
            return False
        shown = self._widget_data_value(bound.field.hidden_widget(), bound.html_initial_name)  # type: ignore[attr-defined]  # as Django compares
        return bound.field.has_changed(bound.field.to_python(self.initial.get(key)), shown)


def values_of(site: Site) -> dict[str, Any]:
    """Each setting as it is stored, else its default."""
    defaults = Settings()
    values = {key: _plain(getattr(defaults, key)) for key in KEYS}
    return values | dict(SiteSetting.objects.filter(site=site.pk, key__in=KEYS).values_list("key", "value"))


def settings_table(site: Site) -> SafeString:
    """Every setting with its value in words, to read."""
    rows = [(LABELS[key], in_words(key, value)) for key, value in values_of(site).items()]
    body = format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows)
    return format_html('<table class="plain"><tbody>{}</tbody></table>', body)


def _plain(value: Any) -> Any:
    """A default as it would be stored."""
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, bool | int | None) else str(value)


def _stored(value: Any) -> Any:
    """What was typed or chosen, as JSON keeps it; a decimal as the text of its digits."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
    return value
