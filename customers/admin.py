"""Customers in the back office: the company, its people and addresses, what it owes and why."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from core.admin import ReadOnly, SiteAdmin, SiteInline, SiteStackedInline
from core.ids import CUSTOMER, number_of
from core.money import money_text
from customers.models import Account, AccountEntry, Address, Customer, CustomerGroup

STATUS_LABELS = {"pending": "warning", "active": "success", "inactive": "info", "rejected": "danger"}


class AddressInline(SiteStackedInline):
    model = Address
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("nickname", "company", "external_id"),
                    ("title", "first_name", "last_name"),
                    ("address_line1", "address_line2"),
                    ("city", "region_code", "postal_code", "country_code"),
                    ("phone", "mobile"),
                )
            },
        ),
    )


class BalanceInline(ReadOnly, SiteInline):
    """Balances are moved by the ledger only."""

    model = Account
    fields = ("currency_code", "balance_shown", "posted_at", "entries")
    readonly_fields = ("currency_code", "balance_shown", "entries")
    verbose_name_plural = "balances"

    @display(description="balance")
    def balance_shown(self, account: Account) -> SafeString:
        return money(account.balance, account.currency_code)

    @display(description="ledger")
    def entries(self, account: Account) -> SafeString:
        address = reverse("admin:customers_accountentry_changelist")
        return format_html('<a href="{}?account__id__exact={}">Entries</a>', address, account.pk)


@admin.register(Customer)
class CustomerAdmin(SiteAdmin):
    list_display = ("name", "email", "parent", "group", "status_shown", "role", "balances", "external_id")
    list_select_related = ("parent", "group")
    list_filter = ("status", "role", "group", "payment_on_account", "site", ("deleted_at", admin.EmptyFieldListFilter))
    list_filter_sheet = False
    search_fields = ("company_name", "first_name", "last_name", "email", "external_id", "accounting_id")
    search_help_text = "Name, e-mail or id"
    autocomplete_fields = ("parent",)
    readonly_fields = ("public_number", "children_shown", "purchases")
    inlines = (AddressInline, BalanceInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "site",
                    ("company_name", "email"),
                    ("title", "first_name", "last_name"),
                    ("status", "role", "group"),
                    ("parent", "children_shown"),
                    ("public_number", "external_id", "accounting_id"),
                    "purchases",
                )
            },
        ),
        (
            "Buying",
            {
                "fields": (
                    ("currency_code", "discount_percentage", "tax_exempt"),
                    ("payment_on_account", "payment_by_invoice", "net_terms"),
                    ("credit_limit", "credit_currency_code"),
                    ("default_billing_address", "default_shipping_address"),
                    ("price_lists", "vatin_numbers"),
                    ("sales_agent_groups", "available_shipping_addresses"),
                )
            },
        ),
        ("Elsewhere", {"fields": ("metadata", ("created_at", "updated_at"))}),
    )
