"""Every query starts from the site."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from core.models import Site

Row = TypeVar("Row", bound=models.Model)


class SiteQuerySet(models.QuerySet[Row]):
    """Rows that belong to a site. Ask for `for_site` first."""

    def for_site(self, site: Site) -> Self:
        """Only rows of this site."""
        return self.filter(site=site)
