"""Rows that the operations alone write: whoever saves or changes them past those is refused."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from core.tenancy import Row, SiteQuerySet


class GuardedQuerySet(SiteQuerySet[Row]):
    """Rows that only the operations write: set-based ORM writes would pass the rules by, so they refuse."""

    def _refuse(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__} rows are written by purchasing.operations only.")

    def update(self, **kwargs: Any) -> int:
        self._refuse()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        self._refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse()


class WrittenByOperations(models.Model):
    """A row that `save()` may not write: `purchasing.operations` does, set-based."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError(f"{type(self).__name__} rows are written by purchasing.operations only.")
