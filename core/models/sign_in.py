"""Failed attempts to sign in, counted so that passwords cannot be guessed (`core.sign_in`)."""

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
