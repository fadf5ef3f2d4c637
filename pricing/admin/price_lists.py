"""Price lists with their rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import SiteAdmin, SiteFormSet, SiteInline, SiteModelForm
from core.admin.base import Confirmation
from core.admin.lists import RowSelect
from core.money import read_currency
from pricing.admin.asking import AskedFromPrices
from pricing.admin.saving import PlainFiguresForm, save_price_list, save_rules
from pricing.models import Price, PriceList, PriceListRule
from pricing.operations import delete_price_list


class SourceBox(RowSelect):
    """Looks up the list that a rule is made out of. `stored`, which was read with the rule, is not asked for again."""

    stored: PriceList | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        if self.stored is None or list(value) != [str(self.stored.pk)]:
            return super().optgroups(name, value, attr)
        option = self.create_option(name, self.stored.pk, str(self.stored), selected=True, index=0)
        return [(None, [option], 0)]


class RuleFormSet(SiteFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk:
            form.fields["source_price_list"].widget.widget.stored = form.instance.source_price_list


class RuleInline(SiteInline):
    model = PriceListRule
    form = PlainFiguresForm
    formset = RuleFormSet
    fk_name = "price_list"
    autocomplete_fields = ("source_price_list",)
    fields = (
        "position",
        "source_price_list",
        "currency_exchange_rate",
        "adjustment_percentage",
        "adjustment_direction",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceListRule]:
        rows: QuerySet[PriceListRule] = super().get_queryset(request)
        return rows.select_related("price_list", "source_price_list")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "source_price_list":
            kwargs["widget"] = SourceBox(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PriceListForm(SiteModelForm):
    def clean_currency_code(self) -> str:
        try:
            return read_currency(self.cleaned_data["currency_code"])
        except ValueError as error:
            raise forms.ValidationError(_("This is no currency of ISO 4217.")) from error


@admin.register(PriceList)
class PriceListAdmin(AskedFromPrices, SiteAdmin):
    form = PriceListForm
    list_display = ("name", "slug", "currency_code", "source", "prices_shown", "sources_shown")
    list_filter = ("source", "currency_code", "site")
    list_filter_sheet = False
    actions_detail = ("why",)
    search_fields = ("name", "slug")
    search_help_text = _("Name or slug")
    readonly_fields = ("prices_page",)
    fieldsets = (
        (
            None,
            {"fields": ("name", ("slug", "currency_code"), ("source", "tax_inclusive_display"), "prices_page")},
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("site", "name", ("slug", "currency_code"), ("source", "tax_inclusive_display"))}),
    )
    inlines = (RuleInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        rows: QuerySet[PriceList] = super().get_queryset(request)
        prices = Price.objects.filter(site=OuterRef("site"), price_list=OuterRef("pk")).order_by()
        counted = prices.values("price_list").annotate(number=Count("pk")).values("number")
        rows = rows.select_related("site").prefetch_related("rules__source_price_list")
        return rows.annotate(price_count=Coalesce(Subquery(counted), 0))

    def get_fieldsets(self, request: HttpRequest, obj: PriceList | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def save_model(self, request: HttpRequest, obj: PriceList, form: Any, change: bool) -> None:
        obj.pk = save_price_list(form, slug=form.initial["slug"] if change else None).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)  # which says what was changed, for the history
            if formset.has_changed():
                save_rules(PriceList.objects.select_related("site").get(pk=form.instance.pk), formset)

    def delete_model(self, request: HttpRequest, obj: PriceList) -> None:
        delete_price_list(site=obj.site, slug=obj.slug)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PriceList]) -> None:
        for price_list in queryset:
            delete_price_list(site=price_list.site, slug=price_list.slug)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Confirmation:
        """What goes, counted: a list may have more prices than a page can name. Sources of other lists stay."""
        lists = list(objs)
        prices = Price.objects.filter(site__in={item.site_id for item in lists}, price_list__in=lists).count()
        users = PriceListRule.objects.filter(source_price_list__in=lists).exclude(price_list=F("source_price_list"))
        protected = [str(rule) for rule in users.select_related("price_list", "source_price_list")]
        return (
            [str(item) for item in lists],
            {str(_("price lists")): len(lists), str(_("prices")): prices},
            set(),
            protected,
        )

    @display(description=_("prices"), ordering="price_count")
    def prices_shown(self, price_list: Any) -> int:
        return int(price_list.price_count)

    @display(description=_("made out of"), empty_value="—")
    def sources_shown(self, price_list: PriceList) -> str:
        return ", ".join(rule.source_price_list.slug for rule in price_list.rules.all())

    @display(description=_("prices"))
    def prices_page(self, price_list: PriceList) -> SafeString:
        address = f"{reverse('admin:pricing_price_changelist')}?price_list__id__exact={price_list.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Prices of this list"))
