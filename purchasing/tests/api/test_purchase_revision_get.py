"""GET /api/v1/purchases/{lookupBy}/{identifier}/revisions/{n}."""

from __future__ import annotations

import pytest

from core.models import Site
from purchasing.tests.bodies import PURCHASES, order, payment, rich_order
from tests.callers import ApiCaller, make_caller

PATH = f"{PURCHASES}/internal/I-1"
NO_PART_OF_A_REVISION = {
    "calculated_total",
    "calculated_total_usd",
    "calculated_fulfilment_status",
    "calculated_quantities",
    "calculated_payment_status",
    "calculated_payment",
    "approval",
    "warnings",
}


def test_each_is_the_document_as_it_stood(api: ApiCaller, site: Site) -> None:
    first = api.put(PATH, json=rich_order()).json()
    second = make_caller(site, name="Shop").put(PATH, json=order(customer_reference="PO 2")).json()
    api.put(f"{PATH}/transactions", json=payment())
    for number, (answer, author) in enumerate([(first, "client:ERP"), (second, "client:Shop")], start=1):
        document = {name: value for name, value in answer.items() if name not in NO_PART_OF_A_REVISION}
        assert api.get(f"{PATH}/revisions/{number}").json() == {**document, "by": author}
        assert document["revision"] == number


def test_it_is_read_by_every_look_up_and_has_no_version(api: ApiCaller) -> None:
    names = api.put(PATH, json=rich_order()).json()["purchase_identifiers"]
    answers = [api.get(f"{PURCHASES}/{kind}/{name}/revisions/1") for kind, name in names.items()]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.content for answer in answers} == {answers[0].content}
    assert "ETag" not in answers[0]


def test_a_revision_sent_back_restores_it(api: ApiCaller) -> None:
    first = api.put(PATH, json=rich_order()).json()
    api.put(PATH, json=order())
    restored = api.put(PATH, body=api.get(f"{PATH}/revisions/1").content).json()
    assert restored["revision"] == 3
    # Only our own ids are new: those packages and lines were gone.
    paths = {item["path"] for item in api.get(f"{PATH}/diff?from=1&to=3").json()}
    assert paths == {"packages[0]", "packages[1]"}
    without_ids = [
        [
            {**package, "id": "", "line_items": [{**line, "id": ""} for line in package["line_items"]]}
            for package in answer["packages"]
        ]
        for answer in (first, restored)
    ]
    assert without_ids[0] == without_ids[1]


@pytest.mark.parametrize(
    "number", ["0", "2", "-1", "1.0", "x", "%D9%A1", "01x", "01", "99999999999999999999", "2147483648"]
)
def test_a_number_that_is_none_of_its_is_unknown(api: ApiCaller, number: str) -> None:
    api.put(PATH, json=order())
    assert api.get(f"{PATH}/revisions/{number}").status_code == 404


def test_a_purchase_born_again_has_none_of_the_old_ones(api: ApiCaller) -> None:
    api.put(PATH, json=order())
    api.put(PATH, json=order(customer_reference="PO"))
    api.delete(PATH)
    assert api.get(f"{PATH}/revisions/2").status_code == 404
    born = api.put(PATH, json=order()).json()
    assert api.get(f"{PATH}/revisions/1").json()["id"] == born["id"]
    assert api.get(f"{PATH}/revisions/2").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"), [("internal/unknown", 404), ("sparklayer/I-1", 404), ("number/I-1", 400), ("internal/I-1", 400)]
)
def test_what_names_none(api: ApiCaller, path: str, status: int) -> None:
    api.put(PATH, json=order())
    asked = "?limit=1" if path == "internal/I-1" else ""
    assert api.get(f"{PURCHASES}/{path}/revisions/1{asked}").status_code == status
