"""A site is one merchant's tenant. Every row of the system belongs to exactly one; nothing crosses.

Life: made by `manage.py create_site` (or a superuser in the back office) with its settings at their defaults; API
clients and staff members are added to it; it is never deleted while it holds books.
"""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now

from core.trail import keeps_trail


class Site(models.Model):
    """A merchant. `slug` is the `Site-Id` that callers send: exact and case-sensitive."""

    slug = models.CharField(
        "site id",
        max_length=64,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z", "Use lower-case letters, digits and single hyphens.")
        ],
        help_text="The Site-Id header of every API call, for example jones-climbing. It cannot be changed later.",
    )
    name = models.CharField(max_length=255, help_text="Shown to buyers and staff.")
    host = models.CharField(
        max_length=255,
        blank=True,
        default="",
        help_text="Host name of this site's pages, for example orders.example.com. Empty: chosen by the login.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    logo_digest = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    """Names the picture of `SiteLogo` in its address; empty: pages show the name. Written by `core.logos`."""

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=~models.Q(host=""), name="a_host_name_belongs_to_one_site"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.slug


class SiteLogo(models.Model):
    """The picture that pages of the site show, a PNG. Apart from the site, which every request reads."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.digest[:8]


@keeps_trail
class SiteSetting(models.Model):
    """One declared setting that differs from its default. Keys and types: `core.site_settings`."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="settings")
    key = models.CharField(max_length=64)
    value = models.JSONField(null=True)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="a_setting_stands_once_per_site")]

    def __str__(self) -> str:
        return self.key
