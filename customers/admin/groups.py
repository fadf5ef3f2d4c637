"""Customer groups and what they ask of an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import Confirmation, SiteAdmin, SiteInline, SiteModelForm
from core.api.documents import validate
from customers.group_documents import ORDER_TOTALS, GroupChange, GroupSettings, NewGroup
from customers.groups import create_group, delete_group, patch_group, set_group_settings
from customers.models import DEFAULT_GROUP, CustomerGroup, OrderMinimum


class GroupForm(SiteModelForm):
    property_fields = {"parent_slug": "parent"}


class OrderMinimumForm(SiteModelForm):
    money_in: ClassVar[Mapping[str, str]] = {"minimum_value": "currency_code"}


class OrderMinimumInline(SiteInline):
    model = OrderMinimum
    form = OrderMinimumForm
    fields = ("currency_code", "minimum_value", "compare_type")
    verbose_name_plural = _(
        "order minimums: what an order that a customer places has to come to. "
        "In a currency that is not named the group above is asked, at last the group default"
    )


@admin.register(CustomerGroup)
class GroupAdmin(SiteAdmin):
    """Saved through the operations of the API. The group `default` stays."""

    form = GroupForm
    list_display = ("slug", "name", "parent", "price_lists_shown")
    list_select_related = ("parent",)
    list_filter = ("site",)
    search_fields = ("slug", "name")
    inlines = (OrderMinimumInline,)
    fields = ("slug", "name", "parent", "price_lists")
    add_fields = ("site", "slug", "name", "parent", "price_lists")

    @admin.display(description=_("price lists"))
    def price_lists_shown(self, group: CustomerGroup) -> str:
        return ", ".join(group.price_lists)

    def get_fields(self, request: HttpRequest, obj: CustomerGroup | None = None) -> Any:
        return self.fields if obj else self.add_fields

    def get_inlines(self, request: HttpRequest, obj: CustomerGroup | None) -> Any:
        return self.inlines if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: CustomerGroup | None = None) -> list[str]:
        settled = ["slug", *(["parent"] if obj and obj.slug == DEFAULT_GROUP else [])] if obj else []
        return [*super().get_readonly_fields(request, obj), *settled]

    def has_delete_permission(self, request: HttpRequest, obj: CustomerGroup | None = None) -> bool:
        return not (obj and obj.slug == DEFAULT_GROUP) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: CustomerGroup, form: Any, change: bool) -> None:
        parent = form.cleaned_data.get("parent")
        body = {
            "name": form.cleaned_data["name"],
            "parent_slug": parent.slug if parent else DEFAULT_GROUP,
            "price_lists": form.cleaned_data["price_lists"],
        }
        if change:
            patch_group(site=obj.site, slug=obj.slug, document=validate(GroupChange, body))
        else:
            document = validate(NewGroup, body | {"slug": form.cleaned_data["slug"]})
            obj.pk = create_group(site=obj.site, document=document).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)
            if formset.has_changed():
                rows = [row.cleaned_data for row in formset.forms if row not in formset.deleted_forms]
                value = [{name: row[name] for name in OrderMinimumInline.fields} for row in rows if row]
                settings = validate(GroupSettings, [{"key": ORDER_TOTALS, "value": value}])
                set_group_settings(site=form.instance.site, slug=form.instance.slug, settings=settings.root)

    def delete_model(self, request: HttpRequest, obj: CustomerGroup) -> None:
        delete_group(site=obj.site, slug=obj.slug)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CustomerGroup]) -> None:
        for group in queryset.select_related("site").order_by("pk"):
            self.delete_model(request, group)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Confirmation:
        """A group goes with its order minimums, and only when nobody is in it."""
        listed = [_("%(group)s with its order minimums") % {"group": group} for group in objs]
        return listed, {str(_("customer groups")): len(listed)}, set(), []
