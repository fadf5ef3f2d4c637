"""Lists of purchases and of what belongs to them, narrowed to one customer, who is looked up as in a form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.forms import AutocompleteDropdownForm

from core.admin import sites_here
from core.admin.lists import RowSelect, is_key
from customers.models import Customer
from purchasing.models import Purchase


class CustomerLookUp(AutocompleteDropdownForm):
    """The customers of the reader's sites."""

    widget = RowSelect

    def __init__(self, *, customers: QuerySet[Customer], **options: Any) -> None:
        super().__init__(field=Purchase._meta.get_field("customer"), choices=(), **options)
        (field,) = self.fields.values()
        field.queryset = customers


class CustomerFilter(admin.SimpleListFilter):
    """Whose they are. A customer of another site is nobody: no row, and no name above the list."""

    title = _("customer")
    parameter_name = "customer__id__exact"
    template = "admin/purchasing/customer_filter.html"
    form_class = CustomerLookUp  # whose scripts the page loads

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.request, self.model_admin = request, model_admin

    def has_output(self) -> bool:
        return True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """None: there are too many to offer."""
        return []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Raises IncorrectLookupParameters for what is no number of a row."""
        if not self.value():
            return queryset
        if not is_key(Customer._meta.pk, self.value()):
            raise IncorrectLookupParameters
        return self.of_customer(queryset, int(str(self.value())))

    def of_customer(self, rows: QuerySet[Any], customer: int) -> QuerySet[Any]:
        return rows.filter(customer=customer)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One: who was chosen, in the form that looks others up. The rest of the address is kept."""
        customers = Customer.objects.filter(site__in=sites_here(self.request))
        chosen = self.value()
        found = customers.filter(pk=chosen).first() if chosen else None
        yield {
            "selected": found is not None,
            "display": str(found),
            "kept": [
                (name, value)
                for name, values in changelist.filter_params.items()
                for value in values
                if name != self.parameter_name
            ],
            "form": self.form_class(
                request=self.request,
                name=self.parameter_name,
                label=_(" By %(filter_title)s ") % {"filter_title": self.title},
                model_admin=self.model_admin,
                customers=customers,
                data={self.parameter_name: chosen if found else ""},
            ),
        }


class CustomerOfPurchaseFilter(CustomerFilter):
    parameter_name = "customer"

    def of_customer(self, rows: QuerySet[Any], customer: int) -> QuerySet[Any]:
        # Said of both kinds: deleted purchases, which are few, stand in an index of their own.
        stands = Q(purchase__deleted_at=None) | Q(purchase__deleted_at__isnull=False)
        return rows.filter(stands, purchase__site=F("site"), purchase__customer=customer)
