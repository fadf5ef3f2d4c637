"""API clients: their secret is shown once, when it is made."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from oauth2_provider.models import get_grant_model, get_id_token_model
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from core.admin.base import SiteAdmin
from core.admin.forms import SiteModelForm
from core.models import AccessToken, ApiClient, RefreshToken
from core.scopes import SCOPES

# The library's own pages: tokens are nobody's to look at, and clients have a page that knows sites.
admin.site.unregister([ApiClient, AccessToken, RefreshToken, get_grant_model(), get_id_token_model()])


class ClientForm(SiteModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=[(scope, format_lazy("{}: {}", scope, _(text))) for scope, text in SCOPES.items()],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("A scope without .read includes its .read twin."),
    )


@admin.register(ApiClient)
class ApiClientAdmin(SiteAdmin):
    form = ClientForm
    list_display = ("name", "site", "client_id", "last_used_at")
    list_select_related = ("site",)
    list_filter = ("site",)
    search_fields = ("name", "client_id")
    fields = ("site", "name", "scopes", "client_id", "last_used_at", "previous_secret_until")
    actions_detail = ("rotate_secret",)
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiClient]:
        """Programs: nothing of the built-in clients is anybody's to change."""
        return ApiClient.objects.programs() & super().get_queryset(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Before there is a client there is nothing worked out to show."""
        return self.fields if obj else ("site", "name", "scopes")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["site"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        if not change:
            request.new_secret = obj.set_new_secret()  # type: ignore[attr-defined]  # for `response_add`
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None) -> HttpResponse:
        """The secret in the answer itself: a message would be kept in a cookie or session until it is read."""
        return self._show_secret(request, obj, secret=getattr(request, "new_secret", ""))

    @action(description=_("Rotate the secret"), url_path="rotate-secret", permissions=["press"])
    def rotate_secret(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first: the link is a GET. A form that is sent again rotates nothing; the secret in use would end."""
        client: ApiClient = self.get_object(request, object_id)
        if request.method != "POST":
            title = _("Rotate the secret")
            return self._page(request, client, "admin/core/rotate_secret.html", title=title, opened=_mark_of(client))
        with transaction.atomic():
            client = ApiClient.objects.select_for_update().get(pk=client.pk)
            if request.POST.get("opened") != _mark_of(client):
                return self._already_rotated(request, client)
            secret = client.set_new_secret(now=timezone.now())
            client.save()
        self.log_change(request, client, str(_("Rotated the secret.")))
        return self._show_secret(request, client, secret=secret)

    def _already_rotated(self, request: HttpRequest, client: ApiClient) -> HttpResponse:
        text = _("The secret was rotated already since this page was opened, so nothing was changed.")
        hint = _("A secret is shown only once. If nobody kept the new one, rotate again.")
        messages.warning(request, f"{text} {hint}")
        return HttpResponseRedirect(reverse("admin:core_apiclient_change", args=[client.pk]))

    def _show_secret(self, request: HttpRequest, client: ApiClient, *, secret: str) -> HttpResponse:
        return self._page(request, client, "admin/core/secret.html", title=_("The secret, shown once"), secret=secret)

    def _page(self, request: HttpRequest, client: ApiClient, template: str, **context: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "client": client, **context}
        response: HttpResponse = never_cache(lambda _request: TemplateResponse(request, template, context))(request)
        return response


def _mark_of(client: ApiClient) -> str:
    """Tells the present secret from every other one and gives nothing of it away: a checksum of its salted hash."""
    return hashlib.sha256(client.client_secret.encode()).hexdigest()
