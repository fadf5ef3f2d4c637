"""The trail of changes on a row's history page, and how a change is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.admin.setting_words import LABELS, in_words
from core.models import Change
from core.trail import kinds

SETTING = "sitesetting"
NOTHING = "—"
"""Told of what is empty, but not of what was so and is."""
SHOWN = 100
"""The newest; the page of all changes has the others."""


Names = dict[tuple[type[models.Model], Any], str]
"""What rows are called, by their model and number."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change for people: of what, by whom, and each column that changed with its two values."""

    at: datetime
    actor: str
    name: str
    what: str
    columns: list[tuple[str, str, str]]


class TrailInHistory:
    """Before a page: the history of a row whose table keeps a trail begins with it, whoever wrote by whatever door."""

    object_history_template = "admin/core/history.html"

    def history_view(
        self: Any, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().history_view(request, object_id, extra_context)  # type: ignore[misc]
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            changes = list(self.trail_of(response.context_data["object"])[:SHOWN])
            names = names_referred_to(changes)
            response.context_data["changes"] = [told_of(change, names) for change in changes]
        return response

    def trail_of(self, row: models.Model) -> models.QuerySet[Change]:
        """The changes that the history of this row tells."""
        return Change.objects.of(row) if row._meta.model_name in kinds() else Change.objects.none()


def told_of(change: Change, names: Names) -> Told:
    return Told(change.at, change.actor, name_of(change), what_of(change), columns_of(change, names))


def names_referred_to(changes: Iterable[Change]) -> Names:
    """What rows are called that these changes name by their number: one query for each model they are of."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for change in changes:
        values = [row for row in (change.before, change.after) if row]
        for column in {name for row in values for name in row}:
            if target := _referred_to(kinds().get(change.kind), column):
                wanted.setdefault(target, set()).update(row.get(column) for row in values)
    return {
        (model, row.pk): str(row)
        for model, numbers in wanted.items()
        for row in model._default_manager.filter(pk__in=numbers - {None})
    }


def name_of(change: Change) -> str:
    """What people call the row: its SKU, or our id where it has one; of a setting its label."""
    if change.kind == SETTING:
        return str(LABELS.get(change.name, change.name))
    model = kinds().get(change.kind)
    named: str = getattr(model(pk=change.row_id), "public_id", change.name) if model else change.name
    return named


def what_of(change: Change) -> str:
    if change.before is None and change.after is None:
        return _("Emptied, as the person was erased")
    if change.before is None:
        return _("Newly stored")
    return _("Deleted") if change.after is None else _("Changed")


def columns_of(change: Change, names: Names) -> list[tuple[str, str, str]]:
    """The words of each column with its value before and after, in the order of the model. A row that is gone is told
    by its number.
    """
    before, after = change.before or {}, change.after or {}
    model = kinds().get(change.kind)
    order = [field.attname for field in model._meta.concrete_fields] if model else []
    columns = sorted(before.keys() | after.keys(), key=lambda name: (order.index(name) if name in order else -1, name))
    if change.kind == SETTING:
        old, new = (in_words(change.name, row.get("value")) for row in (before, after))
        return [(_words(model, "value"), old, new)]

    def text(column: str, value: Any) -> str:
        target = _referred_to(model, column)
        return names.get((target, value), _text(value)) if target else _text(value)

    values = ((name, text(name, before.get(name)), text(name, after.get(name))) for name in columns)
    return [(_words(model, name), old, new) for name, old, new in values if (old, new) != (NOTHING, NOTHING)]


def _referred_to(model: type[models.Model] | None, column: str) -> type[models.Model] | None:
    """The model whose rows a column names, if any."""
    fields = model._meta.concrete_fields if model else ()
    return next((field.related_model for field in fields if field.attname == column and field.is_relation), None)


def _words(model: type[models.Model] | None, column: str) -> str:
    try:
        field = model._meta.get_field(column.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        field = model._meta.get_field(column) if model and column in {f.name for f in model._meta.fields} else None
    return str(getattr(field, "verbose_name", column))


def _text(value: Any) -> str:
    match value:
        case None | "" | []:
            return NOTHING
        case bool():
            return _("Yes") if value else _("No")
        case Decimal():
            return f"{value.normalize():f}"
        case list():
            return ", ".join(map(_text, value))
        case str():
            return value
    return json.dumps(value, ensure_ascii=False, default=str)
