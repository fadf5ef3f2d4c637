"""Who is looking: a signed-in customer of one site, and the doorman before every page that is his."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from core.models import Site, User
from core.site_settings import Settings, settings_of
from core.tenancy import site_of_host
from customers.models import Customer, CustomerQuerySet
from purchasing.models import Purchase
from purchasing.models.purchase import PurchaseQuerySet
from purchasing.pages.language import speak
from purchasing.pages.reader import Reader, clock_of, locale_of

CUSTOMER_KEY = "account_customer"
"""In the session: the customer it stands for; None after a sign-in that has still to choose one."""

PICKED_KEY = "account_picked"
"""In the session of a sales agent: the customer whose purchases his lists show."""

_NAMES = ("first_name", "last_name", "company_name")
Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer with a live session, and how pages are written for him."""

    customer: Customer
    reader: Reader
    settings: Settings
    picked: Customer | None = None
    """Whose purchases a sales agent wants to see; None: those of all whom he sees."""

    @property
    def buyers(self) -> list[int]:
        """Whose purchases lists show: of all whom he sees, or of the customer he has picked."""
        if self.picked is None:
            return Customer.objects.visible_to(self.customer).numbers()
        return Customer.objects.numbers_buying_with(self.picked, reader=self.customer)

    @property
    def purchases(self) -> PurchaseQuerySet:
        """What lists show. One purchase that he sees opens whomever he has picked."""
        visible = Purchase.objects.visible_to(self.customer)
        return visible if self.picked is None else visible.of_customers(self.buyers)

    @property
    def people(self) -> list[Customer]:
        """Who buys for the company whose orders he sees, by name; nobody where there is no one company."""
        if self.picked is not None:
            rows = Customer.objects.for_site(self.site).filter(pk__in=self.buyers)
        elif self.customer.is_main_user:
            rows = Customer.objects.visible_to(self.customer)
        else:
            return []
        return list(rows.only(*_NAMES).order_by("first_name", "last_name", "pk"))

    @property
    def site(self) -> Site:
        return self.customer.site

    @property
    def today(self) -> date:
        """Where the site is."""
        return timezone.now().astimezone(self.settings.time_zone).date()


def customers_of_login(user: User, site: Site | None) -> CustomerQuerySet:
    """Whom this login may stand for: active customers, on a host of a site only those of that site."""
    customers = Customer.objects.of_login(user)
    return customers.for_site(site) if site else customers


def visitor_of(request: HttpRequest) -> Visitor | None:
    """The customer whom the session stands for, as long as he is active and the host is his site's."""
    number = request.session.get(CUSTOMER_KEY)
    if number is None or not isinstance(request.user, User):
        return None
    customers = customers_of_login(request.user, site_of_host(request)).select_related("site")
    customer = customers.filter(pk=number).first()
    if customer is None:
        return None
    speak(request, request.user)
    settings = settings_of(customer.site)
    picked = None
    if customer.is_sales_agent and PICKED_KEY in request.session:
        seen = Customer.objects.for_site(customer.site).present().visible_to(customer)
        picked = seen.filter(pk=request.session[PICKED_KEY]).first()
    return Visitor(customer, Reader(locale_of(request), settings.time_zone, clock_of(request.user)), settings, picked)


def for_customers(
    view: Callable[Concatenate[HttpRequest, Visitor, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets customers in; sends anybody else to sign in and back to the page asked for."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        visitor = visitor_of(request)
        if visitor is not None:
            return view(request, visitor, *args, **kwargs)
        to_login = redirect_to_login(_page_of(request), reverse("account:login"))
        return HttpResponseClientRedirect(to_login.url) if is_partial(request) else to_login

    return guarded


def for_main_users(
    view: Callable[Concatenate[HttpRequest, Visitor, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """As `for_customers`; to a customer who is no main user there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, visitor: Visitor, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not visitor.customer.is_main_user:
            raise Http404
        return view(request, visitor, *args, **kwargs)

    return for_customers(guarded)


def render_page(
    request: HttpRequest, visitor: Visitor, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for a customer; `visitor` and `reader` are known to its template."""
    return render(request, template, {**context, "visitor": visitor, "reader": visitor.reader}, status=status)


def is_partial(request: HttpRequest) -> bool:
    """Whether a script asks for a part of a page that it already shows."""
    return bool(getattr(request, "htmx", False))


def _page_of(request: HttpRequest) -> str:
    """The page in the reader's address bar, on this host."""
    shown = getattr(getattr(request, "htmx", None), "current_url_abs_path", None)
    if shown and url_has_allowed_host_and_scheme(shown, allowed_hosts=None):
        return str(shown)
    return request.get_full_path()
