"""A walk over the pages of the back office in English and in German: no text of ours is the same in both.

What is the same is data, a word that both languages share (`SHARED_WORDS`), or a name of programs.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.utils.translation import get_language, override

from core.admin import ImportAdmin
from core.models import Site
from core.sentences import spoken
from core.site_settings import KEYS
from tests.callers import ApiCaller
from tests.test_every_back_office_page import SHARED, WORLD, base_of, fill, routes_of_rows

SHARED_WORDS = frozenset(
    {
        *("Name", "Status", "Position", "Region", "Limit", "System", "Option", "Text", "Version", "Integration"),
        *("SKU", "CSV", "XLSX", "PDF", "USD", "GBP", "API", "ISO 4217"),
        *("English", "Deutsch", "sparkproject", "sparkproject site admin"),
    }
)
"""Reviewed: whole texts that German writes as English does."""
NO_TEXT = frozenset({"script", "style", "pre", "code", "textarea", "template"})
ALONE = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "rect"})
SPOKEN = ("title", "aria-label", "placeholder", "alt")
DATA = re.compile(
    r"Tom|Jones|Summit|JC-|ROPE|default|pay-1|[\w.]+@[\w.]+|\b(o|cu|pp|pv|sl|sm|orp|tx)_\d+|[0-9a-f]{8}-[0-9a-f-]{27}"
    r"|^\d+ GBP$|^system$|^All$",
    re.IGNORECASE,
)
OF_PROGRAMS = re.compile(r"[a-z0-9]+([._:\[\]-][a-z0-9\[\]]+)+|[A-Z]{2,3}|\.?[a-z]{2,4}", re.ASCII)
"""Property paths, slugs and codes; keys of settings are `KEYS`, columns of files `COLUMNS`."""


COLUMNS = {
    column.name
    for page in admin.site._registry.values()
    if isinstance(page, ImportAdmin)
    for column in page.importer.columns
}


class Texts(HTMLParser):
    """What people read of a page: its texts and the names of its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [given.get(name) or "" for name in SPOKEN]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.found.append(given.get("value") or "")
        is_icon = "material-symbols-outlined" in (given.get("class") or "")
        if (tag in NO_TEXT or is_icon or self.skipped) and tag not in ALONE:
            self.skipped.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.found.append(data)


def texts_of(client: Client, path: str, language: str) -> set[str]:
    answer = client.get(path, headers={"Accept-Language": language})
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return set()
    reader = Texts()
    reader.feed(answer.content.decode())
    return {" ".join(text.split()) for text in reader.found} - {""}


def is_said_by_us(text: str) -> bool:
    if (
        not re.search(r"[A-Za-z]{2}", text)
        or text in SHARED_WORDS
        or text.removesuffix("…") in {*KEYS, *COLUMNS}
        or DATA.search(text)
    ):
        return False
    return not OF_PROGRAMS.fullmatch(text)


def untranslated(client: Client, path: str) -> set[str]:
    cache.clear()  # what a search found is kept for some minutes, in the language it was asked in
    english = texts_of(client, path, "en")
    cache.clear()
    return {text for text in english & texts_of(client, path, "de") if is_said_by_us(text)}


def paths_of(name: str, row: Model) -> list[str]:
    rows = [re.sub(r"<[^>]*>", str(row.pk), route) for route in routes_of_rows(name)]
    rows.sort(key=lambda route: "history" not in route)  # the record keeps the words of whoever did it
    pages = ("", "add/", "import/", "new-quote/", *(route for route in rows if "packing-list" not in route))
    return [base_of(name) + page for page in pages]


@pytest.fixture
def filled(site: Site) -> Site:
    fill(site)
    return site


@pytest.mark.parametrize("name", sorted(WORLD))
def test_pages_say_nothing_in_english(back_office: Client, filled: Site, name: str) -> None:
    found = {path: untranslated(back_office, path) for path in paths_of(name, WORLD[name](filled))}
    assert {path: sorted(texts) for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize("path", ["/admin/", *map(base_of, sorted(SHARED)), "/admin/search/?s=Tom&extended=1"])
def test_the_other_pages_do_neither(back_office: Client, filled: Site, path: str) -> None:
    assert untranslated(back_office, path) == set()


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password/", "/admin/password/sent/"])
def test_a_stranger_reads_german_too(client: Client, path: str) -> None:
    assert texts_of(client, path, "de") != set()
    assert untranslated(client, path) == set()
    # Else browsers ask for one by themselves, which is not there.
    assert '<link rel="icon" href="/static/favicon' in client.get(path).content.decode()


def test_the_walk_finds_english(back_office: Client, filled: Site) -> None:
    """Its negative twin: with German asked for twice everything is the same."""
    german = texts_of(back_office, "/admin/", "de")
    assert {"Verwaltung", "Übersicht", "Käufe", "Überfällige Konten"} <= {
        text for text in german if is_said_by_us(text)
    }
    assert {"Back office", "Overview"} <= {
        text for text in texts_of(back_office, "/admin/", "en") if is_said_by_us(text)
    }


def test_a_chosen_language_is_kept_over_that_of_the_browser(back_office: Client, filled: Site) -> None:
    menu = back_office.get("/admin/", headers={"Accept-Language": "en"}).content.decode()
    assert 'action="/admin/language/"' in menu

    answer = back_office.post("/admin/language/", {"language": "de", "next": "/admin/"})

    cookie = answer.cookies["django_language"]
    assert (answer.status_code, answer["Location"], cookie.value) == (302, "/admin/", "de")
    assert (cookie["max-age"], bool(cookie["httponly"]), cookie["samesite"]) == (365 * 24 * 60 * 60, True, "Lax")
    page = back_office.get("/admin/", headers={"Accept-Language": "en"})
    assert ('<html lang="de"' in page.content.decode(), "Verwaltung" in page.content.decode()) == (True, True)
    elsewhere = back_office.post("/admin/language/", {"language": "de", "next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == "/"


def test_the_api_speaks_english_after_a_german_page(
    back_office: Client, filled: Site, anonymous_api: ApiCaller
) -> None:
    """One thread answers both; nothing of the page's language is left to the call."""
    back_office.get("/admin/", headers={"Accept-Language": "de"})
    assert get_language() == "de"
    assert anonymous_api.get("/api/v1/customers").status_code == 401
    assert get_language() == "en"


def test_a_refusal_is_told_in_german() -> None:
    """A made sentence, with what was put in; the API's own words stay English."""
    with override("de"):
        assert spoken("5.00 GBP on account is needed, 1.00 GBP is available.") == (
            "Auf Rechnung werden 5.00 GBP gebraucht, verfügbar sind 1.00 GBP."
        )
        assert spoken("default_tax_rate: must be between 0 and 100") == (
            "default_tax_rate: muss zwischen 0 und 100 liegen"
        )
        assert spoken("Nobody wrote this down.") == "Nobody wrote this down."
    with override("en"):
        assert spoken("There is no such group.") == "There is no such group."
