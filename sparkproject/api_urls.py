"""The only list of API routes; mounted at `/api/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from core.api.schema_views import SchemaView, SwaggerView
from core.api.settings import SettingsView
from core.api.token import TokenView

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/token", TokenView.as_view(), name="token"),
    path("v1/schema", SchemaView.as_view(), name="schema"),
    path("v1/docs", SwaggerView.as_view(url_name="schema"), name="docs"),
    path("v1/settings", SettingsView.as_view(), name="settings"),
    path("", include("purchasing.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("catalog.api.urls")),
]
