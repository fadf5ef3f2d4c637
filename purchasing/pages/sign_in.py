"""Signing in and out of My account, choosing a customer, and setting a password by a mailed link.

Attempts are limited by `core.sign_in`. A session stands for one customer of one site.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.auth.views import (
    LoginView,
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
    RedirectURLMixin,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from core.asked_links import may_be_mailed
from core.models import User
from core.sign_in import address_of
from core.tenancy import site_of_host
from customers.masquerades import SESSION_KEY as MASQUERADE_KEY
from customers.masquerades import end_masquerade
from customers.models import Customer, CustomerQuerySet
from purchasing.pages.fields import email_field
from purchasing.pages.interrupted import hand_on, kept_typed
from purchasing.pages.language import remember_language
from purchasing.pages.mails import mail_later
from purchasing.pages.visitor import CUSTOMER_KEY, PICKED_KEY, SEVERAL_KEY, customers_of_login, refuse_masquerade
from purchasing.store.link_mails import LinkMail


class SignInForm(AuthenticationForm):
    """E-mail (as `username`) and password of a login that stands for an active customer here."""

    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unknown = _("This e-mail and this password do not belong together. Look at both, and try again.")
        self.error_messages = {**self.error_messages, "invalid_login": unknown}
        email = self.fields["username"]
        email.label = _("E-mail")
        email.widget = forms.EmailInput(
            attrs={"autofocus": True, "autocomplete": "username", "class": "form-control", "maxlength": 255}
        )
        self.fields["password"].widget.attrs["class"] = "form-control"

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        self.customers = list(customers_of_login(user, site_of_host(self.request)))
        if not self.customers:
            raise ValidationError(_("This e-mail has no active customer account here."), code="no_customer")


class SignIn(LoginView):
    """`/account/login/`: `username`, `password` and `next`, which is followed on this host only."""

    template_name = "account/login.html"
    authentication_form = SignInForm
    next_page = "account:home"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        assert isinstance(form, SignInForm)
        end_masquerade(session=self.request.session, now=timezone.now())
        # Nothing of an earlier session is taken over, not even of the same person's as staff.
        self.request.session.flush()
        login(self.request, form.get_user())
        address = self.get_success_url()
        self.request.session[SEVERAL_KEY] = len(form.customers) > 1
        if len(form.customers) == 1:
            self.request.session[CUSTOMER_KEY] = form.customers[0].pk
        else:
            self.request.session[CUSTOMER_KEY] = None
            address = f"{reverse('account:choose')}?{urlencode({'next': address})}"
        answer = HttpResponseRedirect(address)
        hand_on(self.request, answer, page=self.get_redirect_url())
        person = form.get_user()
        if person.language:
            remember_language(answer, person)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        interrupted = kept_typed(self.request, page=self.get_redirect_url())
        told = {"site_of_host": site_of_host(self.request), "interrupted": interrupted}
        return {**super().get_context_data(**kwargs), **told}


class ChooseForm(forms.Form):
    """Which of the login's customers this session stands for."""

    customer = forms.ModelChoiceField(queryset=Customer.objects.none())

    def __init__(self, *args: Any, customers: CustomerQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["customer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = customers


class Choose(RedirectURLMixin, FormView):
    """`/account/choose/`: for a login of several customers, after it has signed in, and whenever it wants another."""

    template_name = "account/choose.html"
    form_class = ChooseForm
    next_page = "account:home"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_open = request.session.get(CUSTOMER_KEY, 0) is None or request.session.get(SEVERAL_KEY, False)
        if not is_open or MASQUERADE_KEY in request.session or not isinstance(request.user, User):
            return HttpResponseRedirect(reverse("account:home"))
        self.customers = customers_of_login(request.user, site_of_host(request)).select_related("site")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "customers": self.customers}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "customers": self.customers,
            "next": self.get_redirect_url(),
        }

    def form_valid(self, form: ChooseForm) -> HttpResponse:
        # What he has picked as a sales agent is another customer's.
        self.request.session.pop(PICKED_KEY, None)
        self.request.session[CUSTOMER_KEY] = form.cleaned_data["customer"].pk
        return HttpResponseRedirect(self.get_success_url())


class InPerson:
    """Before a view that sets a password or leads to it: not for staff who act for a customer."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refuse_masquerade(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin of views
        return answer


class LinkForm(PasswordResetForm):
    email = email_field(_("E-mail"), autocomplete="email")


class AskForLink(InPerson, PasswordResetView):
    """`/account/password/`: mails a link to set the password, and says the same whether the e-mail is known or not.

    How often: `core.asked_links`.
    """

    template_name = "account/password.html"
    success_url = reverse_lazy("account:password_sent")
    form_class = LinkForm

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Takes as long for an e-mail that nobody has. Raises TooManyLinks."""
        email, site = form.cleaned_data["email"], site_of_host(self.request)
        if may_be_mailed(email=email, address=address_of(self.request), now=timezone.now()):
            login = next(iter(form.get_users(email)), None)
            mail_later(self.request, LinkMail.PASSWORD, site=site, user_id=login.pk if login else None)
        return HttpResponseRedirect(self.get_success_url())


class LinkSent(PasswordResetDoneView):
    template_name = "account/password_sent.html"


class SetPassword(InPerson, PasswordResetConfirmView):
    """Under the mailed link; good for one use."""

    template_name = "account/password_set.html"
    success_url = reverse_lazy("account:password_done")


class PasswordDone(PasswordResetCompleteView):
    template_name = "account/password_done.html"
