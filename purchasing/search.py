"""What a purchase is found by, and what a search asks for: one rule for the API, My account and the back office.

A purchase keeps a set of lexemes, each marked with its site, so that a search never reads what belongs to another:

- **tokens**, whole: every identifier of the purchase and of its packages, `o_12`, `cu_5` of each customer named, the
  PO number, every SKU;
- **words**: of the identifiers and the PO number, of product names, of companies (billing, ship-to, and the customers'
  as they are called when it is written), of ship-to name, lines, city and postcode.

A search finds what has a token that begins with the whole text, and what has a word that begins with each of its words.
Letters are compared without their case (`docs/api.md`, Search).

Pure. This is an index and nothing else: no figure depends on it, and `manage.py rebuild_search` makes it anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core.ids import PURCHASE, public_id

TOKEN_LENGTH = 255
"""Characters of a token that count, in the index and in a search; a lexeme of PostgreSQL has at most 2 KB."""
WORD_LENGTH = 64
WORDS = 10
"""Words of a search that count."""
BYTES = 800_000
"""Of all lexemes of one purchase; PostgreSQL stores at most 1 MB. Tokens come first, words while there is room."""

_WORD = re.compile(r"\w+")
_SHIP_TO = ("name", "first_name", "last_name", "company", "address_line1", "address_line2", "city", "postal_code")


def lexemes_of(
    *, site_id: int, number: int, header: dict[str, Any], contents: dict[str, Any], companies: Iterable[str]
) -> list[str]:
    """The lexemes of a purchase by its stored document; `companies`: what its customers are called."""
    given = header["purchase_identifiers"]
    named = [given["platform"], given["internal"], given["visible"], header["customer_reference"]]
    customers = [customer for customer in header["customer_identifiers"].values() if customer]
    tokens = [*named, public_id(PURCHASE, number), given["sparklayer"], *customers]
    texts = [*named, *companies]
    if header["billing_address"]:
        texts.append(header["billing_address"]["company"])
    for package in contents["packages"]:
        tokens.extend(package["identifiers"].values())
        address = package["shipping_address"]
        if address:
            texts.extend(address[member] for member in _SHIP_TO)
        for line in package["line_items"]:
            tokens.append(line["identifiers"].get("sku", ""))
            texts.extend((line["name_parent"], line["name_child"]))
    whole = dict.fromkeys(folded[:TOKEN_LENGTH] for folded in map(fold, dict.fromkeys(tokens)) if folded)
    words = dict.fromkeys(word[:WORD_LENGTH] for word in _WORD.findall(fold("\n".join(dict.fromkeys(texts)))))
    of_token, of_word = f"{site_id}=", f"{site_id}:"
    lexemes = [of_token + token for token in whole]
    lexemes += [of_word + word for word in words]
    return lexemes if sum(map(len, lexemes)) * 4 <= BYTES else list(_within(BYTES, lexemes))


@dataclass(frozen=True, slots=True)
class Search:
    """What a text asks of one site, as queries in PostgreSQL's writing (`tsquery`).

    `token`: what has a token that begins with the whole text. `words`: for each word what has one that begins so.
    """

    token: str
    words: tuple[str, ...]

    @property
    def query(self) -> str:
        """The whole question."""
        return f"{self.token} | {' & '.join(self.words)}" if self.words else self.token


def search_of(text: str, *, site_id: int) -> Search | None:
    """What a text asks of a site; None when it is blank."""
    folded = fold(text)
    if not folded:
        return None
    words = dict.fromkeys(word[:WORD_LENGTH] for word in _WORD.findall(folded)[:WORDS])
    return Search(
        f"{quoted(f'{site_id}={folded[:TOKEN_LENGTH]}')}:*",
        tuple(f"{quoted(f'{site_id}:{word}')}:*" for word in words),
    )


def query_of(text: str, *, site_ids: Iterable[int], also: Iterable[tuple[int, str]] = ()) -> str | None:
    """A search of several sites as one query; None when the text is blank.

    `also`: whole tokens, each with its site, that are found beside what the text asks for.
    """
    searches = [search_of(text, site_id=site_id) for site_id in site_ids]
    asked = [search.query for search in searches if search]
    asked.extend(quoted(f"{site_id}={token}") for site_id, token in also)
    return " | ".join(asked) or None


def fold(text: str) -> str:
    """The text as it is compared: without case, compatible characters as one, no space around it."""
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFKC", text).casefold().strip()


def quoted(lexeme: str) -> str:
    """The lexeme as `tsquery` and `tsvector` read it, whatever characters it has."""
    doubled = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _within(room: int, lexemes: Iterable[str]) -> Iterator[str]:
    """The first lexemes, as many as have room together."""
    for lexeme in lexemes:
        room -= len(lexeme.encode())
        if room < 0:
            return
        yield lexeme
