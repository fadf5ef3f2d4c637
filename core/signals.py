"""Switchboard: what follows a change of tokens, clients, sites, settings and logins, and the end of a request."""

from __future__ import annotations

from typing import Any

from django.core.signals import request_finished, request_started
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.acting import act_as_nobody
from core.api.access import end_tokens_of, forget_accesses
from core.api.last_used import write_uses
from core.models import AccessToken, ApiClient, Site, SiteSetting, User

for model in (AccessToken, ApiClient, Site, SiteSetting, User):
    post_save.connect(forget_accesses, sender=model, dispatch_uid=f"forget_accesses_on_save_{model.__name__}")
    post_delete.connect(forget_accesses, sender=model, dispatch_uid=f"forget_accesses_on_delete_{model.__name__}")


@receiver(post_save, sender=User, dispatch_uid="end_tokens_of_changed_password")
def end_tokens_of_changed_password(instance: User, raw: bool, **_signal: Any) -> None:
    if not raw and instance.password_was_set:
        end_tokens_of(instance)


request_started.connect(act_as_nobody, dispatch_uid="act_as_nobody")
request_finished.connect(write_uses, dispatch_uid="write_uses")
