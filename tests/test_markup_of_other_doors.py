"""The same hostile site (`tests.hostile`) by the files of the API, the browser's page of Cortex, and mails."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.mail_settings import MailKind
from core.models import Site
from core.site_settings import settings_of
from cortex.pages import COOKIE
from cortex.tests.walker import HOST, MOUNT, token_for
from customers.models import Customer
from purchasing.contents import contents_of
from purchasing.mailing.letters import letter_for
from purchasing.models import Package, Purchase, PurchaseMail
from tests.callers import make_caller
from tests.hostile import make_hostile_office
from tests.markup import Page, is_hit, judged
from tests.office import Office
from tests.test_every_address import KNOWN

FILES = [route for route in KNOWN if route.endswith((".csv", ".pdf"))]
MOST_PAGES = 150


@pytest.fixture
def office(site: Site) -> Office:
    return make_hostile_office(site)


def test_files_of_the_api(office: Office) -> None:
    program = make_caller(office.site, name="Files")
    faults: dict[str, Any] = {}
    for route in FILES:
        answer = program.get("/" + route.replace("<segment:id>", office.of(Customer).public_id))
        found, said = judged(answer)
        if found or answer.status_code != 200 or not is_hit(said):
            faults[route] = answer.status_code, found
    assert faults == {}


def test_pages_of_cortex(office: Office) -> None:
    """All that links lead to from the first page, up to a bound."""
    browser = Client(headers={"Accept": "text/html"})
    browser.cookies[COOKIE] = token_for(office.site, office.of(Customer).user)
    waiting, hits = [MOUNT], 0
    seen: set[str] = set()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        seen.add(address)
        path = address.removeprefix(HOST)
        answer = browser.get(path, RAW_URI=path)
        assert answer.status_code == 200, address
        page = Page(answer.content.decode())
        assert page.faults == [], address
        hits += is_hit(page.main)
        ours = (link for link in page.links if link.startswith(f"{MOUNT}/") and "/signout" not in link)
        waiting += [link for link in dict.fromkeys(ours) if link not in seen and link not in waiting]
    assert len(seen) > 50
    assert hits > 20


@pytest.mark.parametrize("kind", MailKind)
def test_mails(office: Office, kind: MailKind) -> None:
    """Neither the HTML runs anything nor does a header get a second line; the text says what was sent."""
    purchase = office.of(Purchase)
    sent = Package.objects.filter(purchase=purchase).latest("position")
    mail = PurchaseMail(
        site=office.site, purchase=purchase, kind=kind, subject=str(sent.spark_package_id), noted_at=purchase.stored_at
    )
    letter = letter_for(office.of(Customer), mail, purchase, contents_of(purchase), settings=settings_of(office.site))
    [(html, _kind)] = letter.alternatives
    page = Page(str(html))
    assert page.faults == []
    assert is_hit(page.text)
    assert is_hit(str(letter.body))
    assert not set("\r\n") & set(letter.subject)
    assert letter.message().as_bytes().count(b"\nSubject:") == 1
