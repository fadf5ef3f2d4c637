"""German: every word has its translation, the compiled file is the readable one, and pages speak it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.test import Client

from core.catalogue import catalogue_of, is_translated, words_of_project
from core.models import Site
from core.sentences import CONTEXT
from customers.models import Customer
from tests.cast import make_order, pay

PLACEHOLDER = re.compile(r"%\(\w+\)s|(?<!%)%[sd]|\{\w*\}")


@pytest.fixture
def catalogue(project: Path) -> Catalog:
    return catalogue_of(project, "de")


def said_in(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def words_of(catalog: Catalog) -> set[tuple[str, str, str]]:
    """Each message with its context and translation; of a plural, all forms."""
    return {(_context(message.context), _forms(message.id), _forms(message.string)) for message in said_in(catalog)}


def _context(context: str | bytes | None) -> str:
    """Compiled catalogues are read with contexts as bytes."""
    return context.decode() if isinstance(context, bytes) else context or ""


def _forms(text: Any) -> str:
    return text if isinstance(text, str) else " | ".join(text)


def test_the_compiled_file_says_what_the_readable_one_says(project: Path, catalogue: Catalog) -> None:
    with (project / "locale" / "de" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        assert words_of(read_mo(compiled)) == words_of(catalogue)


def test_every_word_is_translated(project: Path, catalogue: Catalog) -> None:
    """`manage.py words` finds what is missing here."""
    words = words_of_project(project)
    known = {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
        for message in said_in(catalogue)
        if is_translated(message)
    }

    assert len(words) > 1_000
    assert set(words) - known == set()


def test_nothing_is_translated_that_nobody_says(project: Path, catalogue: Catalog) -> None:
    """A word may be another one of a certain model; then it is said without the model too."""
    words = set(words_of_project(project))
    plain = {text for _context, text in words}
    kept = {(message.context or "", _forms(message.id).split(" | ")[0]) for message in said_in(catalogue)}

    assert {(context, text) for context, text in kept - words if text not in plain} == set()


def test_what_is_put_in_is_put_into_the_translation(catalogue: Catalog) -> None:
    """Every placeholder by its name; a sentence of the rules may leave one out. What is said of one need not count."""
    for message in said_in(catalogue):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        expected = set(PLACEHOLDER.findall(originals[-1]))
        found = [set(PLACEHOLDER.findall(string)) for string in strings]
        assert all(each <= expected for each in found), (originals, strings)
        assert message.context == CONTEXT or found[-1] == expected, (originals, strings)


def test_pages_speak_german(browser: Client, site: Site, buyer: Customer) -> None:
    order = make_order(site, buyer, dates={"placed_at": "2026-03-01T10:00:00Z"})
    pay(order, "4.00")
    german = {"Accept-Language": "de-DE,de;q=0.9"}

    orders = browser.get("/account/orders/", headers=german).content.decode()
    page = browser.get(f"/account/orders/{order.spark_id}/", headers=german).content.decode()

    assert '<html lang="de">' in orders
    for words in ("Bestellungen", "Teilweise bezahlt", "01.03.2026", "10,00\xa0£", "Abmelden"):
        assert words in orders
    for words in ("Zahlung über 4,00\xa0£ eingegangen", "Verlauf", "Kommt noch"):
        assert words in page
