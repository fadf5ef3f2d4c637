"""What narrows a list, each as a chip above it that takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import NotRelationField, get_fields_from_path
from django.contrib.admin.views.main import IGNORED_PARAMS, SEARCH_VAR
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext

from core.templatetags.dates import asked_dates, date_text


@dataclass(frozen=True, slots=True)
class Chip:
    """`without`: the list that everything else narrows."""

    name: str
    value: str
    without: str


def chips_of(page: Any) -> list[Chip]:
    """Of a `ChangeList`: its search, its filters in their order, its date, and whatever else the address asks for."""
    asked = {name: values[-1] for name, values in page.filter_params.items() if values and values[-1] != ""}
    return [
        Chip(str(capfirst(name)), str(value), page.get_query_string(dict.fromkeys(names)))
        for name, value, names in _conditions(page, asked)
    ]


def _conditions(page: Any, asked: dict[str, str]) -> Iterator[tuple[Any, Any, list[str]]]:
    """What each is called, what it asks for, and the parameters that say so. `asked` is used up."""
    if text := asked.pop(SEARCH_VAR, "").strip():
        yield gettext("search"), text, [SEARCH_VAR]
    for spec in page.filter_specs:
        names = [name for name in spec.expected_parameters() if name in asked]
        values = [asked.pop(name) for name in names]
        if names:
            chosen = [choice["display"] for choice in spec.choices(page) if choice["selected"]]
            yield spec.title, ", ".join(map(str, chosen or values)), names
    if dates := asked_dates(page):
        names = [f"{page.date_hierarchy}__{part}" for part in ("year", "month", "day")]
        for name in names:
            asked.pop(name, None)
        yield _name_of(page, page.date_hierarchy), date_text(*dates), names
    for name, value in asked.items():
        if name not in IGNORED_PARAMS and not name.startswith("_"):
            yield _name_of(page, name.split("__")[0]), value, [name]


def _name_of(page: Any, path: str) -> Any:
    """What the field at the end of a path such as `purchase__ordered_at` is called."""
    try:
        return get_fields_from_path(page.model, path)[-1].verbose_name
    except (FieldDoesNotExist, NotRelationField, AttributeError):
        return path
