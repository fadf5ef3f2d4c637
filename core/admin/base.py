"""What every page of the back office does.

A member of staff sees and chooses rows of their sites only: lists, forms, choices, autocompletes and filters alike;
and changes what the role at the row's site allows (`core.models.StaffRole`).
What the business refuses (`DomainError`) stands in the form as a message, with everything that was typed. Fields that
are worked out (`editable=False`) are shown and cannot be changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, models
from django.forms.utils import pretty_name
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from core.actors import Actor, ActorKind
from core.admin.figures import figures_of, replaced
from core.admin.forms import SiteFormSet, SiteModelForm, without_defaults
from core.admin.lists import BoundedPaginator, RowSelect, SturdyList
from core.admin.refusals import ENTRY, message_of, refusal_of
from core.admin.trail import TrailInHistory
from core.errors import DomainError
from core.models import Site, StaffRole
from core.tenancy import roles_of, sites_of

Confirmation = tuple[list[Any], dict[str, int], set[str], list[Any]]
"""What a page asks before it deletes: what goes, how many of each kind, whose permission is missing, what protects."""


def actor_of(request: HttpRequest, at: Any = None) -> Actor:
    """The member of staff, as the author of what this request changes.

    `at`: a site or a row of it, where lines or applied money may be taken away by managers alone.
    """
    takes_away = at is None or has_role(request, StaffRole.MANAGER, at)
    return Actor(ActorKind.STAFF, request.user.get_username(), takes_away=takes_away)


def path_to_site(model: type[models.Model]) -> str | None:
    """The look-up from a model to its site, or None when its rows belong to no site."""
    if model is Site:
        return "pk"
    try:
        model._meta.get_field("site")
    except FieldDoesNotExist:
        return None
    return "site"


class SiteRelatedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row, offering only rows of the reader's sites."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        path = path_to_site(field.remote_field.model)
        limit = {f"{path}__in": sites_of(request.user)} if path else {}
        ordering = self.field_admin_ordering(field, request, model_admin)
        choices: list[tuple[str, Any]] = field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to=limit
        )
        return choices


def roles_here(request: HttpRequest) -> dict[int, StaffRole]:
    """The reader's role on each of their sites, asked for once per request."""
    known: dict[int, StaffRole] | None = getattr(request, "staff_roles", None)
    if known is None:
        known = roles_of(request.user)
        request.staff_roles = known  # type: ignore[attr-defined]  # kept for the rest of the request
    return known


def sites_here(request: HttpRequest) -> list[int]:
    """The reader's sites, asked for once per request."""
    known: list[int] | None = getattr(request, "staff_sites", None)
    if known is None:
        known = list(sites_of(request.user).order_by("pk").values_list("pk", flat=True))
        request.staff_sites = known  # type: ignore[attr-defined]  # kept for the rest of the request
    return known


def has_role(request: HttpRequest, role: StaffRole, row: Any = None) -> bool:
    """Whether the reader may do at the row's site what this role may; without a row, at any of their sites."""
    if request.user.is_superuser and request.user.is_active:
        return True
    site_id = row.pk if isinstance(row, Site) else getattr(row, "site_id", None)
    sites = _where(request, role)
    return bool(sites) if site_id is None else site_id in sites


def _where(request: HttpRequest, role: StaffRole) -> list[int]:
    """The sites where the reader may do what this role may."""
    return [site_id for site_id, held in roles_here(request).items() if held.includes(role)]


class _Scoped:
    """Rows and choices of the reader's sites, changed by those whose role there allows it."""

    model: type[models.Model]
    form: type[forms.ModelForm] = SiteModelForm
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        field: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 3}), **more}
        for field, more in (
            (models.TextField, {}),
            (models.JSONField, {}),
            # Django's own speaks of arrays, and only English here.
            (ArrayField, {"error_messages": {"item_invalid": ENTRY}}),
        )
    }
    site_path: ClassVar[str] = "site"
    """The look-up from a row to its site, such as `purchase__site`."""
    superusers_change: ClassVar[bool] = False
    """Only superusers add, change and delete; staff read."""
    changed_by: ClassVar[StaffRole] = StaffRole.MANAGER
    """The least role that adds and changes."""
    deleted_by: ClassVar[StaffRole] = StaffRole.MANAGER
    """The least role that deletes."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        queryset: models.QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # a mixin of ModelAdmin
        if request.user.is_superuser and not self.site_path:
            return queryset
        sites = sites_here(request)
        # Said by number: the indexes of lists serve one site, not a query that yields sites.
        if len(sites) == 1:
            return queryset.filter(**{self.site_path: sites[0]})
        if request.user.is_superuser:
            return queryset
        return queryset.filter(**{f"{self.site_path}__in": sites})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._choices(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]  # as above
            kwargs.setdefault("widget", RowSelect(db_field, self.admin_site, using=kwargs.get("using")))  # type: ignore[attr-defined]  # as above
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # as above

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", self._choices(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]  # as above

    def _choices(self, db_field: Any, request: HttpRequest) -> models.QuerySet[Any]:
        related = db_field.remote_field.model
        path = path_to_site(related)
        queryset: models.QuerySet[Any] = related._default_manager.all()
        if path is None:
            return queryset
        site = getattr(request, "site_of_row", None)
        if site is not None:
            return queryset.filter(**{path: site.pk})
        return queryset.filter(**{f"{path}__in": self._sites_to_change(request)})

    def _sites_to_change(self, request: HttpRequest) -> models.QuerySet[Site]:
        """Those of the reader's sites where he may add a row."""
        sites = sites_of(request.user)
        if request.user.is_superuser:
            return sites
        return sites.filter(pk__in=_where(request, self.changed_by))

    def role_for(self, permission: str) -> StaffRole:
        """The least role with this permission; one that is not Django's own is as much as deleting."""
        known = {"view": StaffRole.READ_ONLY, "add": self.changed_by, "change": self.changed_by}
        return known.get(permission, self.deleted_by)

    def _may(self, request: HttpRequest, role: StaffRole, row: Any = None) -> bool:
        if self.superusers_change and role != StaffRole.READ_ONLY:
            return bool(request.user.is_superuser and request.user.is_active)
        return has_role(request, role, row)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, StaffRole.READ_ONLY, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.changed_by, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.changed_by, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.deleted_by, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, StaffRole.READ_ONLY)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Declared ones, and by rule every worked-out field that the page shows."""
        declared = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]  # as above
        shown = self.fields or (flatten_fieldsets(self.fieldsets) if getattr(self, "fieldsets", None) else ())  # type: ignore[attr-defined]  # as above
        derived = {field.name for field in self.model._meta.fields if not field.editable}
        figures = figures_of(self.model, self.form).values() if shown and self._only_read(request, obj) else ()
        return [*declared, *(name for name in shown if name in derived and name not in declared), *figures]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """As declared; who only reads sees decimals as figures."""
        declared = super().get_fieldsets(request, obj)  # type: ignore[misc]  # as above
        return replaced(declared, figures_of(self.model, self.form)) if self._only_read(request, obj) else declared

    def _only_read(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and not self.has_change_permission(request, obj)


class SiteInline(_Scoped, TabularInline):
    """Rows of a page's row."""

    formset: type[SiteFormSet] = SiteFormSet
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """In a table the heading of a column labels nothing for a screen reader: each input says its name itself."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.is_watched = formset.is_watched and self.has_change_permission(request, obj)
        for name, field in formset.form.base_fields.items():
            field.widget.attrs.setdefault("aria-label", field.label or pretty_name(name))
        return formset


class SiteStackedInline(_Scoped, StackedInline):
    """Rows of a page's row, each with a form of several lines."""

    formset: type[SiteFormSet] = SiteFormSet
    extra = 0


class ReadOnly:
    """Before a page or inline: rows that operations wrote, to look at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SiteAdmin(_Scoped, SturdyList, TrailInHistory, ModelAdmin):
    """The base of every page."""

    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    warn_unsaved_form = True
    compressed_fields = False
    conditional_fields: ClassVar[dict[str, str]] = {}  # asked for at every field: one that is missing is searched long
    change_form_before_template = "admin/core/opened_with.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.annotate(site_name=models.F("site__name")) if self.site_path == "site" else rows

    def dated_rows(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Of which the first and the last say what years stand above the list; such as an index has them."""
        return rows

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """To a reader of several sites each row says whose it is."""
        shown = list(super().get_list_display(request))
        if self.site_path == "site" and "site" not in shown and len(sites_here(request)) > 1:
            shown.insert(1, "site_shown")
        return shown

    @display(description=_("site"), ordering="site__name")
    def site_shown(self, row: Any) -> str:
        return str(row.site_name)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Filters by related rows offer only rows of the reader's sites, without each page saying so."""
        return [self._scoped_filter(declared) for declared in super().get_list_filter(request)]

    def _scoped_filter(self, declared: Any) -> Any:
        if not isinstance(declared, str) or "__" in declared:
            return declared
        try:
            field = self.model._meta.get_field(declared)
        except FieldDoesNotExist:
            return declared
        return (declared, SiteRelatedFilter) if field.is_relation else declared

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row. Raises Http404: unknown and not visible are one answer."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # Choices of an existing row are those of its site. A new row's are those of all sites of the reader; the form
        # then compares them with the site that was chosen.
        request.site_of_row = getattr(obj, "site", None)  # type: ignore[attr-defined]  # for `_choices`
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        sites = sites_of(request.user)[:2]
        if len(sites) == 1:
            initial.setdefault("site", sites[0].pk)
        return initial

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        for form in (context["adminform"].form, *(form for formset in formsets for form in formset.forms)):
            without_defaults(form.instance)
        return super().render_change_form(request, context, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A refusal rolls everything back and comes back as the form that was sent, with messages."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (DomainError, DatabaseError) as error:
            request.refusal = refusal_of(error)  # type: ignore[attr-defined]  # for `get_form`
            return super().changeform_view(request, *args, **kwargs)

    def has_press_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether the buttons of a row's page are the reader's to press; of a row nobody finds it says nothing."""
        return self.may_press(request, object_id, role=self.changed_by)

    def may_press(self, request: HttpRequest, object_id: str | None, *, role: StaffRole) -> bool:
        """The same of buttons that are for this role and those above it."""
        if self.superusers_change or request.user.is_superuser:
            return bool(request.user.is_superuser)
        sites = _where(request, role)
        if len(sites) in (0, len(roles_here(request))):
            return bool(sites)
        rows = self.get_queryset(request).exclude(**{f"{self.site_path}__in": sites})
        return not (object_id and object_id.isdecimal() and rows.filter(pk=object_id).exists())

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Each reaches rows of those sites alone where the reader's role allows it."""
        actions: dict[str, Any] = super().get_actions(request)
        return {name: (self._within_role(run), *rest) for name, (run, *rest) in actions.items()}

    def _within_role(self, run: Callable[..., Any]) -> Callable[..., Any]:
        roles = [self.role_for(permission) for permission in getattr(run, "allowed_permissions", ())]

        @wraps(run)
        def limited(page: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
            if self.superusers_change:  # rows of no site, and the action is offered to superusers alone
                return run(page, request, queryset)
            sites = [site.pk for site in sites_of(request.user) if all(has_role(request, role, site) for role in roles)]
            return run(page, request, queryset.filter(**{f"{self.site_path}__in": sites}))

        return limited

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._with_messages(request, super().delete_view, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        return self._with_messages(request, super().changelist_view, context)

    def _with_messages(self, request: HttpRequest, view: Callable[..., Any], *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = view(request, *args, **kwargs)
            return response
        except (DomainError, DatabaseError) as error:
            if request.method != "POST":
                raise
            for fault in refusal_of(error).faults:
                messages.error(request, message_of(fault))
            return HttpResponseRedirect(request.get_full_path())
