"""Signing in, and setting a password: asked for or invited by e-mail, always by a link. Below /admin/, in its looks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, views
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES

from core.models import Site


def sign_in(request: HttpRequest) -> HttpResponse:
    """Staff who come without a page in mind go to the first one; the form of the back office does not say so itself."""
    if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
        asked = request.GET.copy()
        asked[REDIRECT_FIELD_NAME] = reverse("admin:index")
        request.GET = asked  # type: ignore[assignment]  # Django's own is one that cannot be changed
    return admin.site.login(request)


TEMPLATE = "registration/password.html"


class _Page(views.PasswordContextMixin):
    """In the frame of the back office, with inputs of its looks."""

    request: HttpRequest
    explanation: Any = ""
    button: Any = ""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        told = {"explanation": self.explanation, "button": self.button, "sign_in": ""}
        context = {**admin.site.each_context(self.request), **told, **super().get_context_data(**more)}
        for field in context["form"].fields.values() if context.get("form") else ():
            field.widget.attrs["class"] = " ".join(INPUT_CLASSES)
        return context


class AskForLink(_Page, views.PasswordResetView):
    template_name = TEMPLATE
    title = _("Forgotten password")
    explanation = _("Say your e-mail; a link to set a new password is sent there.")
    button = _("Send the link")


class LinkSent(_Page, views.PasswordResetDoneView):
    template_name = TEMPLATE
    title = _("The link is on its way")
    explanation = _("Where this e-mail has a login, a mail arrives within a few minutes. Look among junk too.")


class SetPassword(_Page, views.PasswordResetConfirmView):
    """Says whose back office it is: of somebody who was invited it is the first page."""

    template_name = TEMPLATE
    success_url = reverse_lazy("password_reset_complete")
    button = _("Set password")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        if not self.validlink:
            ended = _("This link was used already or is too old. Ask for a new one.")
            return {**context, "title": _("The link has ended"), "explanation": ended, "ask": True}
        names = Site.objects.filter(memberships__user=self.user).order_by("name").values_list("name", flat=True)
        return {**context, "title": _("Set your password"), "whose": ", ".join(names)}


class PasswordSet(_Page, views.PasswordResetCompleteView):
    template_name = TEMPLATE
    title = _("Your password is set")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "sign_in": reverse("admin:login")}


urlpatterns = [
    path("login/", sign_in),
    path("password/", AskForLink.as_view(), name="admin_password_reset"),
    path("password/sent/", LinkSent.as_view(), name="password_reset_done"),
    path("password/<uidb64>/<token>/", SetPassword.as_view(), name="password_reset_confirm"),
    path("password/set/", PasswordSet.as_view(), name="password_reset_complete"),
]
