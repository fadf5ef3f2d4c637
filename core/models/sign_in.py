"""Failed attempts to sign in, and links asked for by who has not signed in: counted, so that neither is overdone."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class SignInFailure(models.Model):
    """One wrong password. `key` stands for an e-mail and the address it was tried from, and gives neither away."""

    key = models.CharField(max_length=64)
    failed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["key", "failed_at"], name="sign_in_failure_by_key")]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.failed_at}"


class LinkAsked(models.Model):
    """A link to set a password was asked for (`core.asked_links`). `key` stands for an e-mail, or for an address."""

    key = models.CharField(max_length=64)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "asked_at"], name="link_asked_by_key")]

    def __str__(self) -> str:
        return f"{self.key[:8]} at {self.asked_at}"
