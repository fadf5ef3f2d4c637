"""PATCH /api/v1/orders/{id}: the address of its invoice, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer
from purchasing.tests.bodies import PURCHASES, faults
from purchasing.tests.orders import ORDERS, created, done
from tests.callers import ApiCaller

pytestmark = pytest.mark.django_db

URL = "https://files.example/INV-1.pdf"


@pytest.fixture
def order(api: ApiCaller, company: Customer) -> dict[str, Any]:
    return created(api, company)


def test_the_invoice_is_a_file_of_the_purchase(api: ApiCaller, order: dict[str, Any]) -> None:
    answer = api.patch(f"{ORDERS}/SO-1", json={"invoice_url": URL})
    assert done(answer) == order | {"invoice_url": URL}
    document = done(api.get(f"{PURCHASES}/internal/SO-1"))
    assert document["accounting_files"] == [
        {
            "identifiers": {"internal": "", "visible": ""},
            "data": {"type": "uri", "uri": URL},
            "file_type": "invoice",
        }
    ]
    assert (document["revision"], answer["ETag"]) == (2, api.get(f"{ORDERS}/SO-1")["ETag"])


def test_other_files_stay(api: ApiCaller, order: dict[str, Any]) -> None:
    document = done(api.get(f"{PURCHASES}/internal/SO-1"))
    kept: list[dict[str, Any]] = [
        {"identifiers": {"internal": "INV-9"}, "data": {"uri": "https://files.example/9"}, "file_type": "invoice"},
        {"data": {"uri": "https://files.example/note"}, "file_type": "note"},
    ]
    done(api.put(f"{PURCHASES}/internal/SO-1", json=document | {"accounting_files": kept}))
    assert done(api.patch(f"{ORDERS}/SO-1", json={"invoice_url": URL}))["invoice_url"] == URL
    other = "http://files.example/other"
    assert done(api.patch(f"{ORDERS}/SO-1", json={"invoice_url": other}))["invoice_url"] == other
    assert done(api.patch(f"{ORDERS}/SO-1", json={"invoice_url": None}))["invoice_url"] is None
    files = done(api.get(f"{PURCHASES}/internal/SO-1"))["accounting_files"]
    assert [file["data"]["uri"] for file in files] == [file["data"]["uri"] for file in kept]


@pytest.mark.parametrize("body", [{}, {"customer_reference": "PO 2"}, {"invoice_url": None}, {"invoice_url": ""}])
def test_what_changes_nothing_is_no_revision(api: ApiCaller, order: dict[str, Any], body: dict[str, Any]) -> None:
    before = api.get(f"{ORDERS}/SO-1")
    answer = api.patch(f"{ORDERS}/SO-1", json=body)
    assert (done(answer), answer["ETag"]) == (order, before["ETag"])


def test_the_same_again_is_no_revision(api: ApiCaller, order: dict[str, Any]) -> None:
    tags = {api.patch(f"{ORDERS}/SO-1", json={"invoice_url": URL})["ETag"] for _ in range(2)}
    assert len(tags) == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", " x", 5, "x" * 9_991])
def test_only_links_are_taken(api: ApiCaller, order: dict[str, Any], url: Any) -> None:
    answer = api.patch(f"{ORDERS}/SO-1", json={"invoice_url": url})
    assert (answer.status_code, faults(answer)[0][1]) == (400, "invoice_url")


def test_a_bare_address_is_one_of_https(api: ApiCaller, order: dict[str, Any]) -> None:
    assert done(api.patch(f"{ORDERS}/SO-1", json={"invoice_url": "files.example/1"}))["invoice_url"] == (
        "https://files.example/1"
    )


def test_an_old_version_is_refused_with_what_changed(api: ApiCaller, order: dict[str, Any]) -> None:
    old = api.get(f"{ORDERS}/SO-1")["ETag"]
    done(api.patch(f"{ORDERS}/SO-1", json={"invoice_url": URL}, headers={"If-Match": old}))
    answer = api.patch(f"{ORDERS}/SO-1", json={"invoice_url": None}, headers={"If-Match": old})
    assert (answer.status_code, answer.json()["current_etag"]) == (412, api.get(f"{ORDERS}/SO-1")["ETag"])
    assert [change["path"] for change in answer.json()["changes"]] == ["accounting_files[0]"]


def test_an_unknown_order_is_not_found(api: ApiCaller) -> None:
    assert api.patch(f"{ORDERS}/unknown", json={"invoice_url": URL}, headers={"If-Match": "*"}).status_code == 404
