"""Where everything is mounted: probes, the API, the back office and the pages of My account."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from core.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("sparkproject.api_urls")),
    path("", include("cortex.urls")),
    path("admin/language/", set_language, name="set_language"),
    path("admin/", include("core.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("account/", include("purchasing.pages.urls")),
    path("", RedirectView.as_view(pattern_name="account:home")),
]

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.permission_denied"
handler404 = "core.error_pages.page_not_found"
handler500 = "core.error_pages.server_error"
