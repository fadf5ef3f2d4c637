"""Logins. They stand for the whole installation, so only superusers see them; the person alone sets the password."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin.base import SiteAdmin, SiteInline
from core.admin.forms import SiteModelForm
from core.invitations import mail_invitation
from core.models import StaffMembership, StaffRole, User

# Rights come from the role at a site; Django's groups stand for nothing.
admin.site.unregister(Group)


class MembershipInline(SiteInline):
    model = StaffMembership
    superusers_change = True
    fields = ("site", "role")


@admin.register(User)
class UserAdmin(SiteAdmin):
    site_path = ""
    superusers_change = True
    form = SiteModelForm
    list_display = ("email", "name", "is_staff", "is_superuser", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_staff", "is_superuser", "is_active", "last_login", "created_at")
    readonly_fields = ("last_login",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.all() if request.user.is_superuser else User.objects.none()

    def _may(self, request: HttpRequest, role: StaffRole, row: Any = None) -> bool:
        return bool(request.user.is_superuser and request.user.is_active)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A new person is mailed once it is known of which sites he is staff."""
        super().save_related(request, form, formsets, change)
        if not change:
            invite_by_mail(request, form.instance)


def invite_by_mail(request: HttpRequest, user: User) -> None:
    """Mail the link to a password and say so; when no mail can be sent, say how else the person gets it."""
    try:
        mail_invitation(user, base_address=request.build_absolute_uri("/").rstrip("/"))
    except (SMTPException, OSError):
        text = _("The invitation could not be mailed. `manage.py create_staff SITE %(email)s` prints its link.")
        messages.warning(request, text % {"email": user.email})
    else:
        messages.success(request, _("A link to set the password was mailed to %(email)s.") % {"email": user.email})
