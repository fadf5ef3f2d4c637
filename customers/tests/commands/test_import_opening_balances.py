"""manage.py import_opening_balances: posted once, never changed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.models import Site
from core.tests.imports.runs import EXAMPLES, Told, counts, run_command
from customers.models import Account, AccountEntry, Customer
from customers.tests.cast import make_customer

HEADINGS = "customer,amount,currency_code,reference,value_date"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def head(site: Site) -> Customer:
    head = make_customer(site, external_id="C-100", email="head@example.com")
    make_customer(site, external_id="C-101", email="child@example.com", parent=head)
    make_customer(site, external_id="C-200", email="other@example.com")
    return head


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "balances.csv"


def run(site: Site, path: Path, *words: str) -> Told:
    return run_command("import_opening_balances", site, path, *words)


def balances() -> list[tuple[str, str, Decimal]]:
    rows = Account.objects.order_by("customer__external_id", "currency_code")
    return [(row.customer.external_id, row.currency_code, row.balance) for row in rows]


def test_the_example_is_posted_and_a_second_run_changes_nothing(site: Site) -> None:
    first = run(site, EXAMPLES / "opening_balances.csv")
    second = run(site, EXAMPLES / "opening_balances.csv")

    assert first == Told([counts(2, "Opening balances", created=2)], is_well=True)
    assert second == Told([counts(2, "Opening balances", unchanged=2)], is_well=True)
    assert balances() == [("C-100", "GBP", Decimal(1250)), ("C-200", "EUR", Decimal(-40))]
    entries = AccountEntry.objects.order_by("id")
    assert [(row.kind, str(row.value_date), row.author) for row in entries] == [
        ("opening", "2026-01-01", "system:import_opening_balances")
    ] * 2


def test_json_lines_hold_the_api_s_document(site: Site) -> None:
    """A child's balance is its company's, whose reference is taken."""
    first = run(site, EXAMPLES / "opening_balances.jsonl")
    assert first.lines == [
        "line 2: reference: An entry with this reference has other figures.",
        counts(2, "Opening balances", created=1, rejected=1),
    ]


def test_a_rejected_row_leaves_the_others_alone(site: Site, path: Path) -> None:
    rows = [
        "C-100,10,GBP,R-1,",
        "C-404,10,GBP,R-1,",
        "C-200,0,GBP,R-1,",
        "C-200,1.005,GBP,R-2,",
        "C-200,10,XXX,R-3,",
        ",10,GBP,R-4,",
        "C-200,10,GBP,R-5,yesterday",
        "C-200,10,GBP,R-6,",
        "C-200,10,GBP,R-6,",
        "C-200,7,GBP,R-7,",
    ]
    path.write_text("\n".join([HEADINGS, *rows]))

    told = run(site, path)

    assert [line.partition(": ")[2] for line in told.lines[:-1]] == [
        "customer: There is no such customer.",
        "amount: must not be 0.",
        "amount: has more decimals than GBP has.",
        "currency_code: not an ISO 4217 currency code with a minor unit.",
        "customer: Name the customer.",
        "value_date: must be a date such as 2026-01-31.",
        "Line 10 is about the same customer and reference.",
    ]
    assert told.last == counts(10, "Opening balances", created=2, rejected=7)
    assert balances() == [("C-100", "GBP", Decimal(10)), ("C-200", "GBP", Decimal(7))]


def test_other_figures_under_a_reference_are_rejected(site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS}\nC-100,10,GBP,R-1,\n")
    run(site, path)
    path.write_text(f"{HEADINGS}\nC-100,11,GBP,R-1,\n")
    assert run(site, path).lines[0] == "line 2: reference: An entry with this reference has other figures."
    assert balances() == [("C-100", "GBP", Decimal(10))]


def test_a_manual_entry_is_no_opening_balance(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "balances.jsonl"
    entry = '"kind": "manual", "amount": 1, "currency_code": "GBP", "reference": "R", "reason": "x"'
    path.write_text(f'{{"customer": "C-100", {entry}}}\n')
    assert run(site, path).lines[0] == "line 1: kind: Only opening entries are imported."


def test_a_dry_run_tells_the_same_and_writes_nothing(site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS}\nC-100,10,GBP,R-1,\nC-101,10,GBP,R-1,\nC-101,11,GBP,R-1,\nC-200,x,GBP,R-1,\n")

    dry = run(site, path, "--dry-run")

    assert AccountEntry.objects.count() == 0
    assert dry == run(site, path)
    assert dry.last == counts(4, "Opening balances", created=1, rejected=2)


def test_one_for_the_whole_file(site: Site, path: Path) -> None:
    path.write_text("customer,amount\nC-100,10\nC-200,20\n")
    words = ["--currency-code", "gbp", "--reference", "OB-2026", "--value-date", "2026-01-01"]
    assert run(site, path, *words).last == counts(2, "Opening balances", created=2)


def test_a_value_date_far_ahead_is_rejected(site: Site, path: Path) -> None:
    path.write_text(f"{HEADINGS}\nC-100,10,GBP,R-1,2999-01-31\n")
    assert run(site, path).lines[0] == "line 2: value_date: This is more than a year ahead."
    assert balances() == []
