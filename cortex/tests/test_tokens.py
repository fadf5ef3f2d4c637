"""/cortex/oauth2/tokens: who gets a token, what it opens, how it ends."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from core.models import AccessToken, Site
from core.sign_in import FAILURES
from cortex.tests.walker import FORM, MOUNT, TOKENS, Walker, href, rels, sign_in, token_for, walker_of
from customers.models import Customer
from tests.callers import ApiCaller, make_client, make_person_caller, make_token
from tests.cast import PASSWORD, make_buyer, make_order


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


def asked(buyer: Customer, **fields: str) -> Any:
    known = {"grant_type": "password", "role": "REGISTERED", "scope": buyer.site.slug}
    known |= {"username": buyer.email, "password": PASSWORD}
    return sign_in(**{name: value for name, value in (known | fields).items() if value != "-"})


def ids(answer: Any) -> list[str]:
    return [message["id"] for message in answer.json()["messages"]]


def test_a_password_gives_a_token(buyer: Customer) -> None:
    answer = asked(buyer)
    body = answer.json()
    token = body.pop("access_token")
    expected = {"token_type": "bearer", "expires_in": 3600, "scope": buyer.site.slug, "role": "REGISTERED"}
    assert (answer.status_code, body, answer["Cache-Control"]) == (200, expected, "no-store")
    assert rels(Walker(token).root()) == ["defaultprofile", "lookups", "purchases"]
    assert asked(buyer, role="-").json()["role"] == "REGISTERED"


def test_a_visitor_sees_what_is_nobody_s(site: Site, buyer: Customer) -> None:
    order = make_order(site, buyer, identifiers={"visible": "V-1"})
    answer = sign_in(grant_type="password", role="PUBLIC", scope=site.slug)
    assert (answer.status_code, answer.json()["role"]) == (200, "PUBLIC")
    visitor, customer = Walker(answer.json()["access_token"]), walker_of(buyer)
    assert rels(visitor.root()) == ["lookups"]
    assert rels(visitor.follow("lookups")) == ["purchaselookupform"]
    form = visitor.follow("lookups", "purchaselookupform")
    assert form == customer.follow("lookups", "purchaselookupform")
    for address, status in ((href(customer.root(), "purchases"), 403), (href(customer.root(), "defaultprofile"), 403)):
        assert visitor.ask("GET", address).status_code == status
    elsewhere = href(customer.root(), "defaultprofile").replace(f"/{site.slug}/", "/summit-outdoor/")
    assert visitor.ask("GET", elsewhere).status_code == 404
    for number in (order.number, "none"):
        answer = visitor.look_up(number)
        assert (answer.status_code, len(answer.json()["messages"])) == (404, 1)


@pytest.mark.parametrize(
    ("fields", "status", "expected"),
    [
        ({"password": "wrong"}, 401, ["invalid.grant"]),
        ({"username": "nobody@example.com"}, 401, ["invalid.grant"]),
        ({"scope": "nowhere"}, 401, ["invalid.grant"]),
        ({"scope": "nowhere", "role": "PUBLIC"}, 401, ["invalid.grant"]),
        ({"grant_type": "client_credentials"}, 400, ["unsupported.grant.type"]),
        ({"grant_type": "-"}, 400, ["field.required"]),
        ({"scope": "-", "username": "-", "password": ""}, 400, ["field.required"] * 3),
        ({"role": "ADMIN"}, 400, ["field.invalid.format"]),
        ({"username": "x" * 2000}, 400, ["field.invalid.size"]),
    ],
)
def test_what_gives_no_token(buyer: Customer, fields: dict[str, str], status: int, expected: list[str]) -> None:
    answer = asked(buyer, **fields)
    assert (answer.status_code, ids(answer)) == (status, expected)
    assert {"error", "error_description", "messages", "links"} == answer.json().keys()
    assert AccessToken.objects.count() == 0


def test_a_customer_of_another_site_only_is_nobody_here(buyer: Customer, other_site: Site) -> None:
    wrong, unknown = asked(buyer, password="wrong"), asked(buyer, scope=other_site.slug)
    assert (unknown.status_code, unknown.content) == (401, wrong.content)


def test_guessing_ends_here_too(buyer: Customer, api: ApiCaller) -> None:
    for _ in range(FAILURES):
        assert asked(buyer, password="wrong").status_code == 401
    answer = asked(buyer)
    assert (answer.status_code, answer["Retry-After"], ids(answer)) == (429, "900", ["too.many.attempts"])
    body = {"grant_type": "password", "username": buyer.email, "password": PASSWORD}
    assert ApiCaller({"Site-Id": buyer.site.slug}).post("/api/auth/token", json=body).status_code == 429


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"grant_type=password&grant_type=password", FORM, 400),
        (b"grant_type=%00", FORM, 400),
        (b"grant_type=\xff%ff", FORM, 400),
        (b"x=" + b"y" * 70_000, FORM, 413),
        (b"", FORM, 415),
    ],
)
def test_bodies_that_are_no_such_form(db: None, body: bytes, content_type: str, status: int) -> None:
    answer = Client().post(TOKENS, body, content_type=content_type)
    assert answer.status_code == status
    assert answer.json()["messages"][0]["type"] == "error"


def test_a_token_opens_its_own_face_alone(buyer: Customer, site: Site) -> None:
    ours = asked(buyer).json()["access_token"]
    program = make_token(make_client(site)[0])
    persons = make_person_caller(site, buyer.user).headers["Authorization"]  # type: ignore[arg-type]
    answer = ApiCaller({"Site-Id": site.slug, "Authorization": f"Bearer {ours}"}).get("/api/v1/purchases")
    unknown = ApiCaller({"Site-Id": site.slug, "Authorization": "Bearer unknown"}).get("/api/v1/purchases")
    assert (answer.status_code, answer.content) == (401, unknown.content)
    refused = Walker("unknown").ask("GET", MOUNT)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    for token in (program, persons.removeprefix("Bearer ")):
        answer = Walker(token).ask("GET", MOUNT)
        assert (answer.status_code, answer.content) == (401, refused.content)


def test_it_ends_when_it_is_told_to(buyer: Customer, site: Site) -> None:
    api = Walker(asked(buyer).json()["access_token"])
    v1 = make_person_caller(site, buyer.user)  # type: ignore[arg-type]
    assert Walker().ask("DELETE", f"http://testserver{TOKENS}").status_code == 204
    assert (
        Walker(v1.headers["Authorization"].removeprefix("Bearer ")).ask("DELETE", MOUNT + "/oauth2/tokens").status_code
        == 204
    )
    assert v1.get("/api/v1/purchases").status_code == 200
    assert api.root()
    assert api.ask("DELETE", MOUNT + "/oauth2/tokens").content == b""
    assert api.ask("GET", MOUNT).status_code == 401
    assert api.ask("PUT", MOUNT + "/oauth2/tokens").status_code == 405


def test_it_ends_with_the_customer_and_with_the_password(buyer: Customer) -> None:
    api = walker_of(buyer)
    assert api.root()
    Customer.objects.filter(pk=buyer.pk).update(status="inactive")
    assert api.ask("GET", MOUNT).status_code == 401
    Customer.objects.filter(pk=buyer.pk).update(status="active")
    assert api.root()
    assert buyer.user
    buyer.user.set_password("another long secret")
    buyer.user.save()
    assert api.ask("GET", MOUNT).status_code == 401


def test_a_form_is_not_read_from_the_query(buyer: Customer) -> None:
    fields = {"grant_type": "password", "scope": buyer.site.slug, "role": "PUBLIC"}
    assert Client().post(f"{TOKENS}?{urlencode(fields)}", b"", content_type=FORM).status_code == 415
    token = token_for(buyer.site, buyer.user)
    assert Client().get(f"/cortex?access_token={token}").status_code == 401


def test_a_token_that_was_ended_in_another_process_opens_nothing_from_then_on(buyer: Customer) -> None:
    token = token_for(buyer.site, buyer.user)
    api = Walker(token)
    api.root()
    AccessToken.objects.all()._raw_delete(AccessToken.objects.db)  # as this process hears nothing of it
    assert api.ask("GET", MOUNT).status_code == 401
