"""Switchboard: what follows a change of tokens, clients, sites, settings and logins, and the end of a request."""

from __future__ import annotations

from django.core.signals import request_finished
from django.db.models.signals import post_delete, post_save

from core.api.access import forget_accesses
from core.api.last_used import write_uses
from core.models import AccessToken, ApiClient, Site, SiteSetting, User

for model in (AccessToken, ApiClient, Site, SiteSetting, User):
    post_save.connect(forget_accesses, sender=model, dispatch_uid=f"forget_accesses_on_save_{model.__name__}")
    post_delete.connect(forget_accesses, sender=model, dispatch_uid=f"forget_accesses_on_delete_{model.__name__}")

request_finished.connect(write_uses, dispatch_uid="write_uses")
