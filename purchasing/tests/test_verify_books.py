"""manage.py verify_books: each kind of difference is planted by raw SQL, reported, repaired, and gone."""

from __future__ import annotations

import io
import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from core.models import Site
from core.site_settings import set_setting
from customers.models import Account, AccountEntry, Customer
from pricing.models import ExchangeRate
from pricing.tests.rates import publish
from purchasing import books
from purchasing.books import differences
from purchasing.tests.bakers import (
    approve,
    delete,
    line,
    make_customer,
    money,
    on_account,
    order,
    package,
    pay,
    put,
    reject,
)
from purchasing.tests.planted import A_1, ENTRY, PLANTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def rate(db: None) -> ExchangeRate:
    """Pounds have a rate on the day that everything is placed, and kronor none."""
    return publish("1.25", day=date(2026, 3, 2))


@pytest.fixture
def bystander(site: Site, rate: ExchangeRate) -> Customer:
    """Another customer, who has an account of his own."""
    customer = make_customer(site, "Summit Supplies")
    put(site, on_account(customer=customer), "B-1")
    return customer


@pytest.fixture
def filled(site: Site, other_site: Site, company: Customer, bystander: Customer) -> None:
    """Books with a bit of everything, on two sites, and not a fault in them."""
    child = make_customer(site, "Tom Jones Climbing, Wales", parent=company)
    goods = package(line("100", quantity=3, total={"tax_rate": 20}), line("7.005", sku="CHALK"), shipping="5.50")
    put(site, on_account(goods, package(line("20"), type="refund", shipping="3"), customer=child), "A-1")
    pay(site, "10", "A-1", id="t1")
    pay(site, "-4", "A-1", id="t2")
    pay(site, "6", "A-1", id="t3", applied=False)
    put(site, order(package(line()), package(line("5"), type="cancelled")), "A-2")
    pay(site, "50", "A-2", id="t1")
    put(site, on_account(customer=company, type="quote"), "A-3")
    put(site, on_account(customer=company), "A-4")
    delete(site, "A-4")
    undated = package(line(currency="SEK", total={"total_gross": money(130, "SEK"), "tax_rate": 20}), dates={})
    put(site, order(undated | {"type": "shipment"}), "A-5")
    put(site, order(package(line(currency="USD"))), "A-6")
    for name in ("A-7", "A-8"):
        put(site, order(customer=child, type="awaiting_approval"), name)
    set_setting(site=site, key="approval_places_order", value=False)
    approve(site, "A-7")
    set_setting(site=site, key="approval_places_order", value=True)
    approve(site, "A-8")
    put(site, order(customer=child, type="quote"), "A-9")
    reject(site, "A-9")
    put(other_site, on_account(customer=make_customer(other_site)), "A-1")
    pay(other_site, "30", "A-1")


def run(*options: str) -> tuple[int, list[dict[str, Any]]]:
    """The command's exit code and what it reported."""
    out = io.StringIO()
    code = 0
    try:
        call_command("verify_books", "--json", *options, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        code = int(str(end.code))
    return code, [json.loads(text) for text in out.getvalue().splitlines()]


def sql(statement: str) -> None:
    """As somebody at a database prompt could do it, guards switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE customers_accountentry DISABLE TRIGGER entries_are_append_only")
        cursor.execute(statement)
        assert cursor.rowcount >= 1, "nothing was planted"
        cursor.execute("ALTER TABLE customers_accountentry ENABLE TRIGGER entries_are_append_only")


@pytest.mark.parametrize(("statement", "fields"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_difference_is_reported_repaired_and_gone(
    filled: None, site: Site, statement: str, fields: set[tuple[str, str]]
) -> None:
    assert run() == (0, [])
    before = balances()

    sql(statement)

    code, reported = run()
    assert code == 1
    assert {item["site"] for item in reported} == {"jones-climbing"}
    assert fields <= {(item["part"], name) for item in reported for name in item["fields"]}
    assert run("--fix")[0] == 0
    assert run() == (0, [])
    if "purchasing_purchasetransaction SET" not in statement or "posted_amount" in statement:
        assert balances() == before  # no money was recorded, so nobody owes more or less


def balances() -> dict[int, Any]:
    return dict(Account.objects.values_list("customer_id", "balance"))


def test_looks_at_one_site_when_asked(filled: None, other_site: Site) -> None:
    sql(f"UPDATE purchasing_purchase SET credited = 1 WHERE id = {A_1}")

    assert run("--site", other_site.slug) == (0, [])
    assert run("--site", "jones-climbing")[0] == 1
    assert run("--site", "jones-climbing", "--fix")[0] == 0


def test_refuses_an_unknown_site() -> None:
    with pytest.raises(CommandError, match="no site nowhere"):
        call_command("verify_books", "--site", "nowhere")


def test_says_in_words_what_differs(filled: None, capsys: pytest.CaptureFixture[str]) -> None:
    sql(f"UPDATE purchasing_purchase SET calculated_total = 1 WHERE id = {A_1}")

    with pytest.raises(SystemExit):
        call_command("verify_books")
    assert "calculated_total is 1.0000, should be" in capsys.readouterr().out

    call_command("verify_books", "--fix")
    assert capsys.readouterr().out.endswith("1 differences repaired, 0 left.\n")


def test_repairs_by_posting_and_leaves_entries_as_they_are(filled: None) -> None:
    before = list(AccountEntry.objects.order_by("id").values())
    sql(f"DELETE FROM customers_accountentry WHERE id = {ENTRY}")
    (gone,) = [entry for entry in before if not AccountEntry.objects.filter(pk=entry["id"]).exists()]

    assert run("--fix")[0] == 0

    after = list(AccountEntry.objects.order_by("id").values())
    assert after[: len(before) - 1] == [entry for entry in before if entry != gone]
    (posted,) = after[len(before) - 1 :]
    assert (posted["kind"], posted["amount"], posted["author"]) == ("charge", gone["amount"], "system:verify_books")
    assert posted["value_date"] == gone["value_date"]


def test_batches_leave_no_number_out(filled: None, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("purchasing.books.differences.BATCH", 2)
    found = [batch for batch in books.batches(sites=[site.pk]) if batch.of == "purchases"]

    assert [batch.size for batch in found] == [2, 2, 2, 2, 2, 0]
    assert found[0].first == 1
    assert all(later.first == earlier.last + 1 for earlier, later in pairwise(found))
    assert [item for batch in found for item in books.check(batch, sites=[site.pk])] == []


KNOWN = {
    "purchasing_purchase": {
        # Facts that are nowhere else, and what other parts look at: the document with its revision.
        *{"id", "site_id", "stored_at", "changed_at", "deleted_at", "header", "contents", "revision", "revision_at"},
        *{"changes", "given_package_ids", "charge_posting", "warnings"},
        "words",  # a search index: no figure depends on it, and `rebuild_search` makes it anew
    },
    "purchasing_package": set(),
    "purchasing_lineitem": set(),
    "purchasing_purchasetransaction": {
        *{"id", "site_id", "purchase_id", "platform_id", "total", "currency_code", "apply_to_balance"},
        *{"full_transaction", "created_at", "updated_at", "recorded_by"},
    },
    "purchasing_purchasehistory": {"id", "site_id", "purchase_id", "transaction_id", "message", "created_at"},
    "customers_account": {"id", "site_id", "customer_id", "currency_code"},
}
PARTS = {
    "purchasing_purchase": "purchase",
    "purchasing_package": "package",
    "purchasing_lineitem": "line",
    "purchasing_purchasetransaction": "transaction",
    "purchasing_purchasehistory": "history",
    "customers_account": "account",
}


@pytest.mark.parametrize("table", KNOWN)
def test_every_column_is_verified_or_known_to_be_a_fact(filled: None, site: Site, table: str) -> None:
    """Whoever adds a column says here that it is a fact, or has it verified."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s",
            [table],
        )
        columns = {name for (name,) in cursor.fetchall()}
    assert columns == KNOWN[table] | verified(site, PARTS[table])


def verified(site: Site, part: str) -> set[str]:
    """The fields that a part is compared by, seen when its statement takes nothing for right."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_PURCHASES", "_ACCOUNTS"):
            statement = getattr(differences, name)
            patch.setattr(differences, name, statement.replace("WHERE stored IS DISTINCT FROM should", ""))
        return {
            field
            for difference in books.verify(sites=[site.pk])
            if difference.part == part and difference.should
            for field in difference.should
        } - {"warned"}
