"""German: every word has its translation, the compiled file is the readable one, and pages speak it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client

from core.models import Site
from customers.models import Customer
from tests.cast import make_order, pay


@pytest.fixture
def german(project: Path) -> Path:
    return project / "locale" / "de" / "LC_MESSAGES"


def words_of(catalog: Catalog) -> set[tuple[str, str]]:
    """Each message with its translation; of a plural, all forms."""
    return {(_forms(message.id), _forms(message.string)) for message in catalog if message.id}


def _forms(text: Any) -> str:
    return text if isinstance(text, str) else " | ".join(text)


def test_the_compiled_file_says_what_the_readable_one_says(german: Path) -> None:
    with (german / "django.po").open("rb") as written, (german / "django.mo").open("rb") as compiled:
        assert words_of(read_mo(compiled)) == words_of(read_po(written))


def test_every_word_of_pages_is_translated(german: Path, project: Path) -> None:
    with (german / "django.po").open("rb") as written:
        known = {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            for message in read_po(written)
            if message.id
        }
    # The back office speaks English.
    spoken = [path for path in sorted((project / "templates").rglob("*.*")) if "admin" not in path.parts]
    templates = "\n".join(path.read_text() for path in spoken)
    speaking = [
        *(path for room in ("pages", "mailing") for path in sorted((project / "purchasing" / room).glob("*.py"))),
        project / "customers" / "printing.py",
    ]
    code = "\n".join(path.read_text() for path in speaking)
    words = set(re.findall(r"{% translate [\"'](.+?)[\"'] %}", templates))
    words |= {
        re.sub(r"{{ (\w+) }}", r"%(\1)s", text) for text in re.findall(r"{% blocktranslate[^%]*%}(.+?){%", templates)
    }
    words |= set(re.findall(r'\b(?:_|lazy)\("(.+?)"\)', code))

    assert len(words) > 80
    assert {word for word in words if not known.get(word)} == set()


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
