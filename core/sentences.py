"""Sentences that are said in English and told in the reader's language: refusals, warnings, faults of imported rows.

They are made where the rule is, for the API and for files, and may be stored. The back office translates the made
sentence: the catalogue knows it as it stands in the code, in the context `refusal`, with `{0}`, `{1}` where something
was put in (`core.catalogue` finds them). A sentence that is not known is told as it is.
"""

from __future__ import annotations

import re
from functools import cache

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import get_language

CONTEXT = "refusal"
Whole = dict[str, str]
Patterns = list[tuple[re.Pattern[str], str]]
_NAMED = re.compile(r"([\w.\[\]]+): (.+)", re.DOTALL)
"""Of a property: `default_tax_rate: must be between 0 and 100`."""
_GAP = re.compile(r"\{(\d+)\}")


def spoken(sentence: str) -> str:
    """The sentence in the language of the page."""
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    if language == settings.LANGUAGE_CODE:
        return sentence
    return _told(sentence, *_sentences(language))


def _told(sentence: str, whole: Whole, patterns: Patterns) -> str:
    """What was put into a sentence may be one itself. Faults of a document end with a point that the code lacks."""
    if sentence in whole:
        return whole[sentence]
    for pattern, translation in patterns:
        if found := pattern.fullmatch(sentence):
            texts = [_told(text, whole, patterns) for text in found.groups()]
            return _filled(translation, texts)
    if named := _NAMED.fullmatch(sentence):
        return f"{named[1]}: {_told(named[2], whole, patterns)}"
    return f"{_told(sentence[:-1], whole, patterns)}." if sentence.endswith(".") else sentence


def _filled(translation: str, texts: list[str]) -> str:
    return _GAP.sub(lambda gap: texts[int(gap[1])], translation)


@cache
def _sentences(language: str) -> tuple[Whole, Patterns]:
    """Whole sentences, and those with gaps: the one that says most itself first."""
    whole: Whole = {}
    patterns: list[tuple[str, str]] = []
    for folder in settings.LOCALE_PATHS:
        path = folder / language / "LC_MESSAGES" / "django.po"
        if not path.exists():
            continue
        with path.open("rb") as file:
            for message in read_po(file):
                if message.context != CONTEXT:
                    continue
                said, told = str(message.id), str(message.string)
                if _GAP.search(said):
                    patterns.append((said, told))
                else:
                    whole[said] = told
    patterns.sort(key=lambda pair: len(_GAP.sub("", pair[0])), reverse=True)
    return whole, [(_pattern(text), translation) for text, translation in patterns]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, _GAP.split(text)[::2])), re.DOTALL)
