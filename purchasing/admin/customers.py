"""The page of a customer with what purchases and prices know of him: credit, prices, the person's data."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from core.admin import actor_of, carried_out
from core.admin.dialogs import dialog_page
from core.admin.display import money
from core.downloads import zip_download
from core.models import StaffRole
from core.site_settings import settings_of
from customers.admin import CustomerAdmin
from customers.admin.buttons import page_of_customer
from customers.entry_words import What
from customers.models import Customer
from customers.printing import WHATS
from purchasing.admin.asked_price import AskForm, asked_context
from purchasing.admin.invitation import is_invitable, mail_invitation
from purchasing.credit import Credit, Part, read_credit
from purchasing.erasing import erase_customer
from purchasing.models import Purchase
from purchasing.personal_data import personal_data
from purchasing.store.link_mails import LinkMail, links_not_mailed

MOST_ROWS = 200
"""Of one part, oldest first; of more it is told how many they are."""
PARTS = {
    Part.ENTRIES: (_("Opening and manual entries"), _("What was posted besides orders. Used.")),
    Part.CHARGES: (_("Orders that are charged"), _("The charge, less what was paid for the order. Used.")),
    Part.BALANCE: (_("Balance"), _("What is owed by the books of another system. Used.")),
    Part.COMMITTED: (_("Committed"), _("On account and not charged yet: what is due, less what was paid.")),
}
NOT_MAILED = {
    LinkMail.INVITATION: _("The invitation could not be mailed for a day. Check the e-mail and invite once more."),
    LinkMail.PASSWORD: _("A link to set a new password could not be mailed for a day. Check the e-mail."),
    LinkMail.NEW_EMAIL: _("A link to confirm a new e-mail could not be mailed for a day."),
    LinkMail.EMAIL_CHANGED: _("The former e-mail could not be told for a day that it was changed."),
}


class EraseForm(forms.Form):
    """What cannot be taken back is confirmed by typing the customer's id."""

    confirmation = forms.CharField(max_length=20, label=_("Our id of the customer"), widget=UnfoldAdminTextInputWidget)

    def __init__(self, customer: Customer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.fields["confirmation"].help_text = _("Type %(id)s to confirm.") % {"id": customer.public_id}

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"].strip()
        if typed != self.customer.public_id:
            raise forms.ValidationError(_("Type %(id)s, or leave by Cancel.") % {"id": self.customer.public_id})
        return typed


admin.site.unregister(Customer)


@admin.register(Customer)
class CustomerPageAdmin(CustomerAdmin):
    actions_detail = (
        "statement",
        "credit",
        "price",
        "new_quote",
        "entry",
        {"title": _("More"), "items": ["log_in_as", "invite", "export_person", "erase"]},
    )
    only_looks = CustomerAdmin.only_looks | {"credit", "export-person", "erase"}

    def get_readonly_fields(self, request: HttpRequest, obj: Customer | None = None) -> list[str]:
        erased = ["erased_at", "erased_by"] if obj and obj.erased_at else []
        return [*super().get_readonly_fields(request, obj), *erased]

    def get_fieldsets(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        return (*shown, (_("Erased"), {"fields": (("erased_at", "erased_by"),)})) if obj and obj.erased_at else shown

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Mails with links have no row of their own: those that failed in the end are told here."""
        customer = options.get("obj")
        if customer is not None and request.method == "GET":
            for mail in links_not_mailed(customer):
                messages.warning(request, NOT_MAILED[mail])
        response: HttpResponse = super().render_change_form(request, context, **options)
        return response

    @action(description=pgettext_lazy("of a customer", "Credit"), url_path="credit")
    def credit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Limit, used, committed and what is available, each with its rows."""
        customer = self.get_object(request, object_id)
        account = Customer.objects.for_site(customer.site).account_of(customer)
        credit = read_credit(
            site_id=customer.site_id,
            account_id=account.pk,
            settings=settings_of(customer.site),
            most_rows=MOST_ROWS,
        )
        context = {
            **self._about(request, customer, _("Credit of %(customer)s") % {"customer": customer}),
            "account": account,
            "credit": credit,
            "figures": _figures(credit),
            "parts": _parts(credit),
        }
        return TemplateResponse(request, "admin/customers/credit.html", context)

    @action(description=_("What it costs"), url_path="price")
    def price(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the customer pays for a SKU, and why."""
        customer = self.get_object(request, object_id)
        form = AskForm(request.GET if "sku" in request.GET else None)
        context = {
            **self._about(request, customer, _("What it costs for %(customer)s") % {"customer": customer}),
            "form": form,
        }
        if form.is_valid():
            context |= asked_context(customer, sku=form.cleaned_data["sku"], quantity=form.cleaned_data["quantity"])
        return TemplateResponse(request, "admin/customers/price.html", context)

    def has_quote_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Quotes are purchases: who changes those makes them."""
        return self.may_press(request, object_id, role=StaffRole.CLERK)

    @action(description=_("New quote"), url_path="new-quote", permissions=["quote"])
    def new_quote(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Leads to the page of a new quote, with the customer filled in."""
        customer = self.get_object(request, object_id)
        if customer.deleted_at is not None:
            messages.info(request, _("A deleted customer is only looked at."))
            return HttpResponseRedirect(page_of_customer(customer))
        return HttpResponseRedirect(f"{reverse('admin:purchasing_purchase_new_quote')}?customer={customer.pk}")

    @action(description=_("Invite to My account"), url_path="invite", permissions=["press"])
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Mails a link; the person who opens it is tied to the customer."""
        customer = self.get_object(request, object_id)
        page = page_of_customer(customer)
        if not is_invitable(customer):
            messages.info(request, _("Only an active customer without a login can be invited."))
            return HttpResponseRedirect(page)
        form = forms.Form(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._invite(request, customer)
            return HttpResponseRedirect(page)
        return dialog_page(
            self,
            request,
            form=form,
            title=_("Invite to My account: %(customer)s") % {"customer": customer},
            explanation=_("A link is mailed to %(email)s. Who opens it sets a password and may sign in.")
            % {"email": customer.email},
            submit=_("Invite"),
            back=page,
        )

    def _invite(self, request: HttpRequest, customer: Customer) -> None:
        try:
            mail_invitation(request, customer)
        except (SMTPException, OSError):
            messages.error(request, _("The invitation could not be mailed. Try again later."))
            return
        self.log_change(request, customer, str(_("Invited to My account.")))
        messages.success(request, _("The invitation was mailed to %(email)s.") % {"email": customer.email})

    @action(description=_("Export the person's data"), url_path="export-person", permissions=["press"])
    def export_person(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A ZIP of everything that is kept."""
        customer = self.get_object(request, object_id)
        self.log_change(request, customer, str(_("The person's data was exported.")))
        return zip_download(personal_data(site=customer.site, customer=customer), name=customer.public_id)

    @action(description=_("Erase the person"), url_path="erase", permissions=["press"])
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the customer's id, as there is no way back."""
        customer = self.get_object(request, object_id)
        page = page_of_customer(customer)
        form = EraseForm(customer, request.POST if request.method == "POST" else None)
        if form.is_valid() and carried_out(form, lambda: self._erase(request, customer)):
            return HttpResponseRedirect(page)
        return dialog_page(
            self,
            request,
            form=form,
            title=_("Erase the person: %(customer)s") % {"customer": customer},
            explanation=_(
                "Names, addresses, e-mail, phones, attributes and the texts of payments become 'erased' in the "
                "customer, all purchases with their revisions, comments and the record. Amounts, dates, identifiers "
                "and the ledger stay. The login ends. Nobody can take this back."
            ),
            submit=_("Erase for good"),
            back=page,
        )

    def _erase(self, request: HttpRequest, customer: Customer) -> None:
        erased = erase_customer(
            site=customer.site, customer_id=customer.public_id, actor=actor_of(request), now=timezone.now()
        )
        self.log_change(request, erased.customer, str(_("The person was erased.")))
        told = _("The person was erased; %(count)s purchases name the customer.")
        messages.success(request, told % {"count": erased.purchases})

    def _about(self, request: HttpRequest, customer: Customer, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "customer": customer,
            "back": page_of_customer(customer),
        }


def _figures(credit: Credit) -> list[tuple[Any, Any]]:
    if not credit.on_account:
        return [(_("On account"), _("may not buy on account"))]
    code = credit.currency_code
    if code is None:
        return [(_("Currency"), _("nothing says in which currency the limit is"))]
    limit = _("no limit") if credit.limit is None else money(credit.limit, code)
    available = _("no limit") if credit.available is None else money(credit.available, code)
    return [
        (_("Limit"), limit),
        (_("Used"), money(credit.used, code)),
        (_("Committed"), money(credit.committed, code)),
        (_("Available"), available),
    ]


def _parts(credit: Credit) -> list[dict[str, Any]]:
    parts = []
    for part, (text, explanation) in PARTS.items():
        rows = credit.of(part)
        if not rows or credit.currency_code is None:
            continue
        code = credit.currency_code
        shown = [
            {
                "text": WHATS[What(row.kind)] if part is Part.ENTRIES else _kind_text(row.kind),
                "reference": row.reference,
                "link": reverse("admin:purchasing_purchase_change", args=[row.id]) if row.spark_id else None,
                "figure": money(row.figure, code),
                "net_paid": money(row.net_paid, code),
                "amount": money(row.amount, code),
            }
            for row in rows
        ]
        total = money(credit.sum_of(part).amount, code)
        more = credit.sum_of(part).rows - len(shown)
        parts.append(
            {"name": part.value, "text": text, "explanation": explanation, "rows": shown, "total": total, "more": more}
        )
    return parts


def _kind_text(kind: str) -> str:
    return str(dict(Purchase._meta.get_field("type").flatchoices).get(kind, kind.capitalize()))
