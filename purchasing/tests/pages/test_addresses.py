"""`/account/addresses/`: a customer's own addresses are his to change; defaults may be the company's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.models import Site
from customers.models import Address, Customer
from customers.tests.cast import make_address
from purchasing.tests.pages.conftest import sign_in, words_of
from purchasing.tests.test_statements import server_log
from tests.cast import make_buyer
from tests.html_forms import fields_of

ADDRESSES = "/account/addresses/"
FILLED = {
    "nickname": "Warehouse",
    "company": "Tom Jones Climbing",
    "first_name": "Tom",
    "last_name": "Jones",
    "address_line1": "1 Quay Road",
    "address_line2": "Gate 2",
    "postal_code": "BS1 1AA",
    "city": "Bristol",
    "region_code": "BST",
    "country_code": "GB",
    "phone": "+44 1",
    "mobile": "+44 2",
}
MARKUP = '<i onclick="x">\'&'


def stored(address: Address) -> dict[str, Any]:
    return Address.objects.values(*FILLED).get(pk=address.pk)


def test_add_change_delete(browser: Client, buyer: Customer) -> None:
    assert "No address of your own yet" in words_of(browser.get(ADDRESSES))
    answer = browser.post(f"{ADDRESSES}new/", FILLED)
    assert (answer.status_code, answer["Location"]) == (302, ADDRESSES)
    address = Address.objects.get(customer=buyer)
    assert stored(address) == FILLED
    assert "The address is added." in words_of(browser.get(ADDRESSES))

    page = browser.get(f"{ADDRESSES}{address.public_id}/")
    assert fields_of(page, "address-form") == FILLED
    browser.post(f"{ADDRESSES}{address.public_id}/", FILLED | {"city": "York", "nickname": ""})
    assert stored(address) == FILLED | {"city": "York", "nickname": ""}

    asked = words_of(browser.get(f"{ADDRESSES}{address.public_id}/delete/"))
    assert "Delete this address?" in asked
    assert Address.objects.count() == 1
    browser.post(f"{ADDRESSES}{address.public_id}/delete/")
    assert Address.objects.count() == 0
    second_click = browser.post(f"{ADDRESSES}{address.public_id}/delete/")
    assert (second_click.status_code, second_click["Location"]) == (302, ADDRESSES)
    assert words_of(browser.get(ADDRESSES)).count("The address is deleted.") == 1
    assert browser.get(f"{ADDRESSES}{address.public_id}/delete/").status_code == 404
    assert browser.post(f"{ADDRESSES}adr_999999/delete/").status_code == 404


def test_the_merchant_s_own_is_kept_and_not_read(browser: Client, buyer: Customer) -> None:
    address = make_address(buyer, external_id="erp-1")

    browser.post(f"{ADDRESSES}{address.public_id}/", FILLED | {"external_id": "mine"})

    address.refresh_from_db()
    assert (address.external_id, address.city) == ("erp-1", "Bristol")
    assert browser.get(f"{ADDRESSES}erp-1/").status_code == 404
    assert "erp-1" not in browser.get(ADDRESSES).content.decode()


def test_a_country_of_three_letters_stays(browser: Client, buyer: Customer) -> None:
    address = make_address(buyer, country_code="gbr")
    page = browser.get(f"{ADDRESSES}{address.public_id}/")

    browser.post(f"{ADDRESSES}{address.public_id}/", fields_of(page, "address-form"))

    assert stored(address)["country_code"] == "gbr"


def test_countries_are_told_in_the_reader_s_language(browser: Client) -> None:
    page = browser.get(f"{ADDRESSES}new/", headers={"Accept-Language": "de"}).content.decode()

    assert '<option value="AT">Österreich</option>' in page
    assert page.index("Oman") < page.index("Österreich") < page.index("Pakistan")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("address_line1", ""),
        ("city", " "),
        ("country_code", ""),
        ("country_code", "Atlantis"),
        ("postal_code", "x" * 21),
        ("region_code", "x" * 11),
        ("city", "\0"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser: Client, name: str, value: str) -> None:
    answer = browser.post(f"{ADDRESSES}new/", FILLED | {name: value})

    assert answer.status_code == 200
    assert f'href="#id_{name}"' in answer.content.decode()
    assert 'value="Warehouse"' in answer.content.decode()
    assert Address.objects.count() == 0


def test_defaults(site: Site, buyer: Customer) -> None:
    of_company = make_address(buyer, nickname="Head office")
    child = make_buyer(site, parent=buyer)
    own = make_address(child, nickname="Branch")
    browser = sign_in(child)

    browser.post(f"{ADDRESSES}{own.public_id}/use/", {"kind": "shipping"})
    browser.post(f"{ADDRESSES}{of_company.public_id}/use/", {"kind": "billing"})

    child.refresh_from_db()
    assert (child.default_shipping_address, child.default_billing_address) == (own, of_company)
    text = words_of(browser.get(ADDRESSES))
    assert "Branch Default for deliveries" in text
    assert "Head office Default for invoices" in text
    assert browser.get(f"{ADDRESSES}{of_company.public_id}/").status_code == 404
    assert browser.post(f"{ADDRESSES}{of_company.public_id}/delete/").status_code == 404


@pytest.mark.parametrize("kind", ["", "other", "default_billing_address_id"])
def test_there_are_two_defaults(browser: Client, buyer: Customer, kind: str) -> None:
    address = make_address(buyer)

    assert browser.post(f"{ADDRESSES}{address.public_id}/use/", {"kind": kind}).status_code == 404


@pytest.mark.parametrize("page", ["", "delete/", "use/"])
@pytest.mark.parametrize("whose", ["colleague", "stranger", "there"])
def test_others_addresses_do_not_exist(
    browser: Client, site: Site, other_site: Site, buyer: Customer, page: str, whose: str
) -> None:
    owners = {
        "colleague": lambda: make_buyer(site, parent=buyer),
        "stranger": lambda: make_buyer(site, "Summit Supplies"),
        "there": lambda: make_buyer(other_site),
    }
    address = make_address(owners[whose]())

    hidden = browser.post(f"{ADDRESSES}{address.public_id}/{page}", FILLED | {"kind": "billing"})

    for name in ("ca_999999999", "ca_0", "nonsense", str(address.pk)):
        unknown = browser.post(f"{ADDRESSES}{name}/{page}", FILLED | {"kind": "billing"})
        assert (unknown.status_code, unknown.content) == (404, hidden.content)
    assert hidden.status_code == 404
    assert Address.objects.get(pk=address.pk).city == address.city


def test_markup_is_shown_as_it_was_written(browser: Client) -> None:
    browser.post(f"{ADDRESSES}new/", FILLED | {"nickname": MARKUP, "company": MARKUP, "city": MARKUP})

    for page in (ADDRESSES, f"{ADDRESSES}{Address.objects.get().public_id}/"):
        assert "<i onclick" not in browser.get(page).content.decode()


def test_fifty_addresses_cost_as_many_statements_as_one(browser: Client, buyer: Customer) -> None:
    counts = []
    for rows in (1, 50):
        for _ in range(rows - Address.objects.count()):
            make_address(buyer)
        with server_log() as log:
            assert len(browser.get(ADDRESSES).context["own"]) == rows
        counts.append(len(log.statements))

    assert counts[0] == counts[1] < 12
