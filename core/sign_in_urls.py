"""Setting a password: asked for by e-mail or invited, always by a link. Below /admin/, in the back office's looks."""

from __future__ import annotations

from django.contrib.auth import views
from django.urls import path, reverse_lazy

urlpatterns = [
    path("password/", views.PasswordResetView.as_view(), name="admin_password_reset"),
    path("password/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(success_url=reverse_lazy("password_reset_complete")),
        name="password_reset_confirm",
    ),
    path("password/set/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
