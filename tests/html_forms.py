"""A form as a browser without scripts would send it, and what a page says: for tests of pages with Django's client."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Forms(HTMLParser):
    """Collects the fields of the form with this id; templates for further rows (`__prefix__`) are not sent."""

    def __init__(self, form_id: str | None) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.fields: dict[str, Any] = {}
        self.select = self.textarea = ""
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.options: dict[str, list[str]] = {}
        self.templates: dict[str, dict[str, str | None]] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if tag == "label" and given.get("for"):
            self.labelled.add(str(given["for"]))
        name = given.get("name") or ""
        if self.inside and tag == "option" and self.select:
            self.options.setdefault(self.select, []).append(given.get("value") or "")
        if self.inside and "__prefix__" in name and tag in ("input", "select", "textarea"):
            self.templates[name] = given
            self.select = name if tag == "select" else self.select
        if not self.inside or "__prefix__" in name or "__prefix__" in self.select:
            return
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.inputs.append(given)
        if tag == "input":
            self._input(name, given)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.fields[self.select] = given.get("value") or ""
        elif tag == "textarea":
            self.textarea = name
            self.fields[name] = ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        if not name or "disabled" in given or given.get("type") in ("submit", "button", "file"):
            return
        if given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.fields[name] = given.get("value") or "on"
            return
        self.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            # A browser drops the line break that follows the tag.
            self.fields[self.textarea] += data.removeprefix("\n")


def _read(response: Any, form_id: str) -> _Forms:
    forms = _Forms(form_id)
    forms.feed(response.content.decode())
    return forms


def form_of(response: Any, form_id: str | None) -> _Forms:
    """The form with all that a person sees of it: `fields`, `inputs`, the `options` of choices, `templates` of rows.

    `form_id`: None for the form that has none.
    """
    forms = _Forms(form_id)
    forms.feed(response.content.decode())
    return forms


def fields_of(response: Any, form_id: str) -> dict[str, Any]:
    """Names and values that the form would send if nobody touched it, less its protection against other sites."""
    fields = _read(response, form_id).fields
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


def unnamed_inputs(response: Any, form_id: str) -> list[str]:
    """Inputs that people see and nothing names: neither a label nor a name of their own."""
    forms = _read(response, form_id)
    return [
        str(given.get("name"))
        for given in forms.inputs
        if given.get("id") not in forms.labelled and not given.get("aria-label") and not given.get("placeholder")
    ]
