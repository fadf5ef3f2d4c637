"""Signing in, and setting a password: asked for or invited by e-mail, always by a link. Below /admin/, in its looks."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, views
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse, reverse_lazy


def sign_in(request: HttpRequest) -> HttpResponse:
    """Staff who come without a page in mind go to the first one; the form of the back office does not say so itself."""
    if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
        asked = request.GET.copy()
        asked[REDIRECT_FIELD_NAME] = reverse("admin:index")
        request.GET = asked  # type: ignore[assignment]  # Django's own is one that cannot be changed
    return admin.site.login(request)


urlpatterns = [
    path("login/", sign_in),
    path("password/", views.PasswordResetView.as_view(), name="admin_password_reset"),
    path("password/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(success_url=reverse_lazy("password_reset_complete")),
        name="password_reset_confirm",
    ),
    path("password/set/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
