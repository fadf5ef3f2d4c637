"""The back office of the set-up: sites, people, API clients."""

from __future__ import annotations

from django.contrib import admin
from oauth2_provider.models import get_grant_model, get_id_token_model

from core.models import AccessToken, ApiClient, RefreshToken

# The library's own pages: tokens are nobody's to look at, and clients have a page that knows sites.
admin.site.unregister([ApiClient, AccessToken, RefreshToken, get_grant_model(), get_id_token_model()])
