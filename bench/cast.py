"""Who asks and what is asked for: taken from what is stored, and made where it is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.test import Client as Browser
from django.urls import reverse

from bench.load import Client
from bench.scenarios import FIRST_NUMBER, PAGE, PER_ROUND, PER_RUN, SEARCHES, large_purchase
from core.api.cursors import cursor_of
from core.models import Site, StaffMembership, User
from customers.models import AccountEntry, Customer
from purchasing.demo.load import load_test_site
from purchasing.demo.ten_lines import visible_id
from purchasing.models import Purchase
from purchasing.models.package import LineItem
from purchasing.pages.visitor import CUSTOMER_KEY
from purchasing.store.listing import DEFAULT_ORDER

BUSY = 200
"""Customers whose lists are asked for, at most: those with the most purchases."""
STAFF, BUYER = "staff@load-test.example", "buyer@load-test.example"
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cast:
    """`first`: the first number of this run. `deep`: a cursor for each customer who is busy, half-way down his list."""

    first: int
    customers: Sequence[str]
    busy: Sequence[str]
    deep: Mapping[str, str]
    largest: str
    entries: int
    searches: Mapping[str, Sequence[str]]
    staff: Headers
    buyer: Headers
    new_buyer: Headers
    large_purchase: str
    small_purchase: str


def find_cast(program: Client, *, searches: int) -> Cast:
    """Everything that calls are made of, on a database that `bench.fill` has filled; `searches` of each kind."""
    site = load_test_site()
    first = _first_of_run(site)
    most = AccountEntry.objects.filter(site=site).values("account__customer").annotate(rows=Count("*"))
    largest = most.order_by("-rows", "account__customer")[0]
    smallest = most.filter(rows__lt=PAGE).order_by("rows", "account__customer").first() or largest
    staff = Browser(SERVER_NAME="localhost")
    staff.force_login(_member_of_staff(site))
    customers = Customer.objects.for_site(site).order_by("id")
    busy = _busy(site)
    cast = Cast(
        first=first,
        customers=[customer.public_id for customer in customers],
        busy=list(busy),
        deep=busy,
        largest=customers.get(pk=largest["account__customer"]).public_id,
        entries=largest["rows"],
        searches=_searches(site, searches),
        staff=_cookies(staff),
        buyer=_cookies(sign_in_buyer(customers.get(pk=largest["account__customer"]))),
        new_buyer=_cookies(sign_in_buyer(customers.get(pk=smallest["account__customer"]))),
        large_purchase=_office_page(program, first + PER_RUN - 1, customers[0], packages=20, lines=10),
        small_purchase=_office_page(program, first + PER_RUN - 2, customers[0], packages=1, lines=1),
    )
    connection.close()
    return cast


def sign_in_buyer(customer: Customer) -> Browser:
    """A browser in which the customer's login has signed in; he gets one when he has none."""
    person = customer.user
    if person is None:
        person, _made = User.objects.get_or_create(email=f"{customer.pk}.{BUYER}")
        Customer.objects.filter(pk=customer.pk).update(user=person)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(person)
    session = browser.session
    session[CUSTOMER_KEY] = customer.pk
    session.save()
    return browser


def _first_of_run(site: Site) -> int:
    """Behind the numbers of all runs that this database has seen."""
    ours = Purchase.objects.for_site(site).filter(visible_id__gte=visible_id(FIRST_NUMBER))
    last = ours.aggregate(last=Max("visible_id"))["last"]
    runs = (int(last.removeprefix("LT")) - FIRST_NUMBER) // PER_RUN + 1 if last else 0
    return FIRST_NUMBER + runs * PER_RUN


def _busy(site: Site) -> dict[str, str]:
    """Customers with at least two pages, each with the cursor of the place half-way down his list."""
    found: dict[str, str] = {}
    counted = Purchase.objects.for_site(site).present().values("customer").annotate(rows=Count("*"))
    for row in counted.filter(rows__gte=2 * PAGE).order_by("-rows", "customer")[:BUSY]:
        of_customer = Purchase.objects.for_site(site).present().filter(customer=row["customer"])
        place = of_customer.order_by("-ordered_at", "-id")[row["rows"] // 2 - 1]
        public_id = Customer.objects.get(pk=row["customer"]).public_id
        found[public_id] = cursor_of(DEFAULT_ORDER.name, place.ordered_at, place.pk)
    return found


def _searches(site: Site, count: int) -> dict[str, list[str]]:
    """Texts of each kind, from purchases spread evenly over all that were filled."""
    filled = Purchase.objects.for_site(site).present().filter(visible_id__lt=visible_id(FIRST_NUMBER))
    filled = filled.exclude(visible_id="").exclude(customer_reference="").order_by("pk")
    step = max(1, filled.count() // count)
    chosen = list(filled.values_list("pk", "visible_id", "customer_reference")[::step])[:count]
    skus = [
        LineItem.objects.for_site(site)
        .filter(purchase=pk)
        .exclude(sku="")
        .order_by("pk")
        .values_list("sku", flat=True)[0]
        for pk, _visible, _reference in chosen
    ]
    texts = {
        "a number": [visible for _pk, visible, _reference in chosen],
        "its beginning": [visible[:-2] for _pk, visible, _reference in chosen],
        "a PO": [reference for _pk, _visible, reference in chosen],
        "its beginning or a word": [reference[: max(4, len(reference) - 2)] for _pk, _visible, reference in chosen],
        "a SKU": skus,
        "the beginning of SKUs": [sku.rpartition("-")[0] or sku[:4] for sku in skus],
        "a word": (["rope", "climbing", "whitby", "keswick"] * count)[:count],
        "the beginning of a word": (["rop", "climb", "whit", "kesw"] * count)[:count],
        "two words": (["climbing rope", "rope whitby", "outdoor rope", "trading keswick"] * count)[:count],
    }
    assert tuple(texts) == SEARCHES
    return texts


def _office_page(program: Client, number: int, customer: Customer, *, packages: int, lines: int) -> str:
    program.answer(large_purchase(number, customer.public_id, packages=packages, lines=lines))
    purchase = Purchase.objects.for_site(load_test_site()).get(visible_id=visible_id(number))
    return reverse("admin:purchasing_purchase_change", args=[purchase.pk])


def _member_of_staff(site: Site) -> User:
    found = User.objects.filter(email=STAFF).first()
    if found is None:
        found = User.objects.create_user(STAFF, None, name="Benchmark", is_staff=True)
        StaffMembership.objects.create(site=site, user=found)
    return found


def _cookies(browser: Browser) -> Headers:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"}


def numbers_of(cast: Cast, number: int, count: int) -> range:
    """Those of a round."""
    start = cast.first + number * PER_ROUND
    return range(start, start + count)
