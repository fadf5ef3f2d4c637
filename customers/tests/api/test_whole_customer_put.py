"""PUT /api/v2/customers/{lookupBy}/{identifier}."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from core.models import Site
from core.site_settings import set_setting
from customers.models import Address, Customer
from customers.tests.cast import make_address, make_customer, make_group, post_manual, sample
from tests.callers import ApiCaller, make_caller
from tests.together import together

TOM: dict[str, Any] = {"first_name": "Tom", "last_name": "Jones", "email": "tom@example.com", "external_id": "T-1"}
QUAY: dict[str, Any] = {"address_line1": "1 Quay Road", "city": "Bristol", "country_code": "GB"}


def path(kind: str, identifier: str) -> str:
    return f"/api/v2/customers/{kind}/{quote(identifier, safe='')}"


def faults(answer: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


@pytest.fixture
def tom(site: Site) -> Customer:
    """With something in every member."""
    company = make_customer(site, "Head", external_id="HEAD")
    tom = make_customer(
        site,
        "Tom",
        email="tom@example.com",
        external_id="T-1",
        title="Mr",
        company_name="Tom Jones Climbing",
        accounting_id="A-1",
        status="inactive",
        role="limited-customer",
        parent=company,
        group=make_group(site, "eu"),
        currency_code="GBP",
        sales_agent_groups=["north"],
        price_lists=["trade"],
        vatin_numbers=["GB999999973"],
        available_shipping_addresses=["x"],
        discount_percentage="5",
        tax_exempt=True,
        payment_by_invoice=True,
        payment_on_account=True,
        credit_limit="100",
        credit_currency_code="GBP",
        net_terms=14,
        metadata={"k": "v"},
    )
    quay = make_address(tom, external_id="QUAY", nickname="Quay", phone="01", region_code="AV")
    tom.default_billing_address = tom.default_shipping_address = quay
    tom.save()
    return tom


# --- creating ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "identifier"), [("platform", "T-1"), ("email", "Tom@Example.com")])
def test_the_first_creates_and_the_second_replaces(api: ApiCaller, site: Site, kind: str, identifier: str) -> None:
    first, second = (api.put(path(kind, identifier), json=TOM) for _number in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    customer = Customer.objects.for_site(site).get()
    assert first.json()["id"] == second.json()["id"] == customer.public_id
    expected = {"status": "active", "role": "main", "group": "default", "addresses": [], "warnings": []}
    assert {name: first.json()[name] for name in expected} == expected


def test_a_customer_is_created_with_its_addresses_and_which_of_them_are_the_defaults(api: ApiCaller) -> None:
    body = {
        **TOM,
        "addresses": [QUAY | {"external_id": "QUAY"}, QUAY | {"city": "Bath"}],
        "default_billing_address_id": "QUAY",
        "default_shipping_address_id": "QUAY",
    }

    answer = api.put(path("platform", "T-1"), json=body)

    assert answer.status_code == 201
    quay, bath = answer.json()["addresses"]
    assert (quay["external_id"], bath["city"]) == ("QUAY", "Bath")
    assert answer.json()["default_billing_address_id"] == answer.json()["default_shipping_address_id"] == quay["id"]


def test_the_reference_s_members_are_all_taken(api: ApiCaller, site: Site) -> None:
    make_customer(site, "Head", external_id="string")
    body = sample("customer-create.request") | {"addresses": [sample("address-create.request")]}
    body |= dict.fromkeys(("default_billing_address_id", "default_shipping_address_id"), "ADD1234567")

    answer = api.put(path("platform", "XXXX00123"), json=body).json()

    [address] = answer["addresses"]
    assert {name: address[name] for name in body["addresses"][0]} == body["addresses"][0]
    assert answer["default_billing_address_id"] == address["id"]
    same = set(body) & set(answer) - {"addresses", "default_billing_address_id", "default_shipping_address_id"}
    assert {name: answer[name] for name in same} == {name: body[name] for name in same}
    assert answer["parent_customer"]["external_id"] == "string"


# --- replacing --------------------------------------------------------------------------------------------------------


def test_what_is_left_out_is_cleared(api: ApiCaller, tom: Customer) -> None:
    post_manual(tom.parent or tom, "31.98")
    before = api.get(f"/api/v1/customers/{tom.public_id}").json()
    assert [name for name, value in before.items() if value in (None, "", [])] == []

    answer = api.put(path("sparklayer", tom.public_id), json=TOM | {"id": tom.public_id})

    assert answer.status_code == 200
    body = answer.json()
    cleared: dict[str, Any] = {
        "title": "",
        "company_name": "",
        "accounting_id": "",
        "status": "active",
        "role": "main",
        "group": "default",
        "default_billing_address_id": None,
        "default_shipping_address_id": None,
        "currency_code": None,
        "sales_agent_groups": [],
        "price_lists": [],
        "vatin_numbers": [],
        "available_shipping_addresses": [],
        "discount_percentage": None,
        "tax_exempt": False,
        "payment_by_invoice": None,
        "payment_on_account": None,
        "metadata": None,
        "parent_customer": None,
        "addresses": [],
        "balances": [],  # what the company owed is still the company's
    }
    assert body == before | TOM | cleared | {"updated_at": body["updated_at"], "warnings": []}
    assert not Address.objects.exists()


def test_the_balance_is_the_ledger_s(api: ApiCaller, site: Site) -> None:
    tom = make_customer(site, external_id="T-1", email="tom@example.com", currency_code="GBP")
    post_manual(tom, "31.98")

    answer = api.put(path("platform", "T-1"), json=TOM | {"payment_on_account": {"balance": 5, "currency_code": "GBP"}})

    assert answer.json()["balances"][0]["amount"] == "31.98"
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["balance-is-derived"]
    set_setting(site=site, key="charge_posting", value="off")
    answer = api.put(path("platform", "T-1"), json=TOM | {"payment_on_account": {"balance": 5, "currency_code": "GBP"}})
    assert answer.json()["balances"][0]["amount"] == "5.00"
    assert api.put(path("platform", "T-1"), json=TOM).json()["balances"][0]["amount"] == "5.00"


def test_what_is_answered_can_be_sent_back(api: ApiCaller, tom: Customer) -> None:
    before = api.get(f"/api/v1/customers/{tom.public_id}").json()

    answer = api.put(path("sparklayer", tom.public_id), json=before | {"parent_customer_id": "HEAD"})

    assert answer.status_code == 200
    assert answer.json() == before | {"updated_at": answer.json()["updated_at"], "warnings": []}


def test_addresses_are_recognised_by_id_and_external_id(api: ApiCaller, tom: Customer) -> None:
    quay = Address.objects.get()
    pier, gone = make_address(tom, external_id="PIER"), make_address(tom)
    sent = [
        QUAY | {"city": "Bath"},
        QUAY | {"id": quay.public_id, "external_id": "NEW-QUAY"},
        QUAY | {"external_id": "PIER", "city": "Wells"},
    ]

    answer = api.put(path("platform", "T-1"), json=TOM | {"addresses": sent})

    found = {row["id"]: (row["external_id"], row["city"], row["phone"]) for row in answer.json()["addresses"]}
    assert gone.public_id not in found
    assert found.pop(quay.public_id) == ("NEW-QUAY", "Bristol", "")
    assert found.pop(pier.public_id) == ("PIER", "Wells", "")
    assert list(found.values()) == [("", "Bath", "")]


def test_two_addresses_may_change_names(api: ApiCaller, tom: Customer) -> None:
    quay, pier = Address.objects.get(), make_address(tom, external_id="PIER")
    sent = [
        QUAY | {"id": quay.public_id, "external_id": "PIER"},
        QUAY | {"id": pier.public_id, "external_id": "QUAY"},
    ]

    answer = api.put(path("platform", "T-1"), json=TOM | {"addresses": sent})

    assert [row["external_id"] for row in answer.json()["addresses"]] == ["PIER", "QUAY"]


def test_the_login_stays_while_the_e_mail_does(api: ApiCaller, tom: Customer, staff: Any) -> None:
    tom.user = staff
    tom.save()
    api.put(path("platform", "T-1"), json=TOM | {"email": "TOM@example.com"})
    tom.refresh_from_db()
    assert tom.user == staff
    api.put(path("platform", "T-1"), json=TOM | {"email": "other@example.com"})
    tom.refresh_from_db()
    assert tom.user is None


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "identifier", "members", "property"),
    [
        ("platform", "T-1", {"external_id": "T-2"}, "external_id"),
        ("platform", "T-1", {"external_id": None}, "external_id"),
        ("platform", "t-1", {}, "external_id"),
        ("email", "tom@example.com", {"email": "ann@example.com"}, "email"),
        ("sparklayer", "{id}", {}, "id"),
        ("sparklayer", "{id}", {"id": "cu_1"}, "id"),
        ("sparklayer", "{id}", {"id": "{id}", "legacy_id": "cu_1"}, "id"),
    ],
)
def test_the_body_repeats_the_identifier(
    api: ApiCaller, tom: Customer, kind: str, identifier: str, members: dict[str, Any], property: str
) -> None:
    def named(value: Any) -> Any:
        return value.format(id=tom.public_id) if isinstance(value, str) else value

    body = TOM | {name: named(value) for name, value in members.items()}
    answer = api.put(path(kind, named(identifier)), json=body)

    assert (answer.status_code, faults(answer)) == (400, [("idMismatch", property)])


@pytest.mark.parametrize("member", ["id", "legacy_id"])
def test_either_name_of_our_id_repeats_it(api: ApiCaller, tom: Customer, member: str) -> None:
    assert api.put(path("sparklayer", tom.public_id), json=TOM | {member: tom.public_id}).status_code == 200


@pytest.mark.parametrize(
    ("kind", "identifier"), [("sparklayer", "cu_999999999"), ("sparklayer", "T-1"), ("internal", "T-1")]
)
def test_what_is_not_there_is_404(api: ApiCaller, tom: Customer, kind: str, identifier: str) -> None:
    assert api.put(path(kind, identifier), json=TOM | {"id": identifier}).status_code == 404


def test_a_deleted_customer_is_not_there(api: ApiCaller, tom: Customer) -> None:
    api.delete(f"/api/v1/customers/{tom.public_id}")

    assert api.put(path("sparklayer", tom.public_id), json=TOM | {"id": tom.public_id}).status_code == 404
    assert api.put(path("platform", "T-1"), json=TOM).status_code == 201


@pytest.mark.parametrize(
    ("members", "status", "expected"),
    [
        ({"group": "nowhere"}, 400, ("resource-not-found", "group")),
        ({"role": "boss"}, 400, ("invalid", "role")),
        ({"parent_customer_id": "nobody"}, 400, ("resource-not-found", "parent_customer_id")),
        ({"parent_customer_id": "T-1"}, 400, ("parent-cycle", "parent_customer_id")),
        ({"default_billing_address_id": "QUAY"}, 400, ("resource-not-found", "default_billing_address_id")),
        ({"addresses": [{}]}, 400, ("required", "addresses[0].address_line1")),
        ({"addresses": [QUAY | {"id": "ca_999999999"}]}, 400, ("resource-not-found", "addresses[0].id")),
        (
            {"addresses": [QUAY | {"external_id": "QUAY"}, QUAY | {"external_id": "QUAY"}]},
            400,
            ("repeated", "addresses[1]"),
        ),
        ({"email": "head@example.com"}, 409, ("resource-already-exists", "email")),
        (
            {"addresses": [QUAY | {"external_id": "THEIRS"}]},
            409,
            ("resource-already-exists", "addresses[0].external_id"),
        ),
        (
            {"addresses": [QUAY | {"external_id": "N"}, QUAY | {"external_id": "N"}]},
            409,
            ("resource-already-exists", "addresses[1].external_id"),
        ),
    ],
)
def test_refused_is_nothing_written(
    api: ApiCaller, site: Site, tom: Customer, members: dict[str, Any], status: int, expected: tuple[str, str]
) -> None:
    make_address(Customer.objects.for_site(site).get(external_id="HEAD"), external_id="THEIRS")
    before = [list(model.objects.order_by("pk").values()) for model in (Customer, Address)]

    answer = api.put(path("platform", "T-1"), json=TOM | members)

    assert (answer.status_code, faults(answer)[0]) == (status, expected)
    assert [list(model.objects.order_by("pk").values()) for model in (Customer, Address)] == before


def test_a_taken_external_id_is_409(api: ApiCaller, tom: Customer) -> None:
    answer = api.put(path("email", "tom@example.com"), json=TOM | {"external_id": "HEAD"})

    assert (answer.status_code, faults(answer)) == (409, [("resource-already-exists", "external_id")])


def test_agent_groups_and_price_lists_need_not_exist(api: ApiCaller) -> None:
    body = TOM | {"sales_agent_groups": ["new-one"], "price_lists": ["none_yet"]}

    assert api.put(path("platform", "T-1"), json=body).status_code == 201


def test_the_scope_is_customers(site: Site) -> None:
    reader = make_caller(site, name="Reader", scopes=["customers.read", "setup"])
    assert reader.put(path("platform", "T-1"), json=TOM).status_code == 403


def test_many_addresses_take_as_many_statements_as_two(api: ApiCaller, django_assert_max_num_queries: Any) -> None:
    for count in (2, 40, 40):
        addresses = [QUAY | {"external_id": f"A-{number}"} for number in range(count)]
        with django_assert_max_num_queries(22):
            assert (
                len(api.put(path("platform", "T-1"), json=TOM | {"addresses": addresses}).json()["addresses"]) == count
            )


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_creates(site: Site) -> None:
    headers = make_caller(site).headers

    def put() -> int:
        return int(ApiCaller(headers).put(path("platform", "T-1"), json=TOM | {"addresses": [QUAY]}).status_code)

    assert sorted(together(*[put] * 8)) == [200] * 7 + [201]  # type: ignore[type-var]  # an exception fails the test
    assert (Customer.objects.count(), Address.objects.count()) == (1, 1)
