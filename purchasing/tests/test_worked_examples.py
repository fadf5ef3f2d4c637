"""The worked examples of `docs/money.md`, statements: each table is acted out and has to come out as it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core.actors import SYSTEM
from core.devdb import PROJECT
from core.models import Site
from core.money import plain
from customers.documents import CustomerChange
from customers.models import AccountEntry, Customer
from customers.operations import patch_customer
from purchasing.tests.bakers import line, make_customer, on_account, package, pay, put
from tests.callers import ApiCaller, make_caller

Rows = list[dict[str, str]]
HOUR = "12:00:00+00:00"


def examples(page: Path) -> Iterator[tuple[str, Rows, Rows]]:
    """Each example of the page by its name, with the rows of its two tables."""
    text = page.read_text().partition("### Worked examples\n")[2].partition("\n## ")[0].replace("−", "-")
    for part in text.split("\n**")[1:]:
        name, _, rest = part.partition("**")
        [happens, said] = [list(rows_of(table)) for table in re.findall(r"(?:^\|.*\n)+", rest, re.MULTILINE)]
        yield name.strip(" ."), happens, said


def rows_of(table: str) -> Iterator[dict[str, str]]:
    titles, _, *rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
    for row in rows:
        yield dict(zip(titles, row, strict=True))


EXAMPLES = list(examples(PROJECT / "docs" / "money.md"))


@pytest.fixture
def at(db: None) -> Callable[[str], time_machine.travel]:
    """A day at noon, for the database's clock too: its functions are found in a schema that comes before its own."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA told")
        for name in ("clock_timestamp", "statement_timestamp", "now"):
            cursor.execute(
                f"CREATE FUNCTION told.{name}() RETURNS timestamptz LANGUAGE sql STABLE "
                "AS $$ SELECT current_setting('told.moment')::timestamptz $$"
            )
        cursor.execute("SET LOCAL search_path = told, pg_catalog, public")

    def travel(day: str) -> time_machine.travel:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('told.moment', %s, TRUE)", [f"{day}T{HOUR}"])
        return time_machine.travel(f"{day}T{HOUR}", tick=False)

    return travel


@dataclass
class Stage:
    """A company with a branch that stands alone, and what can happen to them."""

    site: Site
    company: Customer = field(init=False)
    branch: Customer = field(init=False)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.company = make_customer(self.site, "Tom Jones Climbing", currency_code="GBP")
        self.branch = make_customer(self.site, "Tom Jones Climbing, Bristol", currency_code="GBP")

    def act(self, day: str, what: str) -> None:
        for pattern, step in STEPS.items():
            if found := re.fullmatch(pattern, what):
                step(self, day, *found.groups())
                return
        raise AssertionError(f"nobody knows how to act: {what}")

    def order(self, day: str, name: str, total: str, currency: str | None, branch: str | None) -> None:
        code = currency or "GBP"
        parts = package(line(total, currency=code))
        dates = self.orders.get(name, {}).get("dates", {"placed_at": f"{day}T{HOUR}"})
        customer = self.branch if branch else self.company
        self.orders[name] = on_account(parts, customer=customer, currency_code=code) | {"dates": dates}
        put(self.site, self.orders[name], name)

    def come_back(self, day: str, part: str, name: str) -> None:
        [whole] = self.orders[name]["packages"]
        total = Decimal(whole["line_items"][0]["line_total"]["total_net"]["number"])
        packages = [package(line(total - Decimal(part))), package(line(part), type="refund")]
        put(self.site, self.orders[name] | {"packages": packages}, name)

    def pay(self, day: str, amount: str, name: str) -> None:
        pay(self.site, amount, name, id=f"for {name}")

    def bounce(self, day: str, name: str) -> None:
        [payment] = AccountEntry.objects.filter(kind="transaction", reference=f"for {name}")
        pay(self.site, -payment.amount, name, id=f"for {name}", applied=False)

    def come_under(self, day: str) -> None:
        self.change(self.branch, parent_customer_id=self.company.public_id)

    def change_terms(self, day: str, days: str) -> None:
        self.change(self.company, payment_on_account={"net_terms": int(days)})

    def change(self, customer: Customer, **members: Any) -> None:
        document = CustomerChange.model_validate(members)
        patch_customer(
            site=self.site, customer_id=customer.public_id, document=document, actor=SYSTEM, now=timezone.now()
        )

    def read(self, api: ApiCaller, asked: str) -> dict[str, Any]:
        found = re.fullmatch(r"(?:as at (\S+)|(\S+) to (\S+))(?: in (\w{3}))?( of the branch)?(, had it left)?", asked)
        assert found, f"nobody knows what to read: {asked}"
        as_at, first, last, currency, branch, left = found.groups()
        if left:
            self.change(self.branch, parent_customer_id=None)
        period = f"as_at={as_at}" if as_at else f"from={first}&to={last}"
        customer = self.branch if branch else self.company
        path = f"/api/v1/customers/{customer.public_id}/statement?{period}&currency_code={currency or 'GBP'}"
        answer = api.get(path)
        assert answer.status_code == 200, answer.content
        statement: dict[str, Any] = answer.json()
        return statement


STEPS: dict[str, Callable[..., None]] = {
    r"order (\w) of (\d+)(?: (\w{3}))?( for the branch)?": Stage.order,
    r"(\d+) of (\w) come back": Stage.come_back,
    r"(\d+) are paid for (\w)": Stage.pay,
    r"the payment for (\w) bounces": Stage.bounce,
    r"the branch comes under the company": Stage.come_under,
    r"the terms become (\d+) days": Stage.change_terms,
}


def last_entry() -> tuple[str, str]:
    """What the newest entry posted, and the balance after it, as the page writes them."""
    entry = AccountEntry.objects.select_related("account").latest("id")
    code = "" if entry.currency_code == "GBP" else f" {entry.currency_code}"
    return f"{entry.kind} {plain(entry.amount)}{code}", str(plain(entry.balance_after))


@pytest.mark.parametrize(
    ("happens", "said"), [example[1:] for example in EXAMPLES], ids=[name for name, *_ in EXAMPLES]
)
def test_a_worked_example(site: Site, at: Callable[[str], time_machine.travel], happens: Rows, said: Rows) -> None:
    with at(happens[0]["day"]):
        stage = Stage(site)
    for row in happens:
        before = AccountEntry.objects.count()
        with at(row["day"]):
            stage.act(row["day"], row["what happens"])
        entry, balance = last_entry()
        posted = AccountEntry.objects.count() - before
        assert (entry if posted else "none", balance) == (row["entry"], row["balance"])
        assert posted <= 1
    with at("2026-06-01"):
        api = make_caller(site)
        for row in said:
            statement = stage.read(api, row["statement"])
            ageing = statement["ageing"]
            assert row == {
                "statement": row["statement"],
                "opening": figure(statement["opening"]),
                "lines": str(len(statement["lines"])),
                "closing": figure(statement["closing"]),
                "not due": figure(ageing["not_due"]),
                "1–30": figure(ageing["d1_30"]),
                "31–60": figure(ageing["d31_60"]),
                "61–90": figure(ageing["d61_90"]),
                "over 90": figure(ageing["over_90"]),
                "credit": figure(ageing["credit"]),
            }


def figure(amount: str) -> str:
    return str(plain(Decimal(amount)))


def test_every_example_is_acted_out() -> None:
    assert [name for name, *_ in EXAMPLES] == [
        "Paid in part",
        "A credit note",
        "Two currencies",
        "A branch that got a parent",
        "Changed terms",
        "As at",
    ]
    assert date(2026, 6, 1) > max(date.fromisoformat(row["day"]) for _, happens, _ in EXAMPLES for row in happens)
