"""Ledger entries, found by what they stand for: the order, its payment, whose they are, and what was typed by hand."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import sites_here
from core.ids import CUSTOMER, PURCHASE, number_of
from customers.admin import EntryAdmin
from customers.models import Account, AccountEntry, Customer
from purchasing.admin.finding import MOST, purchases_found
from purchasing.models import PurchaseTransaction
from purchasing.search import WORDS

BY_HAND = (AccountEntry.Kind.OPENING, AccountEntry.Kind.MANUAL)
SEARCHED_BY_HAND = ("reference", "author", "account__customer__company_name", "account__customer__email")
MOST_ACCOUNTS = 50
"""Whose entries a search by a customer's name finds: those that were posted to last."""
OF_CUSTOMERS = 5_000
"""Entries of them all, the newest, of each as many; the entries of one stand behind the balance."""

admin.site.unregister(AccountEntry)


@admin.register(AccountEntry)
class EntryPageAdmin(EntryAdmin):
    search_fields = ("reference",)  # by the rules of `get_search_results`
    search_help_text = _(
        "What finds the order, the beginning of a transaction id, a customer; references typed by hand"
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AccountEntry], search_term: str
    ) -> tuple[QuerySet[AccountEntry], bool]:
        """Each kind by the index of what it stands for; `o_12` and `cu_5` are one order or customer alone.

        Entries have no index of words: what is posted for an order is found by what finds the order, a payment by the
        beginning of its id in its own letters, both by customers as they are called today. Opening and manual entries,
        which are few, are read: each word occurs in the reference, the author or the customer.
        """
        text, sites = search_term.strip(), sites_here(request)
        if "\x00" in text:  # no text that is kept has it
            return queryset.none(), False
        if not text:
            return queryset, False
        if (purchase := number_of(PURCHASE, text)) is not None:
            return queryset.filter(site__in=sites, purchase_id=purchase), False
        if (customer := number_of(CUSTOMER, text)) is not None:
            return queryset.filter(account__customer=customer), False
        words = text.split()[:WORDS]
        customers = Customer.objects.filter(site__in=sites).matching(words)
        accounts = Account.objects.filter(site__in=sites, customer__in=customers).order_by("-posted_at")
        payments = PurchaseTransaction.objects.filter(site__in=sites, platform_id__startswith=text)
        paid = payments.order_by("-created_at", "-id").values_list("purchase_id", "pk")[:MOST]
        by_hand = AccountEntry.objects.filter(site__in=sites, kind__in=BY_HAND)
        for word in words:
            either = Q()
            for name in SEARCHED_BY_HAND:
                either |= Q(**{f"{name}__icontains": word})
            by_hand = by_hand.filter(either)
        # Each kind is looked up by itself, and none in the order of the list: for few, that reads the whole ledger.
        rows = queryset.order_by()
        kinds = [
            rows.filter(site__in=sites, purchase_id__in=purchases_found(request, text, also_deleted=True)),
            rows.filter(pk__in=list(by_hand.order_by("-pk").values_list("pk", flat=True)[:MOST])),
        ]
        if payments_found := list(paid):
            purchases, transactions = zip(*payments_found, strict=True)
            kinds.append(rows.filter(site__in=sites, purchase_id__in=set(purchases), transaction_id__in=transactions))
        owing = list(accounts.values_list("pk", flat=True)[:MOST_ACCOUNTS])
        for account in owing:
            newest = rows.filter(site__in=sites, account=account).order_by("-posted_at", "-pk")
            kinds.append(newest[: OF_CUSTOMERS // len(owing)])
        first, *others = (found.values_list("pk") for found in kinds)
        # Said by number: PostgreSQL then takes these out of the index, and reads no more of the ledger.
        return queryset.filter(pk__in=[number for (number,) in first.union(*others)]), False
