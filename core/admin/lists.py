"""Lists of the back office: quick however many rows there are, and never undone by what an address or a form names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.paginator import Paginator
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.views import ChangeList

from core.admin.chips import Chip, chips_of

COUNTED = 10_000
"""Rows that are counted, and that one can page through. Of more a filter or a search shows those that are meant."""


class More(int):
    """So many, and more. It is written `10,000+`."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


def bounded_count(rows: QuerySet[Any]) -> int:
    """How many rows there are, up to `COUNTED`."""
    found = rows.order_by().values("pk")[: COUNTED + 1].count()
    return More(COUNTED) if found > COUNTED else found


class BoundedPaginator(Paginator):
    """Counts up to `COUNTED` rows, so that a list costs the same with a million."""

    @cached_property
    def count(self) -> int:
        return bounded_count(self.object_list)  # type: ignore[arg-type]  # a queryset, in the back office


class SiteChangeList(ChangeList):
    """Refuses, as Django does with any filter that is none, also a year that no calendar has."""

    def get_filters(self, request: HttpRequest) -> Any:
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        try:
            rows.query.sql_with_params()  # the bounds of a year are worked out no sooner
        except EmptyResultSet:
            return rows
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        return rows

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """As Django has it, equals by our number in the direction of what is before: so an index gives the order.

        Django always takes the last first: equals of an ascending order, of which there may be many, would be sorted.
        """
        order = list(super().get_ordering(request, queryset))
        if order[1:] and order[-1] == "-pk" and isinstance(order[-2], str) and not order[-2].startswith("-"):
            order[-1] = "pk"
        return order

    @cached_property
    def chips(self) -> list[Chip]:
        """What narrows the list, to be taken away one by one."""
        return chips_of(self)


class SturdyList:
    """Before a page: its list bears whatever an address or a form names."""

    model: type[Model]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[SiteChangeList]:
        return SiteChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if "\x00" in search_term:  # no text that is kept has it
            return queryset.none(), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, search_term)  # type: ignore[misc]  # a mixin of ModelAdmin
        return found

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """What names no row, because it is no id, is left out as an id that nothing has is."""
        sent = request.POST.copy()
        named = sent.getlist(ACTION_CHECKBOX_NAME)
        sent.setlist(ACTION_CHECKBOX_NAME, [each for each in named if is_key(self.model._meta.pk, each)])
        request.POST = sent  # type: ignore[assignment]  # Django's own is one that cannot be changed
        return super().response_action(request, queryset)  # type: ignore[misc]  # as above


class RowSelect(AutocompleteSelect):
    """Looks up a row. What is no id of one shows nothing as chosen; the field then says that it is no choice."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [each for each in value if is_key(key, each)], attr)


def is_key(field: Field[Any, Any], text: object) -> bool:
    """Whether a row could have this key: a number in its range, or a UUID."""
    try:
        field.run_validators(field.to_python(text))
    except (ValidationError, ValueError, TypeError, OverflowError):
        return False
    return text not in field.empty_values
