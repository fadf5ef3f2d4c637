"""The words of models in the reader's language: names of models and fields, help texts, labels of choices.

Models say them in English, most of them by the name of the field alone. As soon as a model is made, its words are
wrapped, so that lists, forms and filters show their translation. Migrations compare what was wrapped, with no language
chosen, so they see the English and nothing changes for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, pgettext

APPS = frozenset({"core", "customers", "catalog", "pricing", "purchasing"})


def _in_the_readers_language(context: str, text: str) -> str:
    special = pgettext(context, text)
    return gettext(text) if special == text else special


_translated = lazy(_in_the_readers_language, str)


def translated(model: type[models.Model], text: Any) -> Any:
    """The text, translated when it is read: as of this model (`msgctxt "customer"`) where that is another word."""
    if not isinstance(text, str) or isinstance(text, Promise) or not text:
        return text
    return _translated(str(model._meta.model_name), text)


def translate_words(sender: type[models.Model], **_kwargs: Any) -> None:
    """Called for each model when it is made."""
    options = sender._meta
    if options.app_label not in APPS or sender.__module__ == "__fake__":  # a model of a migration
        return
    options.verbose_name = translated(sender, options.verbose_name)
    options.verbose_name_plural = translated(sender, _plural(options))
    for field in options.local_fields + options.local_many_to_many:
        field.verbose_name = translated(sender, field.verbose_name)
        field.help_text = translated(sender, field.help_text)
        if field.choices:
            field.choices = [(value, translated(sender, label)) for value, label in field.choices]


def _plural(options: Any) -> Any:
    """Django joins an `s` to the translated name; what is translated is the English plural."""
    said = options.original_attrs
    return said.get("verbose_name_plural") or f"{said.get('verbose_name') or options.verbose_name}s"


def words_of(model: type[models.Model]) -> Iterator[str]:
    """Every English text of the model that people may read; to be asked with no language chosen."""
    options = model._meta
    yield from (str(options.verbose_name), str(options.verbose_name_plural))
    for field in options.local_fields + options.local_many_to_many:
        yield str(field.verbose_name)
        yield str(field.help_text or "")
        yield from (str(label) for _value, label in field.choices or ())
