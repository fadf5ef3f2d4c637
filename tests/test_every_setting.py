"""Each declared setting of a site or a group changes what the system does: asked before and after it is set.

Everything goes over HTTP, by a program that may set the settings. A setting without a row fails the walk; one that is
declared and read by nobody cannot have a good one, as what is seen before and after would be the same.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import count
from typing import Any, get_args

import pytest
from django.core import mail as outbox
from django.utils import timezone
from pypdf import PdfReader

from core.models import Site
from core.site_settings import KEYS
from customers.group_documents import GroupSettingDocument
from customers.models import Customer
from pricing.tests.cast import make_price_list
from purchasing.mailing.sending import send
from purchasing.models import PurchaseMail
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

SETTINGS = "/api/v1/settings"
GROUP_SETTINGS = "/api/v1/customer-groups/default/settings"
GROUP_KEYS = get_args(GroupSettingDocument.model_fields["key"].annotation)
MINIMUM = [{"currency_code": "gbp", "minimum_value": 150, "compare_type": "gross"}]

YES, NO = True, False

numbers = count(1)


@dataclass(frozen=True)
class Stage:
    """A site with a program that calls it, and a customer without parent."""

    site: Site
    api: ApiCaller
    customer: Customer

    @property
    def account(self) -> str:
        return f"/api/v1/customers/{self.customer.public_id}"

    def put(self, **members: Any) -> tuple[str, Any]:
        """The address of a new order of 10.00 GBP, and what its PUT was answered."""
        body = {
            "type": "order",
            "customer_identifiers": {"sparklayer": self.customer.public_id},
            "payment_method": "on_account",
            "dates": {"placed_at": "2026-03-02T20:00:00Z"},
            "packages": [package(line())],
        }
        path = f"/api/v1/purchases/internal/I-{next(numbers)}"
        return path, self.api.put(path, json=body | members)


@pytest.fixture
def stage(site: Site, api: ApiCaller) -> Stage:
    return Stage(site, api, make_customer(site))


def type_or_refusal(answer: Any) -> str:
    """The type of the purchase that is answered, else the code of the refusal."""
    body = answer.json()
    word: str = body["errors"][0]["code"] if "errors" in body else body["type"]
    return word


def balance(stage: Stage) -> list[str]:
    """What a new customer owes after an order on account."""
    customer = make_customer(stage.site)
    stage.put(customer_identifiers={"sparklayer": customer.public_id})
    return [row["amount"] for row in stage.api.get(f"/api/v1/customers/{customer.public_id}").json()["balances"]]


def currency_of_nothing(stage: Stage) -> Any:
    """Of a purchase that names no currency anywhere."""
    _, answer = stage.put(packages=[])
    return answer.json()["currency_code"] if answer.status_code == 200 else answer.json()["errors"][0]["code"]


def net_of_a_gross_price(stage: Stage) -> str:
    """Of 12.00 with tax in it, at a rate that the price does not name."""
    slug = f"list-{next(numbers)}"
    make_price_list(stage.site, slug)
    rows = [{"price_list_slug": slug, "pricing": [{"price": 12, "tax_type": "gross"}]}]
    stage.api.patch("/api/v1/pricing/ROPE", json=rows)
    asked = {"skus": ["ROPE"], "price_list_slugs": [slug]}
    [row] = stage.api.post("/api/v1/calculate-pricing", json=asked).json()
    number: str = row["pricing"][0]["price"]["number"]
    return number


def day_of_a_late_order(stage: Stage) -> str:
    """Of the charge of an order placed at eight in the evening, UTC."""
    stage.put()
    day: str = stage.api.get(f"{stage.account}/ledger").json()[-1]["value_date"]
    return day


def title_of_a_paper(stage: Stage) -> list[str]:
    stage.put()
    paper = stage.api.get(f"{stage.account}/statement.pdf?from=2026-01-01&currency_code=GBP").content
    text = PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    return [word for word in ("Statement", "Kontoauszug") if word in text]


def due_day(stage: Stage) -> str:
    stage.put()
    day: str = stage.api.get(f"{stage.account}/ledger").json()[-1]["due_date"]
    return day


def what_an_approval_makes(stage: Stage) -> str:
    path, _ = stage.put(type="awaiting_approval")
    word: str = stage.api.post(f"{path}/approve", json={"revision": 1, "total": "10"}).json()["type"]
    return word


def small_order_of_a_program(stage: Stage) -> tuple[int, str]:
    """Where the group asks for 150 GBP."""
    stage.api.patch(GROUP_SETTINGS, json=[{"key": "orderTotalsValidation", "value": MINIMUM}])
    _, answer = stage.put()
    return answer.status_code, type_or_refusal(answer)


def second_call_of_a_minute(stage: Stage) -> int:
    """A call costs nothing until there is a limit; then the first is let through and the second is not."""
    status: int = [stage.api.get(stage.account).status_code for _ in range(2)][-1]
    return status


def mails_of_an_order(stage: Stage) -> int:
    """That is placed now."""
    stage.put(dates={})
    return PurchaseMail.objects.count()


def mail_of_an_order(stage: Stage) -> Any:
    """As it is handed over."""
    stage.api.patch(SETTINGS, json=[{"key": "mails", "value": ["confirmed"]}])
    stage.put(dates={})
    mail = PurchaseMail.objects.latest("id")
    send(site_id=stage.site.pk, mail_id=mail.pk, now=timezone.now(), last=False)
    return outbox.outbox[-1]


def sender_of_a_mail(stage: Stage) -> str:
    return parseaddr(mail_of_an_order(stage).from_email)[1]


def where_answers_go(stage: Stage) -> Any:
    return mail_of_an_order(stage).reply_to


def small_quote_that_is_accepted(stage: Stage) -> tuple[int, str]:
    """By a program, on a site where order minimums bind programs."""
    path, answer = stage.put(type="quote")
    stage.api.patch(SETTINGS, json=[{"key": "enforce_order_minimum_for_api", "value": True}])
    answer = stage.api.post(f"{path}/accept", json={"revision": 1})
    return answer.status_code, type_or_refusal(answer)


@dataclass(frozen=True)
class Row:
    """What is set, what is looked at, and what is seen before and after."""

    value: Any
    look: Callable[[Stage], Any]
    before: Any
    after: Any


OF_SITE: dict[str, Row] = {
    "charge_posting": Row("off", balance, ["10.00"], []),
    "default_currency": Row("chf", currency_of_nothing, "required", "CHF"),
    "default_tax_rate": Row(20, net_of_a_gross_price, "12.00", "10.00"),
    "time_zone": Row("Australia/Sydney", day_of_a_late_order, "2026-03-02", "2026-03-03"),
    "languages": Row(["de", "en"], title_of_a_paper, ["Statement"], ["Kontoauszug"]),
    "net_terms_days": Row(5, due_day, "2026-04-01", "2026-03-07"),
    "approval_places_order": Row(NO, what_an_approval_makes, "order", "awaiting_approval"),
    "enforce_order_minimum_for_api": Row(YES, small_order_of_a_program, (200, "order"), (400, "order-minimum")),
    "mails": Row(["confirmed"], mails_of_an_order, 0, 1),
    "mail_from": Row(
        "Jones <orders@jones.example>", sender_of_a_mail, "sparkproject@localhost", "orders@jones.example"
    ),
    "mail_reply_to": Row("shop@jones.example", where_answers_go, [], ["shop@jones.example"]),
    "throttle_per_minute": Row(1, second_call_of_a_minute, 200, 429),
}
OF_GROUP: dict[str, Row] = {
    "orderTotalsValidation": Row(MINIMUM, small_quote_that_is_accepted, (200, "order"), (400, "order-minimum")),
}


def test_every_setting_has_a_row() -> None:
    assert (set(OF_SITE), set(OF_GROUP)) == (set(KEYS), set(GROUP_KEYS))
    assert [key for key, row in (OF_SITE | OF_GROUP).items() if row.before == row.after] == []


@pytest.mark.parametrize("key", KEYS)
def test_a_setting_of_a_site_changes_what_is_done(stage: Stage, key: str) -> None:
    row = OF_SITE[key]
    before = row.look(stage)

    assert stage.api.patch(SETTINGS, json=[{"key": key, "value": row.value}]).status_code == 204

    assert (before, row.look(stage)) == (row.before, row.after)


@pytest.mark.parametrize("key", GROUP_KEYS)
def test_a_setting_of_a_group_changes_what_is_done(stage: Stage, key: str) -> None:
    row = OF_GROUP[key]
    before = row.look(stage)

    assert stage.api.patch(GROUP_SETTINGS, json=[{"key": key, "value": row.value}]).status_code == 204

    assert (before, row.look(stage)) == (row.before, row.after)
