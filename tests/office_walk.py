"""Staff at work at random: everything that the back office lets anybody do, by its registry, done on its pages.

A deed is taken as a browser without scripts would: its page is opened, its form filled in with values that may well be
right, and sent. Pages, buttons, actions and imports are found in the registry; rows in the states that some of
them need come from `supply`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client

from core.admin import ImportAdmin
from core.models import Site, User
from tests.cast import line, make_customer, make_order, package, pay
from tests.html_forms import form_of
from tests.import_kinds import kinds
from tests.office import base_of, routes
from tests.test_roles_of_staff import READS

ROW = "<path:object_id>/"
NO_DEEDS = {"", f"{ROW}history/", ROW, "export.csv", "export.xlsx", "import/<uuid:upload_id>/"}
"""Addresses where nothing is done."""
WORDS = ("Rope", "Tom's", "Ünïcode", "a b", "0", "Summit")


@dataclass(frozen=True)
class Deed:
    """What can be done: on a page (`route`), or to rows of a list (`action`)."""

    name: str
    route: str = ""
    action: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.action or self.route}"


def deeds(superuser: Client) -> list[Deed]:
    """Everything that a superuser may do, by the registry."""
    found = [Deed(name, route) for name, route in routes() if route not in NO_DEEDS and (name, route) not in READS]
    for model, page in admin.site._registry.items():
        name = model._meta.label_lower
        request = superuser.get(base_of(name)).wsgi_request
        found += [Deed(name, action=action) for action in page.get_actions(request)]
    return found


def supply(site: Site, rng: random.Random) -> None:
    """Purchases of every kind for those who have something to do with them, in pounds and euros."""
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
    """A signed-in browser that no answer of 5xx passes, nor one that sends it to sign in."""

    def request(self, **request: Any) -> Any:
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
    staff: dict[str, User]
    rng: random.Random
    spared: tuple[Model, ...] = ()
    done: dict[Deed, int] = field(default_factory=dict)
    steps: int = 0
    browsers: dict[str, Watched] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, person in self.staff.items():
            self.browsers[name] = Watched()
            self.browsers[name].force_login(person)

    def take(self, deed: Deed) -> bool:
        """Once, by somebody, to some row: whether it was carried out. An answer of 5xx raises; a refusal does not."""
        self.steps += 1
        who = self.rng.choices(list(self.staff), weights=WEIGHTS)[0]
        try:
            carried_out = self._carried_out(self.browsers[who], deed)
        except Forbidden:
            carried_out = False
        self.done[deed] = self.done.get(deed, 0) + carried_out
        return carried_out

    def _carried_out(self, browser: Client, deed: Deed) -> bool:
        if deed.action:
            return self._act(browser, deed)
        if deed.route == "import/":
            return self._import(browser, deed)
        base = base_of(deed.name)
        if ROW not in deed.route:
            return self._fill_in(browser, base + deed.route, deed)
        for key in self._rows(deed, 6):
            path = base + deed.route.replace(ROW, f"{key}/")
            if self._fill_in(browser, path, deed):
                return True
        return False

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
        return self.rng.sample(keys, min(len(keys), most))

    def _act(self, browser: Client, deed: Deed) -> bool:
        body = {"action": deed.action, "_selected_action": self._rows(deed, self.rng.randint(1, 2))}
        answer = browser.post(base_of(deed.name), body)
        if answer.status_code == 200 and b'name="post"' in answer.content:
            answer = browser.post(base_of(deed.name), {**body, "post": "yes"})
        return bool(answer.status_code == 302)

    def _import(self, browser: Client, deed: Deed) -> bool:
        page = admin.site._registry[apps.get_model(deed.name)]
        assert isinstance(page, ImportAdmin)
        text = kinds(4)[page.importer.command].text(self.rng.randint(1, 4))
        file = SimpleUploadedFile("rows.csv", text.encode())
        kept = browser.post(f"{base_of(deed.name)}import/", {"site": self.site.pk, "file": file})
        return kept.status_code == 302 and browser.post(kept["Location"]).status_code == 302

    def _fill_in(self, browser: Client, path: str, deed: Deed) -> bool:
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
        answer = browser.post(page.request["PATH_INFO"], self._filled(browser, page, form_id))
        return bool(answer.status_code == 302 or b'id="client-secret"' in answer.content)

    # --- filling in ------------------------------------------------------------------------------------------------

    def _filled(self, browser: Client, page: Any, form_id: str | None) -> dict[str, Any]:
        """What the page would send, with some of it changed, and sometimes a row more."""
        form = form_of(page, form_id)
        if not form.fields and form_id is None:
            return {"post": "yes"}
        sent = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}
        text = page.content.decode()
        change = self.rng.choice([0.0, 0.2, 0.6])
        for given in form.inputs:
            name = given.get("name") or ""
            if not name or "disabled" in given or given.get("type") in ("file", "submit", "button"):
                continue
            empty = not sent.get(name) and ("required" in given or name in REQUIRED)
            if empty or self.rng.random() < change:
                self._set(browser, sent, name, given, form.options.get(name), text)
        for prefix in [name.rsplit("-", 1)[0] for name in sent if name.endswith("-TOTAL_FORMS")]:
            if self.rng.random() < 0.3:
                self._add_row(browser, sent, prefix, form.templates, form.options, text)
        return sent

    def _add_row(
        self, browser: Client, sent: dict[str, Any], prefix: str, templates: Any, options: Any, text: str
    ) -> None:
        number = int(sent[f"{prefix}-TOTAL_FORMS"])
        start = f"{prefix}-__prefix__-"
        named = [name for name in templates if name.startswith(start) and "__prefix__" not in name[len(start) :]]
        for name in named:
            given = templates[name]
            if given.get("type") == "hidden":
                sent[name.replace("__prefix__", str(number))] = given.get("value") or ""
                continue
            self._set(browser, sent, name.replace("__prefix__", str(number)), given, options.get(name), text)
        if named:
            sent[f"{prefix}-TOTAL_FORMS"] = str(number + 1)

    def _set(
        self, browser: Client, sent: dict[str, Any], name: str, given: Any, options: list[str] | None, text: str
    ) -> None:
        own = name.rsplit("-", 1)[-1]
        if own == "DELETE":
            if self.rng.random() < 0.15:
                sent[name] = "on"
        elif given.get("type") == "checkbox":
            sent.pop(name, None)
            if self.rng.random() < 0.6:
                sent[name] = given.get("value") or "on"
        elif "data-ajax--url" in given:
            sent[name] = self._looked_up(browser, given)
        elif options is not None:
            sent[name] = self.rng.choice(options)
        elif own == "confirmation":
            sent[name] = re.findall(r"cu_\d+", text)[-1]
        else:
            sent[name] = self._value(own, given)

    def _looked_up(self, browser: Client, given: Any) -> str:
        query = {name: given[f"data-{name.replace('_', '-')}"] for name in ("app_label", "model_name", "field_name")}
        found = browser.get(unescape(given["data-ajax--url"]), {**query, "term": ""})
        if found.status_code != 200 or not found.json()["results"]:
            return ""
        return str(self.rng.choice(found.json()["results"])["id"])

    def _value(self, own: str, given: Any) -> str:
        rng = self.rng
        for fits, value in VALUES:
            if re.search(fits, own):
                return value(rng)
        if given.get("type") == "number":
            return str(rng.randint(0, 9))
        return f"{rng.choice(WORDS)} {rng.randint(1, 10**6)}"


LEADING = ("record-payment/", "record-refund/", f"{ROW}new-quote/")
"""Buttons that lead to the form of something new."""
WEIGHTS = (1, 5, 12, 4)
"""How often a reader, a clerk, a manager and a superuser work."""
REQUIRED = {"reason", "text", "total", "currency_code", "email", "platform_id", "name", "sku", "title", "slug"}

VALUES: tuple[tuple[str, Callable[[random.Random], str]], ...] = (
    (r"(_at|expires_at)_0$|date", lambda rng: f"2026-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"),
    (r"_at_1$", lambda rng: f"1{rng.randint(0, 9)}:30:00"),
    (r"currency_code", lambda rng: rng.choice(["GBP", "GBP", "EUR"])),
    (r"country_code", lambda _: "GB"),
    (r"countries", lambda _: "GB"),
    (r"email", lambda rng: f"a{rng.randint(1, 10**9)}@example.com"),
    (r"url", lambda rng: f"https://example.com/{rng.randint(1, 99)}"),
    (r"price_lists|groups|addresses|vatin", lambda _: ""),
    (r"metadata", lambda rng: f'{{"n": {rng.randint(1, 9)}}}'),
    (r"rate$", lambda rng: rng.choice(["20", "17.5", "0"])),
    (r"usd_per_unit", lambda rng: f"1.{rng.randint(1, 99)}"),
    (r"percentage", lambda rng: rng.choice(["0.1", "0", "0.25"])),
    (r"quantity|position|level|priority|size|terms|grams", lambda rng: str(rng.randint(1, 5))),
    (r"^line_", lambda rng: str(rng.randint(0, 2))),
    (r"^total$|amount", lambda rng: f"{rng.choice(['', '', '-'])}{rng.randint(1, 200)}.{rng.randint(0, 99):02}"),
    (r"total|net|tax|gross|price|value|minimum|maximum|limit|refund", lambda rng: f"{rng.randint(0, 200)}.00"),
    (r"^sku$", lambda rng: f"S-{rng.randint(1, 10**6)}"),
    (r"slug", lambda rng: f"s{rng.randint(1, 10**6)}"),
    (r"host", lambda _: ""),
)
