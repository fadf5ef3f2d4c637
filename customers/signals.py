"""The switchboard: what follows when a site is made."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from core.models import Site
from customers.models import DEFAULT_GROUP, CustomerGroup


def site_saved(*, instance: Site, **kwargs: Any) -> None:
    """A new site gets its group `default`."""
    if kwargs["created"] and not kwargs["raw"]:
        CustomerGroup.objects.create(site=instance, slug=DEFAULT_GROUP, name="Default")


def connect() -> None:
    """Wire the handler above; called once when the applications are ready."""
    post_save.connect(site_saved, sender=Site, dispatch_uid="customers.site_saved")
