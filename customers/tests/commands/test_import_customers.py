"""manage.py import_customers: created, changed, left alone, rejected; with addresses and companies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command
from customers.models import Address, Customer
from customers.tests.cast import make_address, make_customer

HEADINGS = "external_id,email,first_name,last_name"

pytestmark = pytest.mark.django_db


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_customers", site, path, *words)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "customers.csv"


def stored() -> list[Any]:
    """Everything of every customer and address, times too."""
    return [*Customer.objects.order_by("pk").values(), *Address.objects.order_by("pk").values()]


@pytest.mark.parametrize(("name", "rows", "records"), [("customers.csv", 4, 3), ("customers.jsonl", 2, 2)])
def test_the_example_is_stored_and_a_second_run_changes_nothing(site: Site, name: str, rows: int, records: int) -> None:
    first = run(site, EXAMPLES / name)
    before = stored()
    second = run(site, EXAMPLES / name)

    assert first == Told([counts(rows, "Customers", created=records)], is_well=True)
    assert second == Told([counts(rows, "Customers", unchanged=records)], is_well=True)
    assert stored() == before
    company = Customer.objects.get(external_id="C-100")
    assert (company.price_lists, company.credit_limit) == (["trade", "base-list"], Decimal(5000))
    assert company.net_terms == 30
    assert company.default_billing_address is not None
    assert company.default_billing_address.external_id == "A-100"
    assert Customer.objects.get(external_id="C-101").parent == company


def test_two_addresses_in_two_rows(site: Site) -> None:
    run(site, EXAMPLES / "customers.csv")

    company = Customer.objects.get(external_id="C-100")
    assert [address.city for address in company.addresses.all()] == ["Leeds", "Hull"]
    assert company.default_shipping_address == company.addresses.get(city="Hull")


def test_only_what_the_file_says_changes(site: Site, path: Path) -> None:
    customer = make_customer(site, "Tom", external_id="C-1", company_name="Climbing", vatin_numbers=["GB999999973"])
    make_address(customer, external_id="A-1", phone="1")
    kept = make_address(customer, external_id="A-2")
    path.write_text("external_id,last_name,address_external_id,address_city\nC-1,Jonas,A-1,Bath\n")

    told = run(site, path)

    assert told.last == counts(1, "Customers", updated=1)
    customer.refresh_from_db()
    assert (customer.last_name, customer.company_name, customer.email) == ("Jonas", "Climbing", "tom@example.com")
    assert customer.vatin_numbers == ["GB999999973"]
    assert [(a.city, a.phone) for a in customer.addresses.all()] == [("Bath", "1"), (kept.city, "")]


def test_a_customer_is_known_by_external_id_then_by_an_e_mail_without_one(site: Site, path: Path) -> None:
    make_customer(site, "Tom", external_id="C-1")
    make_customer(site, "Ann")
    make_customer(site, "Eve", external_id="C-9")
    path.write_text(
        f"{HEADINGS}\n"
        "C-1,thomas@example.com,Tom,Jones\n"
        "C-2,ANN@example.com,Ann,Jones\n"
        "C-3,eve@example.com,Eve,Jones\n"
        ",EVE@EXAMPLE.COM,Eva,Jones\n"
    )

    told = run(site, path)

    assert told.lines == [
        "line 4: email: Another customer has this e-mail.",
        counts(4, "Customers", updated=3, rejected=1),
    ]
    assert set(Customer.objects.values_list("external_id", "email", "first_name")) == {
        ("C-1", "thomas@example.com", "Tom"),
        ("C-2", "ANN@example.com", "Ann"),
        ("C-9", "EVE@EXAMPLE.COM", "Eva"),
    }


def test_a_deleted_customer_and_one_of_another_site_are_not_meant(site: Site, other_site: Site, path: Path) -> None:
    gone = make_customer(site, "Tom", external_id="C-1", deleted_at="2026-01-01T00:00:00Z")
    theirs = make_customer(other_site, "Tom", external_id="C-1")
    path.write_text(f"{HEADINGS}\nC-1,tom@example.com,New,Jones\n")

    assert run(site, path).last == counts(1, "Customers", created=1)
    for customer in (gone, theirs):
        customer.refresh_from_db()
        assert customer.first_name == "Tom"


def test_a_rejected_customer_leaves_the_others_alone(site: Site, path: Path) -> None:
    other = make_customer(site, "Other")
    make_address(other, external_id="TAKEN")
    headings = f"{HEADINGS},group,parent_customer_id,credit_limit,address_external_id,address_line1,address_city"
    path.write_text(
        f"{headings},address_country_code,address_default_for\n"
        "C-1,1@example.com,A,B,,,,,,,,\n"
        "C-2,2@example.com,A,,,,,,,,,\n"
        "C-3,no address,A,B,,,,,,,,\n"
        "C-4,4@example.com,A,B,nobody,,,,,,,\n"
        "C-5,5@example.com,A,B,,C-99,,,,,,\n"
        "C-6,6@example.com,A,B,,C-1,-5,,,,,\n"
        "C-7,7@example.com,A,B,,,,A-7,1 Road,Bath,GB,\n"
        "C-7,7@example.com,A,B,,,,TAKEN,1 Road,Bath,GB,\n"
        "C-8,8@example.com,A,B,,,,A-8,1 Road,,GB,\n"
        "C-9,9@example.com,A,B,,,,A-9,1 Road,Bath,GB,home\n"
        "C-10,1@EXAMPLE.com,A,B,,,,,,,,\n"
        ",,A,B,,,,,,,,\n"
        "C-11,11@example.com,A,B,,C-1,,,1 Road,Bath,GB,both\n"
    )

    told = run(site, path)

    assert told.lines == [
        "line 3: last_name: A new one needs this.",
        "line 4: email: must be an e-mail address.",
        "line 5: group: nobody was not found.",
        "line 6: parent_customer_id: C-99 was not found.",
        "line 7: credit_limit: must not be negative.",
        "line 9: address_external_id: Another address has this external id.",
        "line 10: address_city: A new one needs this.",
        "line 11: address_default_for: Input should be 'billing', 'shipping' or 'both'.",
        "line 12: email: Another customer has this e-mail.",
        "line 13: external_id: Name the customer by external id or e-mail.",
        counts(13, "Customers", created=2, rejected=10),
    ]
    assert set(Customer.objects.exclude(pk=other.pk).values_list("external_id", flat=True)) == {"C-1", "C-11"}
    last = Customer.objects.get(external_id="C-11")
    assert last.default_billing_address == last.default_shipping_address == last.addresses.get()


def test_an_address_without_external_id_is_known_by_what_it_says(site: Site, path: Path) -> None:
    customer = make_customer(site, external_id="C-1")
    make_address(customer)
    headings = "external_id,address_line1,address_city,address_country_code"
    path.write_text(f"{headings}\nC-1,1 Quay Road,Bristol,GB\n")

    assert run(site, path).last == counts(1, "Customers", unchanged=1)
    path.write_text(f"{headings}\nC-1,2 Quay Road,Bristol,GB\nC-1,2 Quay Road,Bristol,GB\n")
    assert run(site, path).lines[0] == "line 3: This address is there more than once."
    path.write_text(f"{headings}\nC-1,2 Quay Road,Bristol,GB\n")
    assert run(site, path).last == counts(1, "Customers", updated=1)
    assert customer.addresses.count() == 2


def test_two_rows_that_disagree_are_rejected(site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS}\nC-1,1@example.com,A,B\nC-1,,A,C\n")

    assert run(site, path).lines[0] == "line 2: last_name: Line 3 says something else of the same customer."


def test_null_clears_in_json_lines_and_a_balance_is_not_taken(site: Site, tmp_path: Path) -> None:
    make_customer(site, external_id="C-1", discount_percentage="5", payment_on_account=True, company_name="Firm")
    path = tmp_path / "customers.jsonl"
    documents: list[Any] = [
        {"external_id": "C-1", "discount_percentage": None, "payment_on_account": None, "company_name": ""},
        {"external_id": "C-2", "payment_on_account": {"balance": 5}},
        {"external_id": ["C"], "email": 7, "addresses": {"id": 1}},
        {"external_id": "C-3", "addresses": [{"id": "ca_1", "city": "Bath"}]},
    ]
    path.write_bytes(b"\n".join(map(orjson.dumps, documents)))

    told = run(site, path)

    assert told.last == counts(4, "Customers", updated=1, rejected=3)
    assert told.lines[0].startswith("line 2: payment_on_account.balance: Balances are not taken with customers")
    customer = Customer.objects.get()
    assert (customer.discount_percentage, customer.payment_on_account, customer.company_name) == (None, False, "")


def test_a_dry_run_knows_parents_that_come_earlier(site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS},parent_customer_id\nC-1,1@example.com,A,B,\nC-2,2@example.com,A,B,C-1\n")

    dry = run(site, path, "--dry-run")

    assert not Customer.objects.exists()
    assert dry == run(site, path) == Told([counts(2, "Customers", created=2)], is_well=True)
