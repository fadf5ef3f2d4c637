"""Bring the catalogues of translations up to date with what the project says."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.catalogue import renew


class Command(BaseCommand):
    help = "Renew locale/*/django.po and .mo: new words, without those that nothing says any more; tell what is missing"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for language in [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]:
            for text in renew(settings.BASE_DIR, language):
                self.stdout.write(f"{language}: {text}")
