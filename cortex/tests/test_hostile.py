"""Whatever is sent to this face, the answer is one of its own: messages, quickly, and never a fault of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from core.api.renderer import dump_json
from core.models import Site
from cortex.ids import encode
from cortex.table import TABLE
from cortex.tests.walker import FORM, MOUNT, Walker, walker_of
from customers.models import Customer
from tests.cast import make_buyer, make_order
from tests.seeds import IS_SETTLED

LITTLE = settings(
    max_examples=60,
    deadline=None,
    derandomize=IS_SETTLED,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NASTY: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    " ",
    "\0",
    "\ud800",
    "ü" * 300,
    "o_0",
    "o_99999999999999999999",
    "' OR 1=1 --",
    "../..",
    [],
    {},
    [[[]]],
    {"purchase-number": "V-1"},
]
FORMS = ["/purchases/{scope}/lookups/form", "/purchases/orders/{scope}/{order}/form"]


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def api(site: Site, buyer: Customer) -> Walker:
    make_order(site, buyer, type="quote", identifiers={"visible": "V-1"})
    return walker_of(buyer)


def told(answer: Any) -> int:
    """The status; a refusal has messages and links and says nothing of what is inside."""
    status: int = answer.status_code
    assert status < 500, answer.content
    if status >= 400 and answer["Content-Type"] == "application/json":
        body = answer.json()
        assert {"messages", "links"} <= body.keys()
        assert all(message.keys() >= {"type", "id", "debug-message", "data"} for message in body["messages"])
        assert b"Traceback" not in answer.content
        assert b"psycopg" not in answer.content
    return status


def address(site: Site, template: str) -> str:
    return MOUNT + template.format(scope=site.slug, order=encode("1"))


@LITTLE
@given(
    body=st.binary(max_size=200) | st.sampled_from([b"{" * 70, b'{"a":' * 70, b"[1,2", b'{"a": 1e999}', b"\xff\xfe"]),
    content_type=st.sampled_from(
        ["application/json", FORM, "text/html", "multipart/form-data; boundary=x", "", "json"]
    ),
    accept=st.sampled_from(["application/json", "text/html", "*/*", "text/html;q=x", ""]),
    template=st.sampled_from([*FORMS, "/oauth2/tokens", "/signin", "/signout", "/"]),
)
def test_bytes_that_are_no_document(
    api: Walker, site: Site, body: bytes, content_type: str, accept: str, template: str
) -> None:
    told(api.ask("POST", address(site, template), body, content_type=content_type, Accept=accept))


@pytest.mark.parametrize("value", NASTY, ids=repr)
def test_spoilt_documents(api: Walker, site: Site, value: Any) -> None:
    try:
        body = dump_json({"purchase-number": value})
    except TypeError:  # what has no form in our own JSON
        body = b'{"purchase-number": "\\ud800"}' if isinstance(value, str) else b'{"purchase-number": 1e40}'
    assert told(api.ask("POST", address(site, FORMS[0]), body)) in (400, 404)


@LITTLE
@given(part=st.binary(min_size=1, max_size=40), template=st.sampled_from([row.template for row in TABLE.values()]))
@example(part=b"\0", template="/purchases/{scope}/{purchase}")
@example(part=b"giydcojw=", template="/purchases/{scope}/{purchase}")
@example(part=b"\xed\xa0\x80", template="/purchases/{scope}/{purchase}")
def test_addresses(api: Walker, site: Site, part: bytes, template: str) -> None:
    name = quote_from_bytes(part, safe="")
    names = dict.fromkeys(("purchase", "order", "line", "option", "value", "payment", "shipment", "delivery"), name)
    names |= {"profile": name, "address": name, "item": name, "page": name, "scope": site.slug}
    status = told(api.ask("GET", MOUNT + template.format(**names)))
    assert status in (200, 400, 404)


@LITTLE
@given(
    key=st.text(max_size=30), template=st.sampled_from([row.template for row in TABLE.values() if "}" in row.template])
)
@example(key="1\0", template="/purchases/{scope}/{purchase}")
@example(key="0", template="/purchases/{scope}/{purchase}")
@example(key="9" * 30, template="/purchases/{scope}/{purchase}")
@example(key="٣", template="/purchases/{scope}/pages/{page}")
def test_ids_of_any_key(api: Walker, site: Site, key: str, template: str) -> None:
    name = encode(key.encode("utf-8", "replace").decode())
    parts = ("purchase", "order", "line", "option", "value", "payment", "shipment", "delivery", "profile", "address")
    names = dict.fromkeys((*parts, "item", "page"), name) | {"scope": site.slug}
    assert told(api.ask("GET", MOUNT + template.format(**names))) in (200, 404)


@LITTLE
@given(
    name=st.sampled_from(["zoom", "format", "followlocation", "page", "%00", "\u00fc"]),
    value=st.binary(max_size=40).map(lambda value: quote_from_bytes(value, safe="")),
)
def test_parameters(api: Walker, name: str, value: str) -> None:
    assert told(api.ask("GET", f"{MOUNT}?{quote_from_bytes(name.encode())}={value}")) in (200, 400)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \udcff"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "bearer x, Bearer y"},
        {"x-ep-user-traits": "LOCALE=" + "x" * 5000},
        {"x-ep-user-traits": "LOCALE=en-GB-oed-x-y-z, , =;"},
        {"x-ep-account-shared-id": "\x00"},
        {"x-ep-account-shared-id": "cu_99999999999999999999"},
        {"Accept": "text/html;q=1e9, ;;;"},
        {"Accept-Language": "," * 3000},
        {"Cookie": "cortex_token=x; csrftoken=y"},
        {"Host": "evil.example"},
        {"Content-Length": "-5"},
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_headers(api: Walker, headers: dict[str, str], accept: str) -> None:
    sent = {"Authorization": f"Bearer {api.token}", "Accept": accept} | headers
    answer = Client().get("/cortex", headers=sent, RAW_URI="/cortex")
    assert told(answer) in (200, 400, 401, 404)
    assert b"evil.example" not in answer.content


def test_no_other_method_does_anything(api: Walker, site: Site) -> None:
    for template in (*FORMS, "/", "/none"):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            answer = api.ask(method, address(site, template), X_HTTP_Method_Override="GET")
            assert told(answer) in (404, 405)
