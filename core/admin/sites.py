"""Sites with their settings and members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from core.admin.base import SiteAdmin, SiteInline
from core.admin.people import invite_by_mail
from core.admin.refusals import carried_out
from core.admin.settings import SettingsForm, settings_table
from core.errors import Fault, InvalidDocument
from core.logos import MOST_BYTES, drawn_anew, remove_logo, set_logo
from core.models import Change, Site, StaffMembership, StaffRole
from core.sentences import spoken
from core.site_settings import KEYS
from core.staff import make_member


class SiteForm(SettingsForm):
    """A site, and the logo that is kept beside it."""

    logo = forms.FileField(
        label=_("Logo for buyers"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP of at most 200 kB and 1000 pixels; shown to buyers in place of the name."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False, widget=UnfoldBooleanSwitchWidget)

    class Meta:
        model = Site
        fields = ("slug", "name", "host")

    def clean_logo(self) -> bytes | None:
        """Refused here, so that nothing of the form is saved without it."""
        sent = self.cleaned_data["logo"]
        if not sent:
            return None
        content: bytes = sent.read(MOST_BYTES + 1)
        try:
            drawn_anew(content)
        except InvalidDocument as refusal:
            raise forms.ValidationError([spoken(fault.message) for fault in refusal.faults]) from refusal
        return content


class MemberInline(SiteInline):
    """Who is staff of the site, and as what. Nobody changes or ends the own membership, so a manager always stays."""

    model = StaffMembership
    fields = ("person", "role", "created_at")
    readonly_fields = ("person",)
    verbose_name_plural = _("members of staff")

    @admin.display(description=_("user"))
    def person(self, membership: StaffMembership) -> str:
        """No link: the page of a login is a superuser's."""
        return str(membership.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A person is invited, by e-mail."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StaffMembership]:
        members: models.QuerySet[StaffMembership] = super().get_queryset(request)
        return members.exclude(user=request.user.pk).select_related("user", "site")


class InvitationForm(forms.Form):
    """Whom to make a member of staff."""

    email = forms.EmailField(label=_("E-mail"), max_length=255, widget=UnfoldAdminEmailInputWidget)
    name = forms.CharField(label=_("Name"), max_length=255, required=False, widget=UnfoldAdminTextInputWidget)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=StaffMembership._meta.get_field("role").choices or (),
        initial=StaffRole.CLERK,
        widget=UnfoldAdminSelectWidget,
        help_text=StaffMembership._meta.get_field("role").help_text,
    )


@admin.register(Site)
class SitePageAdmin(SiteAdmin):
    """Managers change the site they belong to and invite its staff; only a superuser makes or deletes one."""

    site_path = "pk"
    list_display = ("slug", "name", "host", "created_at")
    search_fields = ("slug", "name", "host")
    form = SiteForm
    fields = ("slug", "name", "host", "shown_logo", "logo", "remove_logo", "created_at")
    readonly_fields = ("shown_logo", "settings_shown")
    inlines = (MemberInline,)
    actions_detail = ("invite",)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Site | None = None) -> Any:
        """Who may not change them reads the settings."""
        if self.has_change_permission(request, obj):
            return ((None, {"fields": self.fields}), (_("Settings"), {"fields": KEYS}))
        read = [name for name in self.fields if name not in ("logo", "remove_logo")]
        return ((None, {"fields": read}), (_("Settings"), {"fields": ("settings_shown",)}))

    @admin.display(description=_("Settings"))
    def settings_shown(self, site: Site) -> SafeString:
        return settings_table(site)

    @admin.display(description=_("Shown to buyers"))
    def shown_logo(self, site: Site) -> str:
        if not site.logo_digest:
            return site.name
        address = reverse("site_logo", args=[site.logo_digest])
        return format_html('<img src="{}" alt="{}" height="40">', address, site.name)

    def trail_of(self, row: models.Model) -> models.QuerySet[Change]:
        """A site's history has that of its settings."""
        return Change.objects.filter(site=row.pk, kind="sitesetting")

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        form.save_settings(obj)
        if form.cleaned_data.get("logo"):
            set_logo(site=obj, content=form.cleaned_data["logo"])
        elif form.cleaned_data.get("remove_logo"):
            remove_logo(site=obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    @action(description=_("Invite a member of staff"), url_path="invite", permissions=["press"])
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the e-mail; who has no password yet gets a link to set one."""
        site: Site = self.get_object(request, object_id)
        form = InvitationForm(request.POST if request.method == "POST" else None)
        page = reverse("admin:core_site_change", args=[site.pk])
        if form.is_valid() and carried_out(form, lambda: self._invite(request, site, **form.cleaned_data)):
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Invite a member of staff to %(site)s") % {"site": site},
            "explanation": _("The person sets the password, by a link that is mailed."),
            "form": form,
            "submit": _("Invite"),
            "back": page,
        }
        return TemplateResponse(request, "admin/dialog.html", context)

    def _invite(self, request: HttpRequest, site: Site, *, email: str, name: str, role: str) -> None:
        if email.strip().casefold() == request.user.get_username().casefold():
            raise InvalidDocument(faults=[Fault("own-membership", "email", "Nobody changes their own membership.")])
        membership = make_member(site=site, email=email, name=name, role=StaffRole(role))
        done = _("Invited %(person)s as %(role)s.")
        self.log_change(request, site, done % {"person": membership.user, "role": membership.get_role_display()})
        told = _("%(person)s is staff of %(site)s: %(role)s.")
        names = {"person": membership.user, "site": site, "role": membership.get_role_display()}
        messages.success(request, told % names)
        if membership.user.has_usable_password():
            text = _("%(email)s has a password already and signs in with it. No mail was sent.")
            messages.info(request, text % {"email": membership.user.email})
        else:
            invite_by_mail(request, membership.user)
