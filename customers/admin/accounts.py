"""Balances and the ledger behind them: appended to by postings, never edited, so here only to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import ExportAdmin, ImportAdmin, ReadOnly, SiteInline
from core.admin.display import money, page_of, when
from core.site_settings import settings_of
from core.tenancy import sites_of
from customers.imports import OpeningBalanceImporter
from customers.models import Account, AccountEntry
from customers.receivables import receivables_of

KIND_LABELS = {
    "charge": "info",
    "transaction": "success",
    "reversal": "warning",
    "manual": "primary",
    "opening": "primary",
}


def entries_of(account: Account) -> SafeString:
    """A link to the entries of a balance."""
    address = reverse("admin:customers_accountentry_changelist")
    return format_html('<a href="{}?account__id__exact={}">{}</a>', address, account.pk, _("Entries"))


class BalanceInline(ReadOnly, SiteInline):
    """What a customer owes, by currency."""

    model = Account
    fields = ("currency_code", "balance_shown", "posted_at", "entries")
    readonly_fields = ("balance_shown", "entries")
    verbose_name_plural = _("balances")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        return super().get_queryset(request).select_related("customer")  # in the title of each

    @display(description=_("balance"))
    def balance_shown(self, account: Account) -> SafeString:
        return money(account.balance, account.currency_code)

    @display(description=_("ledger"))
    def entries(self, account: Account) -> SafeString:
        return entries_of(account)


class AgeFilter(admin.SimpleListFilter):
    """Balances with something that is past due today."""

    title = _("age")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Account]) -> QuerySet[Account]:
        if self.value() != "overdue":
            return queryset
        now, overdue = timezone.now(), []
        for site in sites_of(request.user):
            day = now.astimezone(settings_of(site).time_zone).date()
            owed = receivables_of(site_id=site.pk, day=day)
            overdue += [each.account_id for each in owed if each.ageing.overdue > 0]
        return queryset.filter(pk__in=overdue)


@admin.register(Account)
class AccountAdmin(ReadOnly, ExportAdmin):
    money_columns = ("balance_shown",)
    list_display = ("customer", "currency_code", "balance_shown", "posted_at", "entries")
    list_select_related = ("customer",)
    list_filter = (AgeFilter, "currency_code", "site")
    list_filter_sheet = False
    search_fields = ("customer__company_name", "customer__last_name", "customer__email", "customer__external_id")
    sortable_by = ("customer", "currency_code", "balance_shown", "posted_at")  # `entries` would sort the whole ledger
    ordering = ("-balance",)
    fields = ("customer_shown", ("currency_code", "balance_shown"), "posted_at", "entries")
    readonly_fields = ("customer_shown", "balance_shown", "entries")

    @display(description=_("customer"))
    def customer_shown(self, account: Account) -> SafeString | str:
        return page_of(account.customer)

    @display(description=_("balance"), ordering="balance")
    def balance_shown(self, account: Account) -> SafeString:
        return money(account.balance, account.currency_code)

    @display(description=_("ledger"))
    def entries(self, account: Account) -> SafeString:
        return entries_of(account)


@admin.register(AccountEntry)
class EntryAdmin(ReadOnly, ImportAdmin):
    """In the order they were posted, newest first: the order of the ledger. Opening balances are imported here."""

    importer = OpeningBalanceImporter

    money_columns = ("amount_shown", "balance_shown")
    list_display = (
        "posted",
        "customer_shown",
        "kind_shown",
        "amount_shown",
        "balance_shown",
        "reference",
        "value_date",
        "due_date",
        "author",
    )
    list_select_related = ("account__customer",)
    list_filter = ("kind", "site")
    list_filter_sheet = False
    date_hierarchy = "posted_at"
    sortable_by = ()  # no other order has an index: it would read and sort everything
    ordering = ("-id",)  # they are numbered in the order of posting, and every table has an index of its numbers
    fields = (
        "customer_shown",
        ("kind", "amount_shown", "balance_shown"),
        ("value_date", "due_date", "posted_at"),
        ("reference", "reason"),
        ("purchase_spark_id", "transaction_id"),
        "author",
    )
    readonly_fields = ("customer_shown", "amount_shown", "balance_shown")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "account__id__exact" or super().lookup_allowed(lookup, value, request)

    @display(description=_("posted"), ordering="posted_at")
    def posted(self, entry: AccountEntry) -> SafeString | str:
        return when(entry.posted_at)

    @display(description=_("customer"), ordering="account__customer__company_name")
    def customer_shown(self, entry: AccountEntry) -> SafeString | str:
        return page_of(entry.account.customer)

    @display(description=_("kind"), ordering="kind", label=KIND_LABELS)
    def kind_shown(self, entry: AccountEntry) -> tuple[str, str]:
        return entry.kind, entry.get_kind_display()

    @display(description=_("amount"), ordering="amount")
    def amount_shown(self, entry: AccountEntry) -> SafeString:
        return money(entry.amount, entry.currency_code)

    @display(description=_("balance after"))
    def balance_shown(self, entry: AccountEntry) -> SafeString:
        return money(entry.balance_after, entry.currency_code)
