"""POST /api/v1/customers."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.api.answers import WrittenCustomerAnswer
from customers.models import Customer
from customers.tests.cast import make_address, make_customer
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"
TOM = {"first_name": "Tom", "last_name": "Jones", "email": "Tom.jones@climbing.com"}
SAMPLE: dict[str, Any] = {
    "title": "Mr",
    **TOM,
    "company_name": "Tom Jones Climbing Ltd",
    "external_id": "XXXX00123",
    "accounting_id": "XXXX00123",
    "status": "pending",
    "group": "default",
    "default_billing_address_id": "ca_1234",
    "default_shipping_address_id": "ca_1234",
    "currency_code": "gbp",
    "sales_agent_groups": ["south-west-uk"],
    "price_lists": ["b2b_gb_gbp_123"],
    "vatin_numbers": ["GB999999973"],
    "discount_percentage": 100,
    "tax_exempt": False,
    "payment_by_invoice": None,
    "payment_on_account": None,
    "metadata": None,
    "parent_customer_id": "string",
}
"""The reference's own request; its three ids are placeholders."""


def faults(answer: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


def test_the_reference_s_request_is_answered_with_its_members(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head", external_id="HEAD")
    address = make_address(head, external_id="QUAY")
    named = {
        "default_billing_address_id": address.public_id,
        "default_shipping_address_id": "QUAY",
        "parent_customer_id": "HEAD",
    }

    answer = api.post(CUSTOMERS, json=SAMPLE | named)

    assert answer.status_code == 200
    customer = Customer.objects.get(email=TOM["email"])
    same = {name: value for name, value in SAMPLE.items() if name != "parent_customer_id"}
    body = answer.json()
    assert body.pop("created_at").endswith("Z")
    assert body.pop("updated_at").endswith("Z")
    assert body == same | {
        "id": customer.public_id,
        "addresses": [],
        "default_billing_address_id": address.public_id,
        "default_shipping_address_id": address.public_id,
        "parent_customer": {"id": head.public_id, "external_id": "HEAD"},
        "role": None,
        "available_shipping_addresses": [],
        "balances": [],
        "warnings": [],
    }


def test_only_names_and_e_mail_are_needed(api: ApiCaller) -> None:
    answer = api.post(CUSTOMERS, json=TOM)

    assert answer.status_code == 200
    body = answer.json()
    expected = {"status": "active", "group": "default", "role": "main", "currency_code": None, "tax_exempt": False}
    assert {name: body[name] for name in expected} == expected
    assert (body["parent_customer"], body["payment_on_account"], body["external_id"]) == (None, None, "")


def test_the_answer_has_the_members_that_the_schema_declares(api: ApiCaller) -> None:
    body = api.post(CUSTOMERS, json=TOM | {"payment_on_account": {}}).json()

    assert WrittenCustomerAnswer.model_validate(body).model_dump(mode="json").keys() == body.keys()
    assert list(body) == list(WrittenCustomerAnswer.model_fields)


def test_every_fault_is_named_at_once(api: ApiCaller) -> None:
    body = {
        "first_name": "x" * 129,
        "last_name": None,
        "email": "nobody",
        "status": "asleep",
        "sales_agent_groups": ["south-west-uk", "no spaces"],
        "vatin_numbers": ["GB999999973", "GB999999974"],
        "discount_percentage": 101,
        "payment_on_account": {"credit_limit": -1},
        "external_id": "cu_7",
        "currency_code": "XXX",
    }

    answer = api.post(CUSTOMERS, json=body)

    assert answer.status_code == 400
    assert set(faults(answer)) == {
        ("too-long", "first_name"),
        ("invalid", "last_name"),
        ("invalid", "email"),
        ("invalid", "status"),
        ("invalid", "sales_agent_groups[1]"),
        ("invalid", "vatin_numbers[1]"),
        ("invalid", "discount_percentage"),
        ("invalid", "payment_on_account.credit_limit"),
        ("reserved-prefix", "external_id"),
        ("invalid", "currency_code"),
    }
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("email", None, "invalid"),
        ("email", "tom@", "invalid"),
        ("email", f"{'x' * 250}@example.com", "too-long"),
        ("first_name", "", "too-short"),
        ("first_name", 12, "invalid"),
        ("title", "x" * 31, "too-long"),
        ("group", "x" * 31, "too-long"),
        ("external_id", "x" * 256, "too-long"),
        ("parent_customer_id", "x" * 256, "too-long"),
        ("group", "unheard-of", "resource-not-found"),
        ("parent_customer_id", "cu_999999", "resource-not-found"),
        ("parent_customer_id", "NOBODY", "resource-not-found"),
        ("parent_customer_id", "cu_", "resource-not-found"),
        ("default_billing_address_id", "ca_999999", "resource-not-found"),
        ("default_shipping_address_id", "NOWHERE", "resource-not-found"),
        ("tax_exempt", "yes", "invalid"),
        ("price_lists", "one", "invalid"),
        ("price_lists", ["x" * 65], "too-long"),
        ("price_lists", ["x"] * 1001, "too-many"),
        ("role", "boss", "invalid"),
        ("payment_on_account", True, "invalid"),
        ("discount_percentage", 0.12345678901234567, "invalid"),
        ("metadata", [], "invalid"),
        ("metadata", {"deep": [{"big": 2**63}]}, "invalid"),
        ("metadata", {"x" * 256: 1}, "invalid"),
        ("metadata", {"long": "x" * 10_001}, "invalid"),
    ],
)
def test_a_bad_member_is_refused_by_name(api: ApiCaller, member: str, value: object, code: str) -> None:
    answer = api.post(CUSTOMERS, json=TOM | {member: value})

    assert answer.status_code == 400
    assert [(found, str(name).partition("[")[0]) for found, name in faults(answer)] == [(code, member)]


def test_everything_referred_to_in_vain_is_named_at_once(api: ApiCaller) -> None:
    answer = api.post(CUSTOMERS, json=SAMPLE | {"group": "unheard-of"})

    assert answer.status_code == 400
    names = ("group", "parent_customer_id", "default_billing_address_id", "default_shipping_address_id")
    assert faults(answer) == [("resource-not-found", name) for name in names]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"group": "base"}, {"group": "default"}),
        ({"currency_code": "GBP"}, {"currency_code": "gbp"}),
        ({"currency_code": "gBp"}, {"currency_code": "gbp"}),
        ({"external_id": 4711}, {"external_id": "4711"}),
        ({"external_id": "a/b %?"}, {"external_id": "a/b %?"}),
        ({"discount_percentage": 12.5}, {"discount_percentage": 12.5}),
        ({"discount_percentage": None}, {"discount_percentage": None}),
        ({"title": None, "group": None, "status": None}, {"title": "", "group": "default", "status": "active"}),
        (
            {"vatin_numbers": ["US 12-345", "CHE-107.787.577 IVA"]},
            {"vatin_numbers": ["US 12-345", "CHE-107.787.577 IVA"]},
        ),
        ({"metadata": {"a": [1, 1.5, None, {"b": "ü"}]}}, {"metadata": {"a": [1, 1.5, None, {"b": "ü"}]}}),
        ({"metadata": {"large": 1e18, "small": 1e-9}}, {"metadata": {"large": 10**18, "small": 1e-9}}),
        ({"role": "sales-agent"}, {"role": "sales-agent"}),
        ({"payment_by_invoice": True}, {"payment_by_invoice": True}),
        ({"email": "O'Brien+x@straße.example"}, {"email": "O'Brien+x@straße.example"}),
        ({"unheard_of": 1, "id": "cu_1", "balances": [1]}, {}),
        (
            {"currency_code": "gbp", "payment_on_account": {"credit_limit": "99.90", "net_terms": 14}},
            {
                "payment_on_account": {"credit_limit": 99.9, "balance": 0, "currency_code": "gbp", "net_terms": 14},
            },
        ),
        (
            {"payment_on_account": {"balance": 12, "currency_code": "EUR"}},
            {
                "payment_on_account": {"credit_limit": None, "balance": 0, "currency_code": "eur", "net_terms": None},
            },
        ),
    ],
)
def test_what_is_accepted_and_how_it_is_answered(api: ApiCaller, sent: dict[str, Any], stored: dict[str, Any]) -> None:
    answer = api.post(CUSTOMERS, json=TOM | sent)

    assert answer.status_code == 200, answer.content
    assert {name: answer.json()[name] for name in stored} == stored


def test_amounts_are_json_numbers(api: ApiCaller) -> None:
    body = TOM | {"currency_code": "GBP", "payment_on_account": {"credit_limit": "1234567890.1234"}}
    assert b'"credit_limit":1234567890.1234,"balance":0,' in api.post(CUSTOMERS, json=body).content


def test_e_mail_and_external_id_are_taken_once_per_site(api: ApiCaller, other_api: ApiCaller) -> None:
    body = TOM | {"external_id": "X1"}
    assert api.post(CUSTOMERS, json=body).status_code == 200

    again = api.post(CUSTOMERS, json=body | {"email": "TOM.JONES@climbing.com"})

    assert again.status_code == 409
    assert faults(again) == [("resource-already-exists", "email"), ("resource-already-exists", "external_id")]
    assert other_api.post(CUSTOMERS, json=body).status_code == 200
    assert Customer.objects.count() == 2


def test_a_company_has_at_most_five_levels(api: ApiCaller) -> None:
    parent = None
    for level in range(5):
        body = TOM | {"email": f"level{level}@example.com", "parent_customer_id": parent}
        answer = api.post(CUSTOMERS, json=body)
        assert answer.status_code == 200
        parent = answer.json()["id"]

    answer = api.post(CUSTOMERS, json=TOM | {"parent_customer_id": parent})

    assert (answer.status_code, faults(answer)) == (400, [("too-many-levels", "parent_customer_id")])


def test_the_other_site_s_customers_and_addresses_cannot_be_referred_to(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, "theirs", external_id="HEAD")
    address = make_address(theirs, external_id="QUAY")
    for parent in ("HEAD", theirs.public_id):
        for default in ("QUAY", address.public_id):
            named = {"parent_customer_id": parent, "default_billing_address_id": default}
            answer = api.post(CUSTOMERS, json=TOM | named)
            assert faults(answer) == [("resource-not-found", name) for name in named]


def test_needs_the_scope(read_only_api: ApiCaller) -> None:
    assert read_only_api.post(CUSTOMERS, json=TOM).status_code == 403


def test_an_idempotency_key_creates_once(api: ApiCaller) -> None:
    answers = [api.post(CUSTOMERS, json=TOM, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert Customer.objects.count() == 1


def test_nothing_was_changed_before_it_was_created(api: ApiCaller, site: Site) -> None:
    named = {"first_name": "Ann", "last_name": "B", "email": "ann@example.com"}
    created = api.post(CUSTOMERS, json=named).json()
    assert created["created_at"] <= created["updated_at"]
