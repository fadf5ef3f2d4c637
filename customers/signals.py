"""The switchboard: what follows when a site is made, and when somebody signs out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import user_logged_out
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils import timezone

from core.models import Site
from customers.masquerades import end_masquerade
from customers.models import DEFAULT_GROUP, CustomerGroup


def site_saved(*, instance: Site, **kwargs: Any) -> None:
    """A new site gets its group `default`."""
    if kwargs["created"] and not kwargs["raw"]:
        CustomerGroup.objects.create(site=instance, slug=DEFAULT_GROUP, name="Default")


def signed_out(*, request: HttpRequest | None, **_signal: Any) -> None:
    """Whoever is signed out acts for nobody any more."""
    if request is not None:
        end_masquerade(session=request.session, now=timezone.now())


def connect() -> None:
    """Wire the handlers above; called once when the applications are ready."""
    post_save.connect(site_saved, sender=Site, dispatch_uid="customers.site_saved")
    user_logged_out.connect(signed_out, dispatch_uid="customers.signed_out")
