"""Who reads: the customer behind a person's token, and nothing that is not opened to him."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import forget_accesses
from core.api.permissions import HasScope
from core.api.views import ApiView
from core.models import ApiClient, Site, User
from customers.api.reader import ReaderApiView
from customers.models import Customer
from tests.callers import ApiCaller, make_person_caller
from tests.cast import make_buyer


class Opened(ReaderApiView):
    required_scopes = ("orders",)
    person_methods = ("GET", "POST")

    def get(self, request: Request) -> Response:
        return Response({"reader": self.reader and self.reader.public_id, "actor": str(self.actor)})

    post = put = get


class Closed(ReaderApiView):
    required_scopes = ("orders",)

    def get(self, request: Request) -> Response:
        return Response({})


class Careless(ApiView):
    required_scopes = ("orders",)
    person_methods = ("GET",)

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [
    path("api/opened", Opened.as_view()),
    path("api/closed", Closed.as_view()),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def person(site: Site, buyer: Customer) -> ApiCaller:
    assert buyer.user
    return make_person_caller(site, buyer.user)


def test_a_person_is_the_customer_of_his_login(person: ApiCaller, buyer: Customer) -> None:
    answer = person.get("/api/opened")
    assert answer.json() == {"reader": buyer.public_id, "actor": f"customer:{buyer.public_id}"}


def test_a_program_is_nobody(api: ApiCaller) -> None:
    assert api.get("/api/opened").json() == {"reader": None, "actor": "client:ERP"}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/opened", 200),
        ("HEAD", "/api/opened", 200),
        ("OPTIONS", "/api/opened", 204),
        ("POST", "/api/opened", 200),
        ("PUT", "/api/opened", 403),
        ("PATCH", "/api/opened", 405),
        ("GET", "/api/closed", 403),
        ("HEAD", "/api/closed", 403),
        ("OPTIONS", "/api/closed", 403),
    ],
)
def test_what_a_view_does_not_open_is_closed(person: ApiCaller, method: str, path: str, expected: int) -> None:
    assert person.request(method, path, body=b"{}").status_code == expected


def test_the_scope_is_needed_too(site: Site, buyer: Customer) -> None:
    assert buyer.user
    caller = make_person_caller(site, buyer.user, scopes=["customers.read"])
    answer = caller.get("/api/opened")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "scope-missing")


def test_a_view_that_does_not_ask_who_reads_cannot_be_opened(buyer: Customer) -> None:
    request: Any = SimpleNamespace(method="GET", auth=SimpleNamespace(person=buyer.user, scopes={"orders.read"}))
    with pytest.raises(ImproperlyConfigured, match="Careless is open to persons"):
        HasScope().has_permission(request, Careless())


def _end_login(customer: Customer) -> None:
    assert customer.user
    customer.user.is_active = False
    customer.user.save()


ENDS: dict[str, Callable[[Customer], Any]] = {
    "inactive": lambda customer: Customer.objects.filter(pk=customer.pk).update(status="inactive"),
    "pending": lambda customer: Customer.objects.filter(pk=customer.pk).update(status="pending"),
    "deleted": lambda customer: Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now()),
    "untied": lambda customer: Customer.objects.filter(pk=customer.pk).update(user=None),
    "login ended": _end_login,
    "login deleted": lambda customer: User.objects.filter(customers=customer).delete(),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_customer_ends_his_token_at_once(person: ApiCaller, buyer: Customer, end: str) -> None:
    assert person.get("/api/opened").status_code == 200

    ENDS[end](buyer)

    assert person.get("/api/opened").status_code == 401


def test_a_login_is_nobody_where_it_has_no_customer(other_site: Site, buyer: Customer) -> None:
    assert buyer.user
    assert make_person_caller(other_site, buyer.user).get("/api/opened").status_code == 401


def test_a_site_has_one_built_in_client(site: Site, other_site: Site) -> None:
    built_in = {ApiClient.objects.built_in(which).pk for which in (site, other_site, site)}
    assert len(built_in) == 2
    assert not ApiClient.objects.programs().filter(pk__in=built_in)


def test_a_person_remembered_is_asked_for_in_one_query(person: ApiCaller, django_assert_num_queries: Any) -> None:
    forget_accesses()
    person.get("/api/opened")
    with django_assert_num_queries(1):
        person.get("/api/opened")
