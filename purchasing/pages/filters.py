"""The filters of the order list, as they stand in its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import Expression, F, Q
from django.db.models.functions import Collate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.ids import CUSTOMER, number_of
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.models.purchase import PurchaseQuerySet
from purchasing.pages.fields import DAY_FORMAT, YEARS, day_input
from purchasing.pages.finding import find
from purchasing.pages.labels import FULFILMENT, PAYMENT, TYPES
from purchasing.search import search_of


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list, then by our number in the same direction. Each has an index over all orders of a site."""

    text: Promise
    key: Expression | F
    descending: bool = False


SORTS = {
    "": Sort(_("Newest first"), F("ordered_at"), descending=True),
    "oldest": Sort(_("Oldest first"), F("ordered_at")),
    "number": Sort(_("By number"), Collate("visible_id", "C")),
    "total": Sort(_("Highest total first"), F("calculated_total"), descending=True),
}
_SELECT = {"class": "form-select"}


def _named(person: Customer) -> str:
    return f"{person.full_name} ({person.company_name})" if person.company_name else person.full_name


def _choices(labels: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(value.value, label.text) for value, label in labels.items()]


class OrderFilters(django_filters.FilterSet):
    """Search, state, payment, dates and order of a site's list. `zone`: whose days the dates are.

    `buyers`: whose orders the list has at most, None: anybody's; asked when a search needs it.
    `people`: who may have placed them; `agent`: who reads, when he places orders for others.
    """

    search = django_filters.CharFilter(
        label=_("Search"),
        method="unchanged",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control", "autocomplete": "off"}),
    )
    type = django_filters.ChoiceFilter(
        label=_("Type"), choices=_choices(TYPES), empty_label=_("Any"), widget=forms.Select(attrs=_SELECT)
    )
    fulfilment = django_filters.ChoiceFilter(
        field_name="calculated_fulfilment_status",
        label=_("Delivery"),
        choices=_choices(FULFILMENT),
        empty_label=_("Any"),
        widget=forms.Select(attrs=_SELECT),
    )
    payment = django_filters.ChoiceFilter(
        field_name="calculated_payment_status",
        label=_("Payment"),
        choices=_choices(PAYMENT),
        empty_label=_("Any"),
        widget=forms.Select(attrs=_SELECT),
    )
    outstanding = django_filters.BooleanFilter(
        label=_("Money outstanding"),
        method="owing",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    placed_by = django_filters.ChoiceFilter(
        label=_("Placed by"), method="placed_by_one", empty_label=_("Anybody"), widget=forms.Select(attrs=_SELECT)
    )
    since = django_filters.DateFilter(
        label=_("From"),
        method="placed_since",
        validators=YEARS,
        input_formats=[DAY_FORMAT],
        widget=day_input(),
    )
    until = django_filters.DateFilter(
        label=_("To"),
        method="placed_until",
        validators=YEARS,
        input_formats=[DAY_FORMAT],
        widget=day_input(),
    )
    sort = django_filters.ChoiceFilter(
        label=_("Sort"),
        method="unchanged",
        choices=[(key, sort.text) for key, sort in SORTS.items() if key],
        empty_label=SORTS[""].text,
        widget=forms.Select(attrs=_SELECT),
    )

    class Meta:
        model = Purchase
        fields: list[str] = []

    def __init__(
        self,
        data: Any,
        queryset: PurchaseQuerySet,
        *,
        site_id: int,
        zone: ZoneInfo,
        buyers: Callable[[], list[int] | None],
        people: Sequence[Customer] = (),
        agent: Customer | None = None,
    ) -> None:
        super().__init__(data, queryset)
        self.site_id = site_id
        self.zone = zone
        self.buyers = buyers
        self.agent = agent
        choices = [(person.public_id, _named(person)) for person in people]
        if agent is not None:
            choices = [(agent.public_id, str(_("Me, for a customer"))), *choices]
        if len(choices) + (agent is not None) > 1:
            self.filters["placed_by"].extra["choices"] = choices
        else:  # nothing to choose between
            del self.filters["placed_by"]

    @property
    def found(self) -> PurchaseQuerySet:
        """The purchases that pass, in order; none while a filter has a fault, which the form then names."""
        rows = self.unsearched
        text = self._searched_for()
        return rows.found_by(text, sites=[self.site_id]) if text else rows

    def numbers(self, limit: int, offset: int) -> list[int] | None:
        """Our numbers of a page of them, where something is searched for; None where nothing is."""
        search = search_of(self._searched_for(), site_id=self.site_id)
        if search is None:
            return None
        return find(
            self.unsearched,
            search,
            site_id=self.site_id,
            buyers=self.buyers,
            descending=self._sort().descending,
            limit=limit,
            offset=offset,
        )

    @property
    def unsearched(self) -> PurchaseQuerySet:
        """What passes the filters but for the search, in order; each with the `key` that it is ordered by."""
        rows: PurchaseQuerySet = self.queryset
        if not self.is_valid():
            return rows.none()
        for name, value in self.form.cleaned_data.items():
            if name != "search":
                rows = self.filters[name].filter(rows, value)
        sort = self._sort()
        direction = "-" if sort.descending else ""
        return rows.annotate(key=sort.key).order_by(f"{direction}key", f"{direction}id")

    def _searched_for(self) -> str:
        return str(self.form.cleaned_data["search"]) if self.is_valid() else ""

    def _sort(self) -> Sort:
        return SORTS[self.form.cleaned_data["sort"] if self.is_valid() else ""]

    @property
    def by_total(self) -> bool:
        """Whether the list is ordered by totals: by their figures, as nothing makes those of two currencies alike."""
        return self._sort() is SORTS["total"]

    @property
    def chosen(self) -> dict[str, str]:
        """What is filtered by, for a short address: empty fields and the page left out."""
        return {name: self.data[name] for name in self.filters if self.data.get(name)}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order of the list is chosen."""
        return bool(self.chosen.keys() - {"sort"})

    @property
    def narrowed_further(self) -> bool:
        """Whether anything but the search is chosen."""
        return bool(self.chosen.keys() - {"search"})

    def unchanged(self, rows: PurchaseQuerySet, _name: str, _value: str) -> PurchaseQuerySet:
        """Of what concerns the list as a whole: `found` and `numbers` see to it."""
        return rows

    def owing(self, rows: PurchaseQuerySet, _name: str, wanted: bool) -> PurchaseQuerySet:
        return rows.filter(outstanding__gt=0) if wanted else rows

    def placed_by_one(self, rows: PurchaseQuerySet, _name: str, public_id: str) -> PurchaseQuerySet:
        """Who bought, as the list names him; of an agent what he has placed for others."""
        number = number_of(CUSTOMER, public_id)
        if self.agent is not None and number == self.agent.pk:
            return rows.filter(impersonator=number)
        return rows.filter(Q(child=number) | Q(child=None, customer=number))

    def placed_since(self, rows: PurchaseQuerySet, _name: str, day: date) -> PurchaseQuerySet:
        return rows.filter(ordered_at__gte=self._midnight(day))

    def placed_until(self, rows: PurchaseQuerySet, _name: str, day: date) -> PurchaseQuerySet:
        return rows.filter(ordered_at__lt=self._midnight(day + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)
