"""Sites with their settings and members."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from core.admin.base import SiteAdmin, SiteInline
from core.errors import InvalidDocument
from core.models import Site, SiteSetting, StaffMembership
from core.site_settings import HELP, KEYS, check_setting


class SettingField(forms.Field):
    """A setting's value as people write it: GBP, 20, true, null, ["en", "de"]."""

    widget = UnfoldAdminTextInputWidget

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value)

    def to_python(self, value: Any) -> Any:
        try:
            return json.loads(value)
        except ValueError:
            return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != self.to_python(data))


class SettingForm(forms.ModelForm):
    """One setting; what it can be is said by `core.site_settings`."""

    key = forms.ChoiceField(choices=[(key, key) for key in KEYS], widget=UnfoldAdminSelectWidget)
    value = SettingField(required=False, help_text=" ".join(f"{key}: {text}" for key, text in HELP.items()))

    class Meta:
        model = SiteSetting
        fields = ("key", "value")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "key" in self.cleaned_data:
            try:
                check_setting(key=self.cleaned_data["key"], value=self.cleaned_data.get("value"))
            except InvalidDocument as refusal:
                self.add_error("value", str(refusal))
        return cleaned


class SettingInline(SiteInline):
    model = SiteSetting
    form = SettingForm
    verbose_name_plural = "settings that differ from their defaults"


class MemberInline(SiteInline):
    """Who is staff of the site; to invite somebody is the installation's business."""

    model = StaffMembership
    superusers_change = True
    fields = ("user",)
    verbose_name_plural = "members of staff"


@admin.register(Site)
class SitePageAdmin(SiteAdmin):
    """Staff change the site they belong to; only a superuser makes or deletes one."""

    site_path = "pk"
    list_display = ("slug", "name", "host", "created_at")
    search_fields = ("slug", "name", "host")
    fields = ("slug", "name", "host", "created_at")
    inlines = (SettingInline, MemberInline)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
