"""Forms filled in at random, as a browser without scripts would send them, with values that may well be right."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client

from tests.html_forms import form_of

WORDS = ("Rope", "Tom's", "Ünïcode", "a b", "0", "Summit")
REQUIRED = {"reason", "text", "total", "currency_code", "email", "platform_id", "name", "sku", "title", "slug"} | {
    "lines-0-sku",
    "lines-0-unit_net",
}
"""Fields that are not left empty, whatever the page says of them."""

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


@dataclass
class Pen:
    """`browser`: whose look-ups offer what a field that looks things up may hold."""

    browser: Client
    rng: random.Random

    def filled(self, page: Any, form_id: str | None) -> dict[str, Any]:
        """What the page would send, with some of it changed, and sometimes a row more."""
        form = form_of(page, form_id)
        if not form.fields and form_id is None:
            return {"post": "yes"}
        sent = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}
        text = page.content.decode()
        change = self.rng.choice([0.0, 0.1, 0.4])
        for given in form.inputs:
            name = given.get("name") or ""
            if not name or "disabled" in given or given.get("type") in ("file", "submit", "button"):
                continue
            empty = not sent.get(name) and ("required" in given or name in REQUIRED)
            if empty or self.rng.random() < change:
                self._set(sent, name, given, form.options.get(name), text)
        for prefix in [name.rsplit("-", 1)[0] for name in sent if name.endswith("-TOTAL_FORMS")]:
            if self.rng.random() < 0.3:
                self._add_row(sent, prefix, form.templates, form.options, text)
        return sent

    def _add_row(self, sent: dict[str, Any], prefix: str, templates: Any, options: Any, text: str) -> None:
        number = int(sent[f"{prefix}-TOTAL_FORMS"])
        start = f"{prefix}-__prefix__-"
        named = [name for name in templates if name.startswith(start) and "__prefix__" not in name[len(start) :]]
        for name in named:
            given = templates[name]
            if given.get("type") == "hidden":
                sent[name.replace("__prefix__", str(number))] = given.get("value") or ""
                continue
            self._set(sent, name.replace("__prefix__", str(number)), given, options.get(name), text)
        if named:
            sent[f"{prefix}-TOTAL_FORMS"] = str(number + 1)

    def _set(self, sent: dict[str, Any], name: str, given: Any, options: list[str] | None, text: str) -> None:
        own = name.rsplit("-", 1)[-1]
        if own == "DELETE":
            if self.rng.random() < 0.15:
                sent[name] = "on"
        elif given.get("type") == "checkbox":
            sent.pop(name, None)
            if self.rng.random() < 0.6:
                sent[name] = given.get("value") or "on"
        elif "data-ajax--url" in given:
            sent[name] = self._looked_up(given)
        elif options is not None:
            sent[name] = self.rng.choice(options)
        elif own == "confirmation":
            sent[name] = re.findall(r"cu_\d+", text)[-1]
        else:
            sent[name] = self._value(own, given)

    def _looked_up(self, given: Any) -> str:
        query = {name: given[f"data-{name.replace('_', '-')}"] for name in ("app_label", "model_name", "field_name")}
        found = self.browser.get(unescape(given["data-ajax--url"]), {**query, "term": ""})
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
