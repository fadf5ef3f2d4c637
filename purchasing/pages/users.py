"""`/account/users/`: the people of a company, for its main users: invited, given a role, let in or kept out."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.ids import CUSTOMER, number_of
from core.models import User
from core.paging import page_number, page_of
from core.retries import in_transaction
from customers.company_users import ROLES, add_company_user, change_company_user, may_be_changed
from customers.logins import accept_invitation, invited, login_for
from customers.models import Customer, CustomerQuerySet
from purchasing.pages.fields import choice_field, email_field, text_field
from purchasing.pages.labels import Label
from purchasing.pages.mails import mail_later
from purchasing.pages.refusals import carried_out
from purchasing.pages.visitor import Visitor, for_main_users, refuse_masquerade, render_page
from purchasing.store.link_mails import LinkMail

PAGE_SIZE = 100
ROLE_WORDS: dict[str, Promise] = {
    "": _("Buys for himself"),
    Customer.Role.MAIN: _("Main user"),
    Customer.Role.LIMITED: _("Needs approval"),
    Customer.Role.SALES_AGENT: _("Sales agent"),
    Customer.Role.SALES_ADMIN: _("Sales agent"),
}
STATES = {
    Customer.Status.PENDING: Label(_("Not let in yet"), "secondary"),
    Customer.Status.INACTIVE: Label(_("Kept out"), "secondary"),
    Customer.Status.REJECTED: Label(_("Kept out"), "secondary"),
}
SIGNED_UP = Label(_("Signs in"), "success")
NOT_SIGNED_UP = Label(_("Has not signed up"), "warning")
ROLE_HELP = _("A main user sees the whole company and decides; who needs approval waits for him.")


@dataclass(frozen=True, slots=True)
class Person:
    customer: Customer
    role: Promise
    state: Label
    can_change: bool
    can_invite: bool


class InvitationForm(forms.Form):
    """Who is invited, and as what."""

    first_name = text_field(_("First name"), most=128, required=True)
    last_name = text_field(_("Last name"), most=128, required=True)
    email = email_field(_("E-mail"))
    role = choice_field(_("Role"), [(role, ROLE_WORDS[role]) for role in ROLES], required=False, help_text=ROLE_HELP)


class PersonForm(forms.Form):
    """What a main user may change of a colleague."""

    role = choice_field(_("Role"), [(role, ROLE_WORDS[role]) for role in ROLES], required=False, help_text=ROLE_HELP)
    is_active = forms.BooleanField(
        label=_("May sign in"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input d-block"})
    )


@require_safe
@for_main_users
def users(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    rows = _people(visitor).order_by("last_name", "first_name", "pk")
    page = page_of(
        lambda limit, offset: [_person(customer, visitor) for customer in rows[offset : offset + limit]],
        number=page_number(request.GET.get("page", "")),
        size=PAGE_SIZE,
    )
    return render_page(request, visitor, "account/users.html", {"page": page, "query": ""})


@require_http_methods(["GET", "HEAD", "POST"])
@for_main_users
def invite(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    visitor.check_in_person()
    form = InvitationForm(request.POST or None)

    def work() -> None:
        customer = add_company_user(site=visitor.site, by=visitor.customer, **form.cleaned_data)
        _mail_invitation(request, visitor, customer)

    if form.is_valid():
        asked = dict(form.cleaned_data)
        if carried_out(form, lambda: in_transaction(work)):
            _say_invited(request)
            return redirect("account:users")
        if before := _invited_before(visitor, **asked):
            messages.info(request, str(_("This person was invited already.")))
            return redirect("account:user", before.public_id)
    return render_page(request, visitor, "account/user_invite.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_main_users
def user(request: HttpRequest, visitor: Visitor, customer_id: str) -> HttpResponse:
    """One of them; what only the merchant changes is shown without a form."""
    if request.method == "POST":
        visitor.check_in_person()
    person = _person(_one(visitor, customer_id), visitor)
    customer = person.customer
    initial = {"role": customer.role, "is_active": customer.status == Customer.Status.ACTIVE}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)

    def work() -> None:
        change_company_user(site=visitor.site, by=visitor.customer, customer_id=customer.pk, **form.cleaned_data)

    if form.is_valid() and carried_out(form, work):
        messages.success(request, str(_("The changes are saved.")))
        return redirect("account:users")
    return render_page(request, visitor, "account/user.html", {"form": form, "person": person})


@require_POST
@for_main_users
def invite_again(request: HttpRequest, visitor: Visitor, customer_id: str) -> HttpResponse:
    """Another mail to somebody who has not signed up."""
    visitor.check_in_person()
    person = _person(_one(visitor, customer_id), visitor)
    if not person.can_invite:
        raise Http404
    _mail_invitation(request, visitor, person.customer)
    _say_invited(request)
    return redirect("account:users")


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, invitation: str) -> HttpResponse:
    """Where the mailed link leads: sets a password, or joins a login that there is, and leads to signing in."""
    refuse_masquerade(request)
    customer = invited(invitation)
    if customer is None:
        return render(request, "account/invitation_over.html", status=404)
    login = login_for(customer.email)
    has_login = login is not None and login.has_usable_password()
    who = login or User(email=customer.email, name=customer.full_name)
    sent = request.POST if request.method == "POST" else None
    form = forms.Form(sent) if has_login else _password_form(who, sent)

    def work() -> None:
        accept_invitation(invitation, password=None if has_login else form.cleaned_data["new_password1"])

    if form.is_valid() and carried_out(form, work):
        said = (
            _("You are in. Sign in with the password you have.") if has_login else _("Your password is set. Sign in.")
        )
        messages.success(request, str(said))
        return redirect("account:login")
    context = {"form": form, "customer": customer, "has_login": has_login}
    return render(request, "account/invitation.html", context)


def _password_form(who: User, sent: QueryDict | None) -> SetPasswordForm:
    form = SetPasswordForm(who, sent)
    for field in form.fields.values():
        field.widget.attrs["class"] = "form-control"
    return form


def _mail_invitation(request: HttpRequest, visitor: Visitor, customer: Customer) -> None:
    mail_later(request, LinkMail.INVITATION, site=visitor.site, customer_id=customer.pk, by_id=visitor.customer.pk)


def _say_invited(request: HttpRequest) -> None:
    messages.success(request, str(_("The invitation is on its way.")))


def _people(visitor: Visitor) -> CustomerQuerySet:
    return Customer.objects.for_site(visitor.site).present().family_of(visitor.customer)


def _invited_before(visitor: Visitor, *, email: str, **asked: str) -> Customer | None:
    """Who is in the company as just this form asks, by a first click or a colleague, and has not signed up."""
    waiting = _people(visitor).filter(user=None, status=Customer.Status.ACTIVE)
    return waiting.filter(email__iexact=email, **asked).first()


def _one(visitor: Visitor, customer_id: str) -> Customer:
    """By our id alone; who is not of the company answers as who does not exist."""
    number = number_of(CUSTOMER, customer_id)
    if number is None:
        raise Http404
    customer: Customer = get_object_or_404(_people(visitor), pk=number)
    return customer


def _person(customer: Customer, visitor: Visitor) -> Person:
    acted_for = visitor.masquerade is not None
    has_not_signed_up = customer.user_id is None and customer.status == Customer.Status.ACTIVE
    usual = Customer.Role.MAIN if customer.is_main_user else customer.role
    signed_up = SIGNED_UP if customer.user_id else NOT_SIGNED_UP
    return Person(
        customer,
        ROLE_WORDS[usual],
        STATES.get(Customer.Status(customer.status), signed_up),
        can_change=not acted_for and customer.pk != visitor.customer.pk and may_be_changed(customer),
        can_invite=not acted_for and may_be_changed(customer) and has_not_signed_up,
    )
