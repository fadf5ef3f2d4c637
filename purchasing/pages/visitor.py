"""Who is looking: a signed-in customer of one site, or staff who act for one; and the doorman before every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from core.acting import act_as
from core.actors import Actor, ActorKind
from core.errors import NotPermitted
from core.models import Site, User
from core.site_settings import Settings, settings_of
from core.tenancy import site_of_host
from customers.masquerades import SESSION_KEY as MASQUERADE_KEY
from customers.masquerades import current_masquerade
from customers.models import Customer, CustomerQuerySet, Masquerade
from purchasing.models import Purchase
from purchasing.models.purchase import PurchaseQuerySet
from purchasing.pages.interrupted import Interrupted, come_back, keep_typed
from purchasing.pages.language import speak
from purchasing.pages.navigation import page_behind
from purchasing.pages.reader import Reader, clock_of, locale_of

CUSTOMER_KEY = "account_customer"
"""In the session: the customer it stands for; None after a sign-in that has still to choose one."""

SEVERAL_KEY = "account_several"
"""In the session: whether the login stood for several customers when it signed in, so that it may choose another."""

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
    masquerade: Masquerade | None = None
    """Of the member of staff who acts for the customer; None: it is the customer himself."""
    interrupted: Interrupted | None = None
    """What he has tried to send from this page when his session had ended."""

    @property
    def actor(self) -> Actor:
        """The author of what is done here: a member of staff stays the author of what he does for the customer."""
        if self.masquerade is None:
            return self.customer.actor
        return Actor(ActorKind.STAFF, self.masquerade.staff_email)

    @property
    def picked_key(self) -> str:
        """Where the session keeps `picked`: not in one place for the customer himself and for staff."""
        return picked_key(self.masquerade)

    def check_in_person(self) -> None:
        """Raises NotPermitted when staff act for the customer: this is his own, as his name, e-mail and people are."""
        if self.masquerade is not None:
            raise NotPermitted(str(_("Only the customer himself does this.")), code="not-in-person")

    @property
    def sees_several(self) -> bool:
        """Whether his lists are of several companies, so that each row says of which."""
        return self.customer.is_sales_agent and self.picked is None

    @property
    def buyers(self) -> list[int]:
        """Whose purchases lists show: of all whom he sees, or of the customer he has picked."""
        if self.picked is None:
            return Customer.objects.visible_to(self.customer).numbers()
        return Customer.objects.numbers_buying_with(self.picked, reader=self.customer)

    @property
    def buyers_known(self) -> list[int] | None:
        """`buyers`, but None where that is everybody of the site."""
        return self.buyers if self.picked else Customer.objects.numbers_visible_to(self.customer)

    @property
    def purchases(self) -> PurchaseQuerySet:
        """What lists show. One purchase that he sees opens whomever he has picked."""
        visible = Purchase.objects.visible_to(self.customer)
        return visible if self.picked is None else visible.of_customers(self.buyers)

    @property
    def people(self) -> list[Customer]:
        """Who buys for the company whose orders he sees, by name; nobody where there is no one company."""
        if self.picked is None and not self.customer.is_main_user:
            return []
        # By their numbers: of a query that yields them PostgreSQL expects so many that it would read all customers.
        rows = Customer.objects.for_site(self.site).filter(pk__in=self.buyers)
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


def picked_key(masquerade: Masquerade | None) -> str:
    return f"{PICKED_KEY}_{masquerade.pk}" if masquerade else PICKED_KEY


def visitor_of(request: HttpRequest) -> Visitor | None:
    """The customer whom the session stands for, as long as he is active and the host is his site's.

    Else him for whom a manager of his site acts, on any host of the back office.
    """
    masquerade = current_masquerade(session=request.session, user=request.user, now=timezone.now())
    request.masquerade = masquerade  # type: ignore[attr-defined]  # every page says so, refusals too
    customer = masquerade.customer if masquerade else _signed_in(request)
    if customer is None:
        return None
    person = request.user
    assert isinstance(person, User)  # nobody else stands for a customer
    speak(request, person)
    settings = settings_of(customer.site)
    picked = None
    key = picked_key(masquerade)
    if customer.is_sales_agent and key in request.session:
        seen = Customer.objects.for_site(customer.site).present().visible_to(customer)
        picked = seen.filter(pk=request.session[key]).first()
    reader = Reader(locale_of(request), settings.time_zone, clock_of(person))
    return Visitor(customer, reader, settings, picked, masquerade)


def _signed_in(request: HttpRequest) -> Customer | None:
    number = request.session.get(CUSTOMER_KEY)
    if number is None or not isinstance(request.user, User):
        return None
    customers = customers_of_login(request.user, site_of_host(request)).select_related("site")
    return customers.filter(pk=number).first()


def refuse_masquerade(request: HttpRequest) -> None:
    """For pages that need no sign-in. Raises NotPermitted when staff act for a customer (`Visitor.check_in_person`)."""
    if visitor := visitor_of(request):
        visitor.check_in_person()


def _led_to(elsewhere: HttpResponseRedirect, request: HttpRequest) -> HttpResponseBase:
    """The whole page, where a part of it was asked for."""
    return HttpResponseClientRedirect(elsewhere.url) if is_partial(request) else elsewhere


def for_customers(
    view: Callable[Concatenate[HttpRequest, Visitor, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets customers in; sends anybody else to sign in and back to the page asked for, with what he typed there.

    Staff who acted for a customer and may not any more are sent back to the back office.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        acted = MASQUERADE_KEY in request.session
        visitor = visitor_of(request)
        if visitor is not None and (visitor.masquerade or not acted):
            act_as(visitor.actor)
            if request.method == "GET" and (interrupted := come_back(request)):
                visitor = replace(visitor, interrupted=interrupted)
            return view(request, visitor, *args, **kwargs)
        if acted:
            messages.warning(request, str(_("You do not act for the customer any more.")))
            return _led_to(redirect("admin:index"), request)
        page = _page_of(request)
        answer = _led_to(redirect_to_login(page, reverse("account:login")), request)
        if request.method == "POST":
            keep_typed(request, answer, page=page)
        return answer

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
    """A page for a customer; `visitor` and `reader` are known to its template.

    What he typed before his session ended stands in its forms again, and the page says that nothing was sent.
    """
    if visitor.interrupted:
        visitor.interrupted.fill(context.values())
        messages.warning(request, str(visitor.interrupted.after_signing_in))
    return render(request, template, {**context, "visitor": visitor, "reader": visitor.reader}, status=status)


def is_partial(request: HttpRequest) -> bool:
    """Whether a script asks for a part of a page that it already shows."""
    return bool(getattr(request, "htmx", False))


def _page_of(request: HttpRequest) -> str:
    """The page in the reader's address bar, on this host; of a button or a file the page that leads to it.

    A browser that is led to a file after signing in stays on the sign-in, as if that had failed.
    """
    shown = getattr(getattr(request, "htmx", None), "current_url_abs_path", None)
    if shown and url_has_allowed_host_and_scheme(shown, allowed_hosts=None):
        return str(shown)
    match, query = request.resolver_match, request.META["QUERY_STRING"]
    if match and (page := page_behind(match.url_name or "", match.kwargs)):
        return f"{page}?{query}" if query else page
    return request.get_full_path()
