"""Decimals on a page that is only read: written as its form shows them, and as the reader's language writes figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import models
from django.utils.formats import number_format

from core.money import price_text


@dataclass(frozen=True)
class Figure:
    """Stands in a page's fields for a decimal: 14.70 of an amount, else 1.5 where the column holds 1.500000."""

    name: str
    short_description: Any
    currency: str | None = None
    """The attribute that says the currency, of an amount."""

    @property
    def __name__(self) -> str:
        return self.name

    def __call__(self, row: models.Model) -> str:
        value: Decimal | None = getattr(row, self.name)
        if value is None:
            return "—"
        code = attrgetter(self.currency)(row) if self.currency else None
        return number_format(price_text(value, code or ""), force_grouping=True)


def figures_of(model: type[models.Model], form: Any) -> dict[str, Figure]:
    """By name: of every decimal that staff can change; `form` says which are amounts (`money_in`)."""
    money: Mapping[str, str] = getattr(form, "money_in", {})
    decimals = [field for field in model._meta.fields if isinstance(field, models.DecimalField) and field.editable]
    return {field.name: Figure(field.name, field.verbose_name, money.get(field.name)) for field in decimals}


def replaced(fieldsets: Any, names: Mapping[str, Any]) -> Any:
    """The fieldsets of a page with other fields in the place of these; one for which there is None is left out."""

    def placed(row: Any) -> Any:
        return within(row) if isinstance(row, (list, tuple)) else names.get(row, row)

    def within(rows: Any) -> tuple[Any, ...]:
        return tuple(row for row in map(placed, rows) if row is not None)

    return [(name, {**parts, "fields": within(parts["fields"])}) for name, parts in fieldsets]
