"""Filters of the lists of purchases, packages and transactions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import sql
from core.admin import sites_here
from core.money import EXPONENTS
from purchasing.admin.twins import suspected
from purchasing.warnings import (
    BADGES,
    OVER_REFUNDED,
    PACKAGE_DATE_MISSING,
    REFUND_WITHOUT_CREDIT,
    SUSPECTED_DUPLICATE,
    TOTAL_MISMATCH,
)

WARNING_WORDS = {
    TOTAL_MISMATCH: _("Total mismatch"),
    PACKAGE_DATE_MISSING: _("Package date missing"),
    REFUND_WITHOUT_CREDIT: _("Refund without credit"),
    OVER_REFUNDED: _("Over refunded"),
    SUSPECTED_DUPLICATE: _("Suspected duplicate transaction"),
}
"""Of `BADGES`."""

_CURRENCIES = """
SELECT code FROM unnest($1::text[]) AS code
WHERE EXISTS (
    SELECT FROM purchasing_purchase AS held
    WHERE held.site_id = ANY($2::bigint[]) AND held.currency_code = code AND held.deleted_at IS NULL
)
ORDER BY code
"""


class CurrencyFilter(admin.SimpleListFilter):
    """The currencies of the reader's purchases: a look-up for each there is, instead of reading every row for those."""

    title = _("currency")
    parameter_name = "currency_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = [code for (code,) in sql.fetch(_CURRENCIES, [list(EXPONENTS), sites_here(request)])]
        asked = request.GET.get(self.parameter_name)
        if asked and asked not in codes:
            codes.append(asked)
        return [(code, code) for code in codes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(currency_code=self.value()) if self.value() else queryset


class OwingFilter(admin.SimpleListFilter):
    """Whether money is outstanding, or is the customer's."""

    title = _("money")
    parameter_name = "money"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("outstanding", _("Outstanding")), ("credit", _("In credit"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "outstanding":
            return queryset.filter(outstanding__gt=0)
        return queryset.filter(credit__gt=0) if self.value() == "credit" else queryset


class MoneyKindFilter(admin.SimpleListFilter):
    """What was paid, or what went back."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("payment", _("Payment")), ("refund", _("Refund"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "payment":
            return queryset.filter(total__gt=0)
        return queryset.filter(total__lt=0) if self.value() == "refund" else queryset


class WarningsFilter(admin.SimpleListFilter):
    """Purchases with a warning of this kind."""

    title = _("warning")
    parameter_name = "warning"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", _("Any")), *((code, WARNING_WORDS[code]) for code in BADGES)]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if not self.value():
            return queryset
        codes = BADGES if self.value() == "any" else (str(self.value()),)
        rows: QuerySet[Any] = queryset.with_warning(*codes)
        return rows


class SuspectedFilter(admin.SimpleListFilter):
    """Payments that look like one sent twice, by the rule of the warning."""

    title = _("suspected")
    parameter_name = "suspected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("duplicate", _("Suspected duplicates"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "duplicate":
            return queryset
        return suspected(queryset)


class DeletedFilter(admin.SimpleListFilter):
    """Deleted purchases stay for the books; the list shows them when asked to."""

    title = _("deleted")
    parameter_name = "deleted"
    field = "deleted_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Deleted")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield (
                {**choice, "display": _("Not deleted")}
                if choice["query_string"] == changelist.get_query_string(remove=[self.parameter_name])
                else choice
            )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(**{f"{self.field}__isnull": self.value() != "yes"})
