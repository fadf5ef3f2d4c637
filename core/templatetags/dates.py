"""`{% dates_of cl %}`: the years, months and days above a list, as `date_hierarchy` names them.

Django's own reads and sorts every row of the list for it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import gettext

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList  # it is loaded after the template tags

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def dates_of(page: ChangeList) -> dict[str, Any]:
    links = date_links(page)
    return {"show": True, "back": links.back, "choices": links.choices}


@dataclass(frozen=True, slots=True)
class DateLink:
    """A year, month or day above a list. `link`: the list of it; None where it is the one that is shown."""

    title: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class DateLinks:
    """`back`: the list of everything, or of the year or month around what is shown."""

    back: DateLink | None = None
    choices: list[DateLink] = field(default_factory=list)


def date_links(page: ChangeList) -> DateLinks:
    """The steps of a list's `date_hierarchy`, without reading its rows: every year from the first row's to the last's,
    every month of a year, every day of a month, whether or not there is something in it.
    """
    name = page.date_hierarchy
    year, month, day = asked_dates(page) or (None, None, None)

    def link(*numbers: int | None) -> str:
        parts = {f"{name}__{part}": number for part, number in zip(("year", "month", "day"), numbers, strict=False)}
        query: str = page.get_query_string(parts, [f"{name}__"])
        return query

    if year is None:
        return DateLinks(None, [DateLink(str(each), link(each)) for each in _years(page)])
    if not 1 <= year <= 9999 or (month is not None and not 1 <= month <= 12):
        return DateLinks(DateLink(gettext("All dates"), link()))
    if month is None:
        months = [DateLink(str(MONTHS[each]), link(year, each)) for each in range(1, 13)]
        return DateLinks(DateLink(gettext("All dates"), link()), months)
    if day is None:
        days = calendar.monthrange(year, month)[1]
        return DateLinks(
            DateLink(str(year), link(year)),
            [DateLink(str(each), link(year, month, each)) for each in range(1, days + 1)],
        )
    back = DateLink(f"{MONTHS[month]} {year}", link(year, month))
    return DateLinks(back, [DateLink(date_text(year, month, day))])


def date_text(year: int, month: int | None, day: int | None) -> str:
    """The day, month or year that a list is of."""
    if month and day:
        return date_format(date(year, month, day), "SHORT_DATE_FORMAT")
    return f"{MONTHS[month]} {year}" if month else str(year)


def asked_dates(page: ChangeList) -> tuple[int, int | None, int | None] | None:
    """The year, month and day that a list is of; None for one of all dates."""
    name = page.date_hierarchy
    year, month, day = (_number(page.params.get(f"{name}__{part}")) for part in ("year", "month", "day"))
    return None if year is None else (year, month, day)


def _years(page: ChangeList) -> list[int]:
    """From the first row's to the last's in the order of the list, of all the reader sees: two look-ups."""
    admin: Any = page.model_admin  # of `core.admin`
    rows = admin.dated_rows(page.root_queryset).order_by(*admin.ordering)
    ends = [rows.values_list(page.date_hierarchy, flat=True).first() for rows in (rows, rows.reverse())]
    years = sorted(_day(end).year for end in ends if end is not None)
    return list(range(years[0], years[-1] + 1)) if years else []


def _day(moment: date | datetime) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _number(text: Any) -> int | None:
    """What an address says of a date; Django has refused what is none."""
    value = text[0] if isinstance(text, list) else text
    return int(value) if str(value or "").isdecimal() else None
