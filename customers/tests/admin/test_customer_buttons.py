"""The statement of a customer in the back office, and entries posted there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Site
from customers.models import AccountEntry, Customer
from customers.tests.cast import make_customer, post_manual
from tests.callers import ApiCaller

PERIOD = {"from": "2000-01-01", "currency_code": "GBP"}
ENTRY = {
    "kind": "manual",
    "amount": "-15.50",
    "currency_code": "GBP",
    "reference": "goodwill-1",
    "reason": "Scratched helmets",
    "value_date": "2026-01-31",
}


@pytest.fixture
def company(site: Site) -> Customer:
    company = make_customer(site, company_name="Tom Jones Climbing")
    post_manual(company, "100.00")
    post_manual(company, "-40.00")
    return company


def page_of(customer: Customer, name: str = "statement") -> str:
    return f"/admin/customers/customer/{customer.pk}/{name}/"


def test_the_statement_is_that_of_the_api(back_office: Client, api: ApiCaller, company: Customer) -> None:
    told = api.get(f"/api/v1/customers/{company.public_id}/statement?from=2000-01-01&currency_code=GBP").json()
    shown = back_office.get(page_of(company), PERIOD).context
    figures = shown["statement"].figures()
    assert {name: figures[name] for name in ("opening", "closing", "overdue")} == {
        name: told[name] for name in ("opening", "closing", "overdue")
    }
    assert {name: figures[name] for name in told["ageing"]} == told["ageing"]
    assert [line.entry.id for line in shown["lines"]] == [line["id"] for line in told["lines"]]
    bars = [bar.figure for plot in shown["plots"] for bar in plot.bars]
    assert bars == list(told["ageing"].values())


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_its_files_are_those_of_the_api(back_office: Client, api: ApiCaller, company: Customer, kind: str) -> None:
    there = api.get(f"/api/v1/customers/{company.public_id}/statement.{kind}?from=2000-01-01&currency_code=GBP")
    here = back_office.get(page_of(company), {**PERIOD, "format": kind, "to": "", "as_at": ""})
    assert here["Content-Type"] == there["Content-Type"]
    assert here["Content-Disposition"] == there["Content-Disposition"]
    if kind == "csv":
        assert b"".join(here.streaming_content) == b"".join(there.streaming_content)  # type: ignore[attr-defined]
    else:
        assert here.content[:5] == there.content[:5] == b"%PDF-"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"from": "31.01.2026"}, "from"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "from"),
        ({"as_at": "noon"}, "as_at"),
        ({"currency_code": "XXX"}, "currency_code"),
    ],
)
def test_a_bad_parameter_is_named(back_office: Client, company: Customer, sent: dict[str, str], field: str) -> None:
    page = back_office.get(page_of(company), sent)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert "statement" not in page.context
    assert back_office.get(page_of(company), {**sent, "format": "csv"}).status_code == 400


def test_a_childs_statement_is_its_companys(back_office: Client, site: Site, company: Customer) -> None:
    child = make_customer(site, "Sam", company_name="Summit Supplies", parent=company)
    shown = back_office.get(page_of(child), PERIOD)
    assert shown.context["statement"].account == company
    assert f"/admin/customers/customer/{company.pk}/change/" in shown.content.decode()


def test_what_people_typed_is_no_markup(back_office: Client, site: Site) -> None:
    customer = make_customer(site, company_name="<b>Bold</b>")
    post_manual(customer, "1.00", reference="<script>alert(1)</script>")
    text = back_office.get(page_of(customer), PERIOD).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>Bold" not in text
    assert "<script>alert" not in text


def test_as_many_queries_for_many_postings_as_for_one(back_office: Client, site: Site) -> None:
    counts = []
    for number in (1, 50):
        customer = make_customer(site, f"Tom{number}")
        for _ in range(number):
            post_manual(customer, "1.00")
        with CaptureQueriesContext(connection) as queries:
            shown = back_office.get(page_of(customer), PERIOD)
        assert len(shown.context["lines"]) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_entry_is_posted(back_office: Client, company: Customer) -> None:
    answer = back_office.post(page_of(company, "entry"), ENTRY)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/customers/customer/{company.pk}/change/")
    entry = AccountEntry.objects.get(reference="goodwill-1")
    assert (entry.kind, f"{entry.amount:.2f}", f"{entry.balance_after:.2f}", entry.reason, str(entry.value_date)) == (
        "manual",
        "-15.50",
        "44.50",
        "Scratched helmets",
        "2026-01-31",
    )
    assert entry.author == "staff:staff@jones-climbing.example"


def test_an_entry_sent_twice_is_posted_once(back_office: Client, company: Customer) -> None:
    for _ in range(2):
        back_office.post(page_of(company, "entry"), {**ENTRY, "kind": "opening"})
    assert AccountEntry.objects.filter(reference="goodwill-1", kind="opening").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"currency_code": "XXX"}, "currency_code"),
        ({"reason": ""}, "reason"),
        ({"reason": "  "}, "reason"),
        ({"reference": ""}, "reference"),
        ({"kind": "charge"}, "kind"),
        ({"value_date": "31.02.2026"}, "value_date"),
    ],
)
def test_what_is_refused_stands_beside_its_field(
    back_office: Client, company: Customer, changed: dict[str, Any], field: str
) -> None:
    before = AccountEntry.objects.count()
    page = back_office.post(page_of(company, "entry"), {**ENTRY, **changed})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert AccountEntry.objects.count() == before


def test_a_reference_with_other_figures_is_refused(back_office: Client, company: Customer) -> None:
    back_office.post(page_of(company, "entry"), ENTRY)
    page = back_office.post(page_of(company, "entry"), {**ENTRY, "amount": "1.00"})
    assert list(page.context["form"].errors) == ["reference"]
    assert AccountEntry.objects.filter(reference="goodwill-1").count() == 1


def test_nothing_is_posted_to_a_deleted_customer(back_office: Client, api: ApiCaller, company: Customer) -> None:
    api.delete(f"/api/v1/customers/{company.public_id}")
    before = AccountEntry.objects.count()
    assert back_office.post(page_of(company, "entry"), ENTRY).status_code == 302
    assert AccountEntry.objects.count() == before
    assert back_office.get(page_of(company), PERIOD).status_code == 200
    offered = back_office.get(f"/admin/customers/customer/{company.pk}/change/").context["actions_detail"]
    assert [item["title"] for item in offered] == ["Statement", "Credit", "More"]


def test_an_entry_that_stands_is_said_to_stand(back_office: Client, company: Customer) -> None:
    back_office.post(page_of(company, "entry"), {**ENTRY, "value_date": "2026-02-01"})
    page = back_office.post(page_of(company, "entry"), {**ENTRY, "value_date": ""}, follow=True).content.decode()
    assert "Nothing was posted: goodwill-1 stands already" in page
    assert AccountEntry.objects.filter(reference="goodwill-1").count() == 1


def test_a_value_date_is_at_most_a_year_ahead(back_office: Client, company: Customer) -> None:
    far = timezone.localdate() + timedelta(days=400)
    page = back_office.post(page_of(company, "entry"), {**ENTRY, "value_date": far.isoformat()})
    assert "This is more than a year ahead." in page.content.decode()
    assert not AccountEntry.objects.filter(reference="goodwill-1").exists()
