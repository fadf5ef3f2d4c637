"""Every page of the back office in a real browser: fit for everybody, no wider than the screen, from this host alone.

The pages come from the registry (`tests.office`), so a new one is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, expect

from core.models import Site, User
from tests.e2e.conftest import AXE, MakeContext
from tests.office import Office, make_office

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, PHONE = 1280, 390
GROUPS: dict[str, Callable[[str, str], bool]] = {
    "set-up and customers": lambda name, _: not name or name.startswith(("core.", "procrastinate.", "customers.")),
    "catalogue and prices": lambda name, _: name.startswith(("catalog.", "pricing.")),
    "purchases": lambda name, address: name == "purchasing.purchase" and not address.endswith("/change/"),
    "one purchase": lambda name, address: name == "purchasing.purchase" and address.endswith("/change/"),
    "packages and more": lambda name, _: name.startswith("purchasing.") and name != "purchasing.purchase",
}
"""Pages that are looked at one after the other in the same browser."""
ALIKE = {"history", "delete"}
"""Pages that look alike whatever they are about: one of each kind is looked at in each group."""


@pytest.fixture
def office() -> Office:
    return make_office(Site.objects.create(slug="jones-climbing", name="Jones Climbing"))


class Looker:
    """A browser that notes what is wrong with each page."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.page = context.new_page()
        self.host = host
        self.faults: list[str] = []
        self.refusals: set[int] = set()
        self.now = ""
        self.axe = AXE.read_text()
        context.on("request", lambda request: self._note_request(request.url))

    def _note_request(self, url: str) -> None:
        if not url.startswith((f"{self.host}/", "data:", "blob:")):
            self.faults.append(f"{self.now}: asks for {url}")

    def open(self, address: str) -> bool:
        """Whether it is a page of its own: a refusal looks the same everywhere."""
        self.now = address
        answer = self.page.goto(address)
        assert answer
        if answer.status not in (200, 403, 404):
            self.faults.append(f"{address}: {answer.status}")
        known = answer.status in self.refusals
        self.refusals |= {answer.status} - {200}
        return not known

    def look(self, what: str = "", *, widths: tuple[int, ...] = (WIDE, PHONE)) -> None:
        """At the page as it stands, wide and narrow, and once in the dark, where colours alone differ.

        Forms of something new are made of the parts of the page of a row, so that narrow these are only measured.
        """
        self.page.evaluate(self.axe)
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 800})
            if width == widths[0] or not self.now.endswith("/add/"):
                self._judge(f"{what} ({width})", "")
            if width == widths[0]:
                self._theme("dark")
                self._judge(f"{what} (dark, {width})", "color-contrast")
                self._theme("light")
            shown = self.page.evaluate("document.documentElement.scrollWidth")
            if shown > width:
                self.faults.append(f"{self.now} {what}: {shown} wide on a screen of {width}")
        self.page.set_viewport_size({"width": WIDE, "height": 800})

    def _judge(self, what: str, rule: str) -> None:
        self.faults += [f"{self.now} {what}: {found}" for found in self._violations(rule)]

    def _theme(self, theme: str) -> None:
        self.page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")

    def _violations(self, rule: str) -> Iterator[str]:
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if rule:
            options["runOnly"] = [rule]
        found = self.page.evaluate("options => axe.run(options).then(result => result.violations)", options)
        for violation in found:
            for node in violation["nodes"]:
                yield f"{violation['impact']} {violation['id']}: {node['target'][0]}"


@pytest.fixture
def looker(make_context: MakeContext, live_server: Any) -> Looker:
    return Looker(make_context(viewport={"width": WIDE, "height": 800}, color_scheme="light"), live_server.url)


def sign_in(looker: Looker, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    looker.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": looker.host}])


@pytest.mark.parametrize("group", GROUPS)
def test_pages_are_fit_for_everybody(looker: Looker, office: Office, group: str) -> None:
    sign_in(looker, office.manager)
    alike: set[str] = set()
    for name, address in office.pages():
        kind = address.rstrip("/").rpartition("/")[2]
        if not GROUPS[group](name, address) or kind in alike:
            continue
        alike |= {kind} & ALIKE
        if looker.open(address):
            looker.look()
    assert "\n".join(looker.faults) == ""


def test_the_way_in_is_fit_for_everybody(looker: Looker, office: Office) -> None:
    looker.open("/admin/login/")
    looker.look()
    looker.page.get_by_label("Email").fill(office.manager.email)
    looker.page.locator("#id_password").fill("wrong")
    looker.page.get_by_role("button", name="Log in").click()
    expect(looker.page.get_by_role("alert").first).to_be_visible()
    looker.look("refused")
    assert "\n".join(looker.faults) == ""


def test_refused_forms_say_what_is_wrong_and_where(looker: Looker, office: Office) -> None:
    """Each form is emptied and sent: it comes back with a summary whose links lead into the fields."""
    sign_in(looker, office.manager)
    page = looker.page
    refused = 0
    for _, address in office.pages():
        if not address.endswith(ASKING) or not looker.open(address) or not page.evaluate(EMPTIED):
            continue
        with page.expect_navigation():
            page.evaluate("document.querySelector('main form[method=post]').submit()")
        refused += 1
        expect(page.locator("#error-summary")).to_be_focused()
        links = page.locator("#error-summary a").all()
        for link in links:
            target = (link.get_attribute("href") or "#")[1:]
            assert page.locator(f"[id='{target}']").count() == 1, (address, target)
        if links:
            links[0].press("Enter")
            assert page.evaluate("document.activeElement.matches('input, select, textarea, .select2-selection')")
        looker.look("refused", widths=(PHONE,))
    assert refused > 10
    assert "\n".join(looker.faults) == ""


def test_everything_is_worked_by_keys(looker: Looker, office: Office) -> None:
    """Past the navigation, into menus and out again, through the search, the filters and a dialog."""
    sign_in(looker, office.manager)
    page = looker.page
    looker.open(f"/admin/purchasing/purchase/{office.rows['purchasing.purchase'].pk}/change/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    more = page.get_by_role("button", name="More", exact=True)
    more.focus()
    page.keyboard.press("Enter")
    menu = page.locator("nav", has=page.get_by_role("link", name="Cancel items"))
    expect(menu.get_by_role("link").first).to_be_focused()
    looker.look("menu open", widths=(WIDE,))
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Cancel items")).to_be_hidden()
    expect(more).to_be_focused()

    sidebar = page.get_by_role("button", name="Show or hide the navigation").filter(visible=True).first
    sidebar.focus()
    page.keyboard.press(" ")
    expect(page.get_by_role("link", name="Overview")).to_be_hidden()
    page.keyboard.press(" ")
    expect(page.get_by_role("link", name="Overview")).to_be_visible()

    person = page.get_by_role("button", name=office.manager.email).first
    person.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    looker.look("own menu open", widths=(WIDE,))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()

    page.keyboard.press("Control+k")
    expect(page.get_by_placeholder("Type to search")).to_be_focused()
    page.keyboard.type("JC-20")
    first = page.locator("#command-results li a").first
    expect(first).to_contain_text("JC-")
    looker.look("search open", widths=(WIDE,))
    leads_to = first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{leads_to}")

    looker.open("/admin/purchasing/purchase/")
    page.get_by_role("button", name="Filters").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#changelist-filter")).to_be_visible()
    page.wait_for_function("document.activeElement.closest('#changelist-filter') !== null")  # it slides in
    looker.look("filters open", widths=(WIDE,))
    page.keyboard.press("Escape")
    expect(page.locator("#changelist-filter")).to_be_hidden()

    looker.open(f"/admin/purchasing/purchase/{office.rows['purchasing.purchase'].pk}/comment/")
    page.get_by_label("Text").focus()
    page.keyboard.type("They called back.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Comment")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The comment is there.")).to_be_visible()
    assert "\n".join(looker.faults) == ""


ASKING = ("add/", "ship/", "cancel/", "take-back/", "reject/", "comment/", "entry/", "erase/", "invite/", "import/")
EMPTIED = """() => {
  const form = document.querySelector("main form[method=post]");
  const inputs = [...(form?.querySelectorAll("input:not([type=hidden], [type=submit], [type=file]), textarea") ?? [])];
  if (!inputs.length) return false;
  for (const input of inputs) input.type === "checkbox" ? (input.checked = false) : (input.value = "");
  return true;
}"""
