"""The trail of changes on a row's history page, and how a change is told."""

from __future__ import annotations

import json
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
            changes = self.trail_of(response.context_data["object"])
            response.context_data["changes"] = [told_of(change) for change in changes[:SHOWN]]
        return response

    def trail_of(self, row: models.Model) -> models.QuerySet[Change]:
        """The changes that the history of this row tells."""
        return Change.objects.of(row) if row._meta.model_name in kinds() else Change.objects.none()


def told_of(change: Change) -> Told:
    return Told(change.at, change.actor, name_of(change), what_of(change), columns_of(change))


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


def columns_of(change: Change) -> list[tuple[str, str, str]]:
    """The words of each column with its value before and after, in the order of the model."""
    before, after = change.before or {}, change.after or {}
    model = kinds().get(change.kind)
    order = [field.attname for field in model._meta.concrete_fields] if model else []
    columns = sorted(before.keys() | after.keys(), key=lambda name: (order.index(name) if name in order else -1, name))
    if change.kind == SETTING:
        old, new = (in_words(change.name, row.get("value")) for row in (before, after))
        return [(_words(model, "value"), old, new)]
    values = ((name, _text(before.get(name)), _text(after.get(name))) for name in columns)
    return [(_words(model, name), old, new) for name, old, new in values if (old, new) != (NOTHING, NOTHING)]


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
