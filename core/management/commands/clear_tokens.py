"""Delete tokens that have ended: they open nothing, and would only fill the disk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from core.models import AccessToken, RefreshToken


class Command(BaseCommand):
    help = "Delete tokens that have ended. Run it every night."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = timezone.now()
        # A used refresh token is kept for as long as it might have been used: the second time it ends its family.
        last = now - timedelta(seconds=settings.OAUTH2_PROVIDER["REFRESH_TOKEN_EXPIRE_SECONDS"])
        used, _ = RefreshToken.objects.filter(revoked__lt=last).delete()
        unused, _ = RefreshToken.objects.filter(access_token__expires__lt=last).delete()
        orphaned, _ = RefreshToken.objects.filter(revoked=None, access_token=None).delete()
        access, _ = AccessToken.objects.filter(expires__lt=now, refresh_token=None).delete()
        self.stdout.write(f"Deleted {access} access tokens and {used + unused + orphaned} refresh tokens.")
