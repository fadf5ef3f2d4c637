"""Staff at work at random: everything that the back office lets anybody do, by its registry, done on its pages.

A deed is taken as a browser without scripts would: its page is opened, its form filled in with values that may well be
right, and sent. Pages, buttons, actions and imports are found in the registry; rows in the states that some of
them need come from `supply`.
"""

from __future__ import annotations

import contextlib
import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.template.response import SimpleTemplateResponse
from django.test import Client

from core.admin import ImportAdmin
from core.models import Site, StaffMembership, User
from customers.tests.cast import make_group
from pricing.tests.cast import make_price_list
from pricing.tests.rates import publish
from purchasing import books
from tests.callers import make_client, make_staff
from tests.cast import line, make_customer, make_order, package, pay
from tests.form_filling import Pen
from tests.import_kinds import kinds
from tests.office import READS, base_of, make_office, routes

ROW = "<path:object_id>/"
NO_DEEDS = {"", f"{ROW}history/", ROW, "export.csv", "export.xlsx", "import/<uuid:upload_id>/"}
"""Addresses where nothing is done."""
LEADING = ("record-payment/", "record-refund/", f"{ROW}new-quote/")
"""Buttons that lead to the form of something new."""
ROLES = {"read-only": 1, "clerk": 6, "manager": 12, "superuser": 4}
"""Who works, and how often."""
ROWS_TRIED, NEWEST = 3, 12
"""To how many rows a deed is done until one lets it; and how many of the newest are as likely as all the others."""


@dataclass(frozen=True)
class Deed:
    """What can be done: on a page (`route`), or to rows of a list (`action`)."""

    name: str
    route: str = ""
    action: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.action or self.route}"


NEVER = {
    Deed("core.site", f"{ROW}delete/"): "a site in use stays",
    Deed("core.site", action="delete_selected"): "the same",
}
"""What nobody carries out, and why."""


def deeds(superuser: Client) -> list[Deed]:
    """Everything that a superuser may do, by the registry: what a page lets nobody do is none."""
    found = []
    for model, page in admin.site._registry.items():
        name = model._meta.label_lower
        request = superuser.get(base_of(name)).wsgi_request
        may: dict[str, bool] = {
            "add/": page.has_add_permission(request),
            f"{ROW}change/": page.has_change_permission(request),
            f"{ROW}delete/": page.has_delete_permission(request),
        }
        own = [route for label, route in routes() if label == name]
        found += [
            Deed(name, route)
            for route in own
            if route not in NO_DEEDS and (name, route) not in READS and may.get(route, True)
        ]
        found += [Deed(name, action=action) for action in page.get_actions(request)]
    return found


def supply(site: Site, rng: random.Random) -> None:
    """Purchases of every kind for those who have something to do with them, in pounds and euros; and of what is deleted
    as often as it is added: a program, a group, a price, a rate.
    """
    number = rng.randrange(10**9)
    make_client(site, name=f"Shop {number}")
    make_group(site, f"group-{number}")
    make_price_list(site, f"list-{number}", ROPE=["98.50"])
    publish("1.10", "CHF", date(2000, 1, 1) + timedelta(days=number % 9_000))
    head = make_customer(site, f"Company {rng.random()}", payment_on_account=True, credit_limit=100_000)
    child = make_customer(site, "Its branch", parent=head, payment_on_account=True)
    for kind in ("order", "order", "order_unconfirmed", "awaiting_approval", "quote", "quote"):
        code = rng.choice(["GBP", "GBP", "EUR"])
        goods = [_line(rng, code) for _ in range(rng.randint(1, 3))]
        shipped = {"dates": {"shipped_at": "2026-03-02T10:00:00Z"}}
        order = make_order(
            site,
            head,
            type=kind,
            currency_code=code,
            payment_method=rng.choice(["on_account", "card"]),
            packages=[package(*goods), package(_line(rng, code), **(shipped if kind == "order" else {}))],
            **({"child": child} if rng.random() < 0.4 else {}),
            **({"quote_status": rng.choice(["sent", "sent", "draft"])} if kind == "quote" else {}),
        )
        if kind == "order":
            pay(order, str(rng.randint(1, 20)), applied=rng.random() < 0.7)


def _line(rng: random.Random, code: str) -> dict[str, Any]:
    net = {"total_net": {"number": f"{rng.randint(1, 300)}.{rng.randint(0, 99):02}", "currency": code}}
    return line(rng.choice(["ROPE", "AXE", "CHALK"]), quantity=rng.randint(1, 5), line_total=net)


class Watched(Client):
    """A signed-in browser that no answer of 5xx passes, nor one that sends it to sign in.

    `is_read`: whether anybody looks at the next answer; a page that nobody reads is not rendered.
    """

    is_read = True

    def request(self, **request: Any) -> Any:
        unread = mock.patch.object(SimpleTemplateResponse, "rendered_content", "")
        with contextlib.nullcontext() if self.is_read else unread:
            answer = super().request(**request)
        assert answer.status_code < 500, (answer.status_code, request.get("PATH_INFO"))
        assert "/login/" not in answer.headers.get("Location", ""), request.get("PATH_INFO")
        return answer


class Forbidden(Exception):
    """Not with this role."""


@dataclass
class Walk:
    """`spared`: rows that are left alone. `done`: how often each deed was carried out, and not refused."""

    site: Site
    rng: random.Random
    spared: tuple[Model, ...]
    staff: dict[str, User] = field(init=False, default_factory=dict)
    browsers: dict[str, Watched] = field(init=False, default_factory=dict)
    taken: dict[Deed, int] = field(init=False, default_factory=dict)
    done: dict[Deed, int] = field(init=False, default_factory=dict)
    refusals_seen: set[Deed] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        for role in ROLES:
            email = f"walking-{role}@{self.site.slug}.example"
            superuser = role == "superuser"
            self.staff[role] = User.objects.create_superuser(email) if superuser else make_staff(self.site, email=email)
            self.browsers[role] = Watched(SERVER_NAME="127.0.0.1")
            self.browsers[role].force_login(self.staff[role])
        self.give_roles()
        for command in ("import_opening_balances", "import_prices"):
            kinds(4)[command].set_up(self.site)

    @property
    def steps(self) -> int:
        return sum(self.taken.values())

    def give_roles(self) -> None:
        """To begin with, and again: what is done at random takes roles away too."""
        for role, person in self.staff.items():
            if role != "superuser":
                StaffMembership.objects.update_or_create(site=self.site, user=person, defaults={"role": role})

    def undone(self, todo: list[Deed]) -> list[str]:
        """What was never carried out, though somebody could."""
        return [str(deed) for deed in todo if not self.done.get(deed) and deed not in NEVER]

    def differences(self) -> list[str]:
        """Where the site's books are not what its rows say."""
        return [str(difference) for difference in books.verify(sites=[self.site.pk])]

    def turn(self, todo: list[Deed]) -> None:
        """Each of these once, in any order, with new purchases to do it to. Raises what breaks, naming the deed."""
        self.give_roles()
        supply(self.site, self.rng)
        for deed in self.rng.sample(todo, len(todo)):
            try:
                self.take(deed)
            except Exception as error:
                error.add_note(f"step {self.steps}: {deed}")
                raise

    def take(self, deed: Deed) -> bool:
        """Once, by somebody, to some row: whether it was carried out. An answer of 5xx raises; a refusal does not.

        What was refused twice and never done is done by somebody who may do everything.
        """
        before = self.taken.get(deed, 0)
        who = self.rng.choices(list(ROLES), weights=list(ROLES.values()))[0]
        if before >= 2 and not self.done[deed]:
            who = "superuser"
        self.taken[deed] = before + 1
        try:
            carried_out = self._carried_out(self.browsers[who], deed)
        except Forbidden:
            carried_out = False
        self.done[deed] = self.done.get(deed, 0) + carried_out
        return carried_out

    def _carried_out(self, browser: Watched, deed: Deed) -> bool:
        if deed.action:
            return self._act(browser, deed)
        if deed.route == "import/":
            return self._import(browser, deed)
        base = base_of(deed.name)
        if ROW not in deed.route:
            return self._fill_in(browser, base + deed.route, deed)
        paths = (base + deed.route.replace(ROW, f"{key}/") for key in self._rows(deed, ROWS_TRIED))
        return any(self._fill_in(browser, path, deed) for path in paths)

    def _rows(self, deed: Deed, most: int) -> list[Any]:
        model = apps.get_model(deed.name)
        names = {each.name for each in model._meta.fields}
        rows = model._default_manager.filter(site=self.site) if "site" in names else model._default_manager.all()
        if deed.name == "core.site":
            rows = rows.filter(pk=self.site.pk)
        if deed.name == "core.user":
            rows = rows.exclude(pk__in=[person.pk for person in self.staff.values()])
        rows = rows.exclude(pk__in=[row.pk for row in self.spared if isinstance(row, model)])
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if self.rng.random() < 0.5:
            keys = keys[-NEWEST:]
        return self.rng.sample(keys, min(len(keys), most))

    def _act(self, browser: Watched, deed: Deed) -> bool:
        rows = self._rows(deed, self.rng.randint(1, 2))
        answer = browser.post(base_of(deed.name), {"action": deed.action, "_selected_action": rows, "post": "yes"})
        return bool(rows and answer.status_code == 302)

    def _import(self, browser: Watched, deed: Deed) -> bool:
        page = admin.site._registry[apps.get_model(deed.name)]
        assert isinstance(page, ImportAdmin)
        text = kinds(4)[page.importer.command].text(self.rng.randint(1, 4))
        file = SimpleUploadedFile("rows.csv", text.encode())
        kept = browser.post(f"{base_of(deed.name)}import/", {"site": self.site.pk, "file": file})
        return kept.status_code == 302 and browser.post(kept["Location"]).status_code == 302

    def _fill_in(self, browser: Watched, path: str, deed: Deed) -> bool:
        page = browser.get(path)
        if page.status_code == 403:
            raise Forbidden
        if deed.route.endswith(LEADING):
            return self._fill_in(browser, page["Location"], Deed(deed.name)) if page.status_code == 302 else False
        if deed.route.endswith("export-person/"):
            return bool(page.status_code == 200)
        if page.status_code != 200:
            return False
        form_id = next((found for found in re.findall(r'<form[^>]*id="(\w+_form)"', page.content.decode())), None)
        # How a refused form looks is looked at once for each; a new secret is told on the page that answers.
        browser.is_read = deed not in self.refusals_seen or deed.name == "core.apiclient"
        answer = browser.post(page.request["PATH_INFO"], Pen(browser, self.rng).filled(page, form_id))
        browser.is_read = True
        if answer.status_code == 200:
            self.refusals_seen.add(deed)
        return bool(answer.status_code == 302 or b'id="client-secret"' in answer.content)


def begin(site: Site, seed: int) -> tuple[Walk, list[Deed]]:
    """A walk through a site that has something of everything, and what there is to do."""
    office = make_office(site)
    walk = Walk(site, random.Random(seed), spared=(office.rows["many lines"], office.rows["many packages"]))
    return walk, deeds(walk.browsers["superuser"])
