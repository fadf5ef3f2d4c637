"""`/account/details/`: a customer's own name, and the e-mail of his login, which only he changes, by a mailed link."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core.api.documents import validate
from core.models import User
from core.retries import in_transaction
from core.site_settings import time_zones
from core.time_zones import zones_of_places
from customers.documents import CustomerChange
from customers.logins import change_login_email, choose_language, new_email_in
from customers.models import Customer
from customers.operations import patch_customer
from purchasing.pages.fields import choice_field, email_field, text_field
from purchasing.pages.language import remember_language, speak
from purchasing.pages.mails import mail_later
from purchasing.pages.refusals import carried_out
from purchasing.pages.visitor import Visitor, for_customers, render_page
from purchasing.store.link_mails import LinkMail


class NameForm(forms.Form):
    title = text_field(_("Title"), most=30, autocomplete="honorific-prefix")
    first_name = text_field(_("First name"), most=128, required=True, autocomplete="given-name")
    last_name = text_field(_("Last name"), most=128, required=True, autocomplete="family-name")


class LanguageForm(forms.Form):
    """The time zone is one of a place, or that which the person has already, whatever it is called."""

    language = choice_field(_("Language"), [("", _("As my browser says")), *settings.LANGUAGES], required=False)
    time_zone = choice_field(
        _("Time zone"), (), required=False, help_text=_("Of times. The days of lists and statements are the shop's.")
    )

    def __init__(self, login: User, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"language": login.language, "time_zone": login.time_zone})
        names = zones_of_places()
        if login.time_zone in time_zones() and login.time_zone not in names:
            names = (login.time_zone, *names)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("As the shop's")), *((name, name.replace("_", " ")) for name in names)]


class EmailForm(forms.Form):
    """The new e-mail, and the password of who asks for it: an open page of somebody else is not enough."""

    email = email_field(_("New e-mail"), autocomplete="email")
    password = forms.CharField(
        label=_("Your password"),
        max_length=4_096,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        self.request = request

    def clean_password(self) -> str:
        """Raises TooManyAttempts as signing in does."""
        password: str = self.cleaned_data["password"]
        if authenticate(self.request, username=_login(self.request).email, password=password) is None:
            raise forms.ValidationError(_("This is not your password."))
        return password


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def details(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    visitor.check_in_person()
    customer = visitor.customer
    form = NameForm(request.POST or None, initial=_names(customer))

    def work() -> None:
        patch_customer(
            site=visitor.site,
            customer_id=customer.public_id,
            document=validate(CustomerChange, form.cleaned_data),
            actor=customer.actor,
            now=timezone.now(),
        )

    if form.is_valid() and carried_out(form, work):
        messages.success(request, str(_("The changes are saved.")))
        return redirect("account:details")
    login = _login(request)
    return _details(request, visitor, form, LanguageForm(login))


def _details(request: HttpRequest, visitor: Visitor, form: NameForm, language: LanguageForm) -> HttpResponse:
    context = {"form": form, "language_form": language, "login": _login(request)}
    return render_page(request, visitor, "account/details.html", context)


@require_POST
@for_customers
def set_language(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Keep the language and the time zone of the person, and say so in that language."""
    visitor.check_in_person()
    login = _login(request)
    form = LanguageForm(login, request.POST)
    if not form.is_valid():
        return _details(request, visitor, NameForm(initial=_names(visitor.customer)), form)
    choose_language(user=login, **form.cleaned_data)
    speak(request, login)
    messages.success(request, str(_("The changes are saved.")))
    answer = redirect("account:details")
    remember_language(answer, login)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def new_email(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Asks for another e-mail: a link goes there, and nothing changes before it is opened. Says so for any e-mail."""
    visitor.check_in_person()
    form = EmailForm(request)
    if form.is_valid():
        login, email = _login(request), form.cleaned_data["email"]
        mail_later(request, LinkMail.NEW_EMAIL, site=visitor.site, user_id=login.pk, email=email)
        messages.success(request, str(_("We are mailing a link to the new e-mail. Open it to confirm.")))
        return redirect("account:details")
    return render_page(request, visitor, "account/details_email.html", {"form": form, "login": _login(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def confirm_email(request: HttpRequest, visitor: Visitor, text: str) -> HttpResponse:
    """Where the mailed link leads, for who has signed in with the login that asked for it."""
    visitor.check_in_person()
    login = _login(request)
    before, email = login.email, new_email_in(text, user=login)
    if email is None:
        return render_page(request, visitor, "account/details_email_over.html", {}, status=404)
    form = forms.Form({} if request.method == "POST" else None)

    def work() -> None:
        change_login_email(user=login, email=email)
        mail_later(request, LinkMail.EMAIL_CHANGED, site=visitor.site, user_id=login.pk, email=before)

    if form.is_valid() and carried_out(form, lambda: in_transaction(work)):
        messages.success(request, str(_("Your e-mail is changed. Sign in with it from now on.")))
        return redirect("account:details")
    context = {"form": form, "email": email, "login": login}
    return render_page(request, visitor, "account/details_email_confirm.html", context)


def _names(customer: Customer) -> dict[str, str]:
    return {name: getattr(customer, name) for name in NameForm.base_fields}


def _login(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # a visitor has signed in
    return request.user
