"""E-mails about purchases: what was sent, what waits, and what could not be sent, to be sent again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import ReadOnly, SiteAdmin
from core.admin.base import has_role
from core.admin.display import page_of
from core.models import StaffRole
from customers.models import Customer
from purchasing import store
from purchasing.models import PurchaseMail


@admin.register(PurchaseMail)
class MailAdmin(ReadOnly, SiteAdmin):
    list_display = ("kind", "purchase_shown", "state", "noted_at", "done_at", "attempts", "fault")
    list_filter = ("state", "kind", "site")
    list_filter_sheet = False
    search_fields = ("purchase__visible_id", "purchase__internal_id", "purchase__platform_id")
    search_help_text = _("Purchase number")
    date_hierarchy = "noted_at"
    ordering = ("-id",)
    fields = (
        "kind",
        "purchase_shown",
        "subject",
        "state",
        "told_shown",
        ("noted_at", "done_at"),
        ("attempts", "fault"),
    )
    readonly_fields = ("purchase_shown", "told_shown")
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseMail]:
        rows: QuerySet[PurchaseMail] = super().get_queryset(request)
        return rows.select_related("purchase").defer("purchase__header", "purchase__contents", "purchase__words")

    def role_for(self, permission: str) -> StaffRole:
        return StaffRole.CLERK if permission == "resend" else super().role_for(permission)

    def has_resend_permission(self, request: HttpRequest, obj: PurchaseMail | None = None) -> bool:
        return has_role(request, self.role_for("resend"), obj)

    @admin.action(description=_("Send the selected e-mails that failed again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[PurchaseMail]) -> None:
        failed = queryset.filter(state=PurchaseMail.State.FAILED).order_by("site_id", "pk")
        chosen: dict[int, list[int]] = {}
        for site_id, mail_id in failed.values_list("site_id", "pk"):
            chosen.setdefault(site_id, []).append(mail_id)
        count = sum(store.send_again(site_id=site_id, mail_ids=mail_ids) for site_id, mail_ids in chosen.items())
        messages.success(request, _("%(count)s will be sent.") % {"count": count})

    @display(description=_("purchase"), ordering="purchase__visible_id")
    def purchase_shown(self, mail: PurchaseMail) -> SafeString | str:
        return page_of(mail.purchase)

    @display(description=_("told"), empty_value=_("Nobody"))
    def told_shown(self, mail: PurchaseMail) -> str | None:
        told = Customer.objects.filter(site=mail.site_id, pk__in=mail.told).order_by("pk")
        return ", ".join(f"{customer.full_name} ({customer})" for customer in told) or None
