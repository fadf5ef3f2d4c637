"""What is refused is told in the reader's language: every code that a page may meet has words of its own."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client
from django.utils.translation import override

from customers.models import Customer
from purchasing.pages.refusals import WORDS
from tests.cast import make_order

DOORS = (
    "purchasing/approvals.py",
    "purchasing/credit.py",
    "purchasing/order_minimum.py",
    "purchasing/trimming.py",
    "purchasing/reorder/operations.py",
    "customers/company_users.py",
    "customers/logins.py",
    "customers/printing.py",
    "core/retries.py",
    "core/spreadsheets.py",
)
"""Where what a page does is refused."""


def codes_in(text: str) -> set[str]:
    return set(re.findall(r'code="([a-z-]+)"', text)) | set(re.findall(r'Fault\("([a-z-]+)"', text))


def test_every_code_that_a_page_may_meet_has_words(project: Path) -> None:
    codes = set().union(*(codes_in((project / door).read_text()) for door in DOORS))
    assert len(codes) > 20
    assert codes - set(WORDS) == set()


def test_every_sentence_is_german_for_germans() -> None:
    for code, words in WORDS.items():
        with override("en"):
            english = str(words)
        with override("de"):
            assert str(words) != english, code


def test_a_refusal_that_is_a_page_of_its_own_is_german(browser: Client, buyer: Customer) -> None:
    order = make_order(buyer.site, buyer)
    answer = browser.post(
        f"/account/orders/{order.spark_id}/re-order/", {"shown": "old"}, headers={"Accept-Language": "de"}
    )
    assert answer.status_code == 409
    assert "Diese Seite ist zu alt." in answer.content.decode()
