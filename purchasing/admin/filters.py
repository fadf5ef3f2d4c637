"""Filters of the lists of purchases, packages and transactions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from purchasing.admin.twins import suspected
from purchasing.warnings import BADGES


class OwingFilter(admin.SimpleListFilter):
    """Whether money is outstanding, or is the customer's."""

    title = "money"
    parameter_name = "money"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("outstanding", "Outstanding"), ("credit", "In credit")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "outstanding":
            return queryset.filter(outstanding__gt=0)
        return queryset.filter(credit__gt=0) if self.value() == "credit" else queryset


class WarningsFilter(admin.SimpleListFilter):
    """Purchases with a warning of this kind."""

    title = "warning"
    parameter_name = "warning"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("any", "Any"), *((code, code.replace("-", " ").capitalize()) for code in BADGES)]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if not self.value():
            return queryset
        codes = BADGES if self.value() == "any" else (str(self.value()),)
        rows: QuerySet[Any] = queryset.with_warning(*codes)
        return rows


class SuspectedFilter(admin.SimpleListFilter):
    """Payments that look like one sent twice, by the rule of the warning."""

    title = "suspected"
    parameter_name = "suspected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("duplicate", "Suspected duplicates")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "duplicate":
            return queryset
        return suspected(queryset)


class DeletedFilter(admin.SimpleListFilter):
    """Deleted purchases stay for the books; the list shows them when asked to."""

    title = "deleted"
    parameter_name = "deleted"
    field = "deleted_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Deleted"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield (
                {**choice, "display": "Not deleted"}
                if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
                else choice
            )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(**{f"{self.field}__isnull": self.value() != "yes"})
