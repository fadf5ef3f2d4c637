"""PUT /api/v1/purchases/{lookupBy}/{identifier}: which purchase is meant, and what becomes of its identifiers."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.models import Purchase
from purchasing.tests.bodies import PURCHASES, faults, order, payment
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

ONE = "63428136-658f-48a6-beb7-7f333dfd9686"
TWO = "00000000-0000-4000-8000-000000000002"


def put(api: ApiCaller, path: str, identifiers: dict[str, Any] | None = None, **members: Any) -> Any:
    named = {} if identifiers is None else {"purchase_identifiers": identifiers}
    return api.put(f"{PURCHASES}/{path}", json=order(**named, **members))


@pytest.fixture
def first(api: ApiCaller) -> Any:
    """A purchase with all four identifiers."""
    answer = put(api, f"sparklayer/{ONE}", {"platform": "P-1", "internal": "I-1", "visible": "V-1"})
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def second(api: ApiCaller) -> Any:
    answer = put(api, f"sparklayer/{TWO}", {"platform": "P-2", "internal": "I-2", "visible": "V-2"})
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("path", [f"sparklayer/{ONE}", "platform/P-1", "internal/I-1", "visible/V-1"])
@pytest.mark.parametrize("blank", [{}, dict.fromkeys(("sparklayer", "platform", "internal", "visible"), "")])
def test_what_is_absent_or_empty_keeps_the_stored_identifier(api: ApiCaller, first: Any, path: str, blank: Any) -> None:
    answer = put(api, path, blank)
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)
    assert answer.json()["purchase_identifiers"] == first["purchase_identifiers"]


def test_null_removes_one_and_frees_it(api: ApiCaller, first: Any) -> None:
    answer = put(api, f"sparklayer/{ONE}", {"platform": None, "internal": "I-9"})
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert answer.json()["purchase_identifiers"] == {
        "sparklayer": ONE,
        "platform": "",
        "internal": "I-9",
        "visible": "V-1",
    }
    assert api.get(f"{PURCHASES}/platform/P-1").status_code == 404
    assert api.get(f"{PURCHASES}/internal/I-1").status_code == 404
    assert put(api, "platform/P-1").json()["purchase_identifiers"]["sparklayer"] != ONE


@pytest.mark.parametrize(
    ("path", "identifiers", "status", "expected"),
    [
        ("internal/I-1", {"internal": "I-9"}, 400, [("idMismatch", "purchase_identifiers.internal")]),
        ("internal/I-1", {"internal": "i-1"}, 400, [("idMismatch", "purchase_identifiers.internal")]),
        ("internal/I-1", {"internal": "I-1 "}, 400, [("idMismatch", "purchase_identifiers.internal")]),
        ("internal/I-1", {"internal": None}, 400, [("idMismatch", "purchase_identifiers.internal")]),
        ("platform/P-1", {"platform": "I-1"}, 400, [("idMismatch", "purchase_identifiers.platform")]),
        ("visible/V-1", {"visible": None}, 400, [("idMismatch", "purchase_identifiers.visible")]),
        (f"sparklayer/{ONE}", {"sparklayer": TWO}, 403, [("idMismatch", "purchase_identifiers.sparklayer")]),
        (f"sparklayer/{ONE}", {"sparklayer": None}, 403, [("idMismatch", "purchase_identifiers.sparklayer")]),
        ("internal/I-1", {"sparklayer": None}, 400, [("invalid", "purchase_identifiers.sparklayer")]),
        ("internal/I-1", {"sparklayer": TWO}, 403, [("idMismatch", "purchase_identifiers.sparklayer")]),
        (f"sparklayer/{TWO}", {"visible": "V-1"}, 403, [("idMismatch", "purchase_identifiers.sparklayer")]),
        (
            "internal/new",
            {"sparklayer": TWO, "platform": "P-1"},
            403,
            [("idMismatch", "purchase_identifiers.sparklayer")],
        ),
    ],
)
def test_path_and_body_that_disagree(
    api: ApiCaller, first: Any, path: str, identifiers: Any, status: int, expected: Any
) -> None:
    answer = put(api, path, identifiers, customer_reference="PO")
    assert (answer.status_code, faults(answer)) == (status, expected)
    assert api.get(f"{PURCHASES}/sparklayer/{ONE}").json() == first
    assert Purchase.objects.count() == 1


def test_the_same_sparklayer_id_in_capitals(api: ApiCaller, first: Any) -> None:
    answer = put(api, f"sparklayer/{ONE.upper()}", {"sparklayer": ONE.upper()})
    assert (answer.status_code, answer.json()["revision"]) == (200, 1)


@pytest.mark.parametrize(
    ("path", "identifiers", "kinds"),
    [
        ("internal/I-1", {"platform": "P-2"}, ["internal", "platform"]),
        ("visible/V-2", {"internal": "I-1"}, ["visible", "internal"]),
        ("visible/new", {"internal": "I-1", "platform": "P-2"}, ["internal", "platform"]),
    ],
)
def test_identifiers_of_two_purchases(
    api: ApiCaller, first: Any, second: Any, path: str, identifiers: Any, kinds: list[str]
) -> None:
    answer = put(api, path, identifiers)
    assert (answer.status_code, answer.json()["title"]) == (409, "identifier-conflict")
    assert {place for _code, place in faults(answer)} == {f"purchase_identifiers.{kind}" for kind in kinds}
    assert api.get(f"{PURCHASES}/internal/I-1").json() == first
    assert api.get(f"{PURCHASES}/internal/I-2").json() == second


def test_another_s_identifier_under_one_s_own_sparklayer_id(api: ApiCaller, first: Any, second: Any) -> None:
    answer = put(api, f"sparklayer/{ONE}", {"internal": "I-2"})
    assert (answer.status_code, faults(answer)) == (403, [("idMismatch", "purchase_identifiers.sparklayer")])


def test_found_by_an_identifier_of_the_body(api: ApiCaller, first: Any) -> None:
    answer = put(api, "visible/V-1", {"internal": "I-1", "sparklayer": ONE}, customer_reference="PO")
    assert (answer.json()["id"], answer.json()["revision"]) == (first["id"], 2)


def test_a_rename_goes_through_another_look_up(api: ApiCaller, first: Any) -> None:
    answer = put(api, "internal/I-1", {"visible": "V-9"})
    assert (answer.json()["id"], answer.json()["purchase_identifiers"]["visible"]) == (first["id"], "V-9")
    assert api.get(f"{PURCHASES}/visible/V-1").status_code == 404


def test_a_new_one_takes_every_identifier_sent(api: ApiCaller) -> None:
    stored = put(api, "visible/V-3", {"sparklayer": TWO, "platform": "P-3", "internal": "I-3"}).json()
    assert stored["purchase_identifiers"] == {
        "sparklayer": TWO,
        "platform": "P-3",
        "internal": "I-3",
        "visible": "V-3",
    }


def test_blank_identifiers_do_not_match_each_other(api: ApiCaller) -> None:
    blank = {"sparklayer": "", "platform": "", "visible": ""}
    assert put(api, "internal/A", blank).json()["id"] != put(api, "internal/B", blank).json()["id"]


def test_one_kind_s_identifier_is_not_another_s(api: ApiCaller) -> None:
    assert put(api, "internal/A").json()["id"] != put(api, "platform/A").json()["id"]


@pytest.mark.parametrize("earlier", ["order_unconfirmed", "awaiting_approval", "quote", "cart"])
def test_an_earlier_type_becomes_the_order_in_place(api: ApiCaller, earlier: str) -> None:
    before = put(api, "internal/A", type=earlier).json()
    after = put(api, "internal/A").json()
    assert (after["id"], after["type"], after["revision"]) == (before["id"], "order", 2)
    refused = put(api, "internal/A", type=earlier)
    assert (refused.status_code, faults(refused)) == (409, [("type-cannot-go-back", "type")])


@pytest.mark.parametrize(
    ("change", "property"),
    [
        ({"customer_identifiers": {}}, "customer_identifiers.sparklayer"),
        ({"customer_identifiers": {"sparklayer": "OTHER"}}, "customer_identifiers.sparklayer"),
        ({"currency_code": "EUR", "packages": []}, "currency_code"),
    ],
)
def test_money_holds_customer_and_currency(api: ApiCaller, site: Site, change: Any, property: str) -> None:
    make_customer(site, external_id="HEAD")
    make_customer(site, external_id="OTHER")
    put(api, "internal/A", customer_identifiers={"sparklayer": "HEAD"})
    assert api.put(f"{PURCHASES}/internal/A/transactions", json=payment()).status_code == 200

    members = {"customer_identifiers": {"sparklayer": "HEAD"}} | change
    answer = put(api, "internal/A", **members)
    assert (answer.status_code, faults(answer)) == (409, [("has-applied-transactions", property)])
    assert api.get(f"{PURCHASES}/internal/A").json()["revision"] == 1

    taken_back = api.put(f"{PURCHASES}/internal/A/transactions", json=payment(apply_to_balance=False))
    assert taken_back.status_code == 200
    assert put(api, "internal/A", **members).status_code == 200


def test_two_children_of_one_company_are_no_move(api: ApiCaller, site: Site) -> None:
    head = make_customer(site)
    make_customer(site, external_id="A", parent=head)
    make_customer(site, external_id="B", parent=head)
    put(api, "internal/A", customer_identifiers={"sparklayer": "A"})
    api.put(f"{PURCHASES}/internal/A/transactions", json=payment())
    assert put(api, "internal/A", customer_identifiers={"sparklayer": "B"}).json()["revision"] == 2


def test_packages_and_lines_keep_our_ids_when_they_are_matched(api: ApiCaller) -> None:
    def ids(stored: Any) -> Any:
        return [(each["id"], [goods["id"] for goods in each["line_items"]]) for each in stored["packages"]]

    before = put(api, "internal/A", packages=[package(line("A"), line("B")), package(line("C"))]).json()
    after = put(api, "internal/A", packages=[package(line("B", quantity=3), line("A")), package(line("D"))]).json()

    [(first, [a, b]), (second, [c])] = ids(before)
    [(first_after, [b_after, a_after]), (second_after, [d])] = ids(after)
    assert (first_after, a_after, b_after, second_after) == (first, a, b, second)
    assert d not in (a, b, c)
