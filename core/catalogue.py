"""The words of the project and their translations: `locale/<language>/LC_MESSAGES/django.po`.

What is said in English is found in code and templates, in the models that the back office shows, and in the pages of
the admin's theme, as far as Django does not translate them itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import django
import unfold
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.utils.translation import override
from django.utils.translation.template import templatize

from core.imports.importer import OUTCOMES
from core.refusal_words import sentences_of
from core.scopes import SCOPES
from core.sentences import CONTEXT
from core.site_settings import HELP
from core.words_of_models import APPS, words_of

Key = tuple[str, str]
"""Context (`""`: none) and English text."""
Words = dict[Key, str]
"""Each with its plural; `""` where it has none."""

KEYWORDS: Mapping[str, Any] = {
    **dict.fromkeys(("_", "lazy", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
CODE = (*sorted(APPS), "cortex", "sparkproject")


def words_of_project(project: Path) -> Words:
    """Everything that has to be translated."""
    words: Words = {}
    for folder in CODE:
        for path in sorted((project / folder).rglob("*.py")):
            if "tests" not in path.parts and "migrations" not in path.parts:
                words |= dict(_said(path.read_text()))
    words |= _of_templates(project / "templates")
    words |= {(CONTEXT, sentence): "" for sentence in sentences_of(project, sorted(APPS))}
    words |= {("", text): "" for text in (*HELP.values(), *SCOPES.values(), *OUTCOMES)}
    return words | _of_models() | _of_importers() | _of_theme()


def catalogue_of(project: Path, language: str) -> Catalog:
    with _po(project, language).open("rb") as file:
        return read_po(file, locale=language)


def renew(project: Path, language: str) -> list[str]:
    """Write the catalogue with exactly the words of the project, sorted, and compile it.

    Answers what is not translated yet. Translations stay; so do those of a model's words in a context of its own.
    """
    before, words = catalogue_of(project, language), words_of_project(project)
    plain = {text for _context, text in words}
    after = Catalog(
        locale=language,
        project="sparkproject",
        header_comment="# German of My account and of the back office.",
        creation_date=before.creation_date,
        revision_date=before.revision_date,
        charset="utf-8",
        fuzzy=False,
    )
    for (context, text), plural in words.items():
        known = before.get(text, context or None)
        string: Any = known.string if known is not None else ("", "") if plural else ""
        if plural and isinstance(string, str):
            string = (string, string)
        after.add((text, plural) if plural else text, string, context=context or None)
    names = {str(model._meta.model_name) for model in shown_models()}
    for message in before:
        if message.context in names and message.id in plain:
            after.add(message.id, message.string, context=message.context)
    with _po(project, language).open("wb") as file:
        write_po(file, after, width=1_000, sort_output=True)
    with _po(project, language).with_suffix(".mo").open("wb") as file:
        write_mo(file, after)
    return [str(message.id) for message in after if message.id and not is_translated(message)]


def is_translated(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return not message.fuzzy and all(strings)


def shown_models() -> list[type[models.Model]]:
    """Models with a page in the back office, or with rows inside one, in the order of their names."""
    shown: set[type[models.Model]] = set()
    for model, page in admin.site._registry.items():  # noqa: SLF001  # Django has no other list of its pages
        shown |= {model, *(inline.model for inline in page.inlines)}
        for inline in page.inlines:
            shown |= {nested.model for nested in getattr(inline, "inlines", ())}
    ours = {model for model in apps.get_models() if model._meta.app_label in APPS}
    # Inlines that a page chooses by the row are not declared; what belongs to a shown model is shown inside it.
    belonging = {
        model
        for model in ours
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model in shown and model.__name__ in INSIDE
    }
    return sorted((shown & ours) | belonging, key=lambda model: model._meta.label)


INSIDE = frozenset({"Address", "LineItem", "OrderMinimum", "StaffMembership", "SiteSetting"})


def _of_models() -> Words:
    with override(None):
        return {("", text): "" for model in shown_models() for text in words_of(model) if text}


def _of_importers() -> Words:
    pages = admin.site._registry.values()  # noqa: SLF001  # as above
    importers = [page.importer for page in pages if hasattr(page, "importer")]
    texts = {
        text for each in importers for text in (each.name, each.document, *(column.help for column in each.columns))
    }
    return {("", text): "" for text in texts}


def _of_templates(folder: Path) -> Words:
    words: Words = {}
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            words |= dict(_said(_on_one_line(templatize(path.read_text()))))
    return words


def _of_theme() -> Words:
    """What the admin's theme says and neither Django nor it has in German."""
    theme: Words = {}
    folder = Path(str(unfold.__file__)).parent
    theme |= _of_templates(folder / "templates")
    for path in sorted(folder.rglob("*.py")):
        if "contrib" not in path.parts or "filters" in path.parts:
            theme |= dict(_said(path.read_text()))
    known = _known_elsewhere("de")
    return {key: plural for key, plural in theme.items() if key not in known}


def _known_elsewhere(language: str) -> set[Key]:
    known: set[Key] = set()
    for package in (django, unfold):
        for path in Path(str(package.__file__)).parent.rglob(f"locale/{language}/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                known |= {(_text(message.context), _singular(message)) for message in read_mo(file)}
    return known


def _text(context: str | bytes | None) -> str:
    """Compiled catalogues are read with contexts as bytes."""
    return context.decode() if isinstance(context, bytes) else context or ""


def _singular(message: Any) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _on_one_line(code: str) -> str:
    """What `templatize` makes of a template is no code that Python reads: its lines are indented anyhow."""
    return " ".join(line.strip() for line in code.splitlines())


def _said(source: str) -> Iterator[tuple[Key, str]]:
    for _line, said, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        text, plural = (said[0], said[1]) if isinstance(said, tuple) else (said, "")
        if text:
            yield (str(context or ""), text), plural or ""


def _po(project: Path, language: str) -> Path:
    return project / "locale" / language / "LC_MESSAGES" / "django.po"
