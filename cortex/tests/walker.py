"""A client that follows links: it knows the mount and how to sign in, and builds no address itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from core.models import Site, User
from cortex.sign_in import SCOPE_OF, Role
from customers.models import Customer
from tests.callers import make_token
from tests.described_answers import expect_nothing_undescribed

HOST = "http://testserver"
MOUNT = f"{HOST}/cortex"
TOKENS = "/cortex/oauth2/tokens"
FORM = "application/x-www-form-urlencoded"

Doc = dict[str, Any]


def sign_in(**fields: str) -> Any:
    """The answer of the token address to these fields."""
    return Client().post(TOKENS, urlencode(fields), content_type=FORM)


def token_for(site: Site, person: User | None) -> str:
    """A token as a sign-in gives it; without a person a visitor's."""
    from core.models import ApiClient  # noqa: PLC0415

    role = Role.REGISTERED if person else Role.PUBLIC
    return make_token(ApiClient.objects.built_in(site), user=person, scopes=[SCOPE_OF[role]])


@dataclass
class Walker:
    """Asks for absolute addresses that it was given. `visited`: every answer by its address."""

    token: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    visited: dict[str, Doc] = field(default_factory=dict)

    def ask(
        self, method: str, href: str, body: bytes = b"", *, content_type: str = "application/json", **headers: str
    ) -> Any:
        path = href.removeprefix(HOST)
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = Client().generic(
            method, path, body, content_type, headers=known | dict(self.headers) | named, RAW_URI=path
        )
        expect_nothing_undescribed()
        return answer

    def get(self, href: str, *, query: str = "") -> Doc:
        """What is there; anything but 200 fails."""
        answer = self.ask("GET", href + (f"?{query}" if query else ""))
        assert answer.status_code == 200, f"{href} → {answer.status_code} {answer.content!r}"
        document: Doc = answer.json()
        if not query:
            self.visited[href] = document
        return document

    def root(self) -> Doc:
        return self.get(MOUNT)

    def follow(self, *rels: str, query: str = "") -> Doc:
        """From the root along the first link of each rel; `query` at the last."""
        here = self.root()
        for place, rel in enumerate(rels, start=1):
            here = self.get(href(here, rel), query=query if place == len(rels) else "")
        return here

    def submit(self, form: Doc, body: bytes = b"", *, query: str = "") -> Any:
        """The answer to the form's own action."""
        (action,) = [link for link in form["links"] if link["rel"].endswith("action")]
        return self.ask("POST", action["href"] + (f"?{query}" if query else ""), body)

    def look_up(self, number: str, *, query: str = "") -> Any:
        from core.api.renderer import dump_json  # noqa: PLC0415

        form = self.follow("lookups", "purchaselookupform")
        return self.submit(form, dump_json({"purchase-number": number}), query=query)

    def walk(self) -> dict[str, Doc]:
        """Everything that links lead to from the root, by its address."""
        found: dict[str, Doc] = {}
        todo = [MOUNT]
        while todo:
            here = todo.pop()
            if here in found:
                continue
            found[here] = self.get(here)
            todo += [link["href"] for link in found[here]["links"] if not link["rel"].endswith("action")]
        return found


def href(document: Doc, rel: str) -> str:
    """Where the first link of this rel leads."""
    return next(link["href"] for link in document["links"] if link["rel"] == rel)


def rels(document: Doc) -> list[str]:
    return [link["rel"] for link in document["links"]]


def links(document: Doc, rel: str) -> list[str]:
    return [link["href"] for link in document["links"] if link["rel"] == rel]


def walker_of(customer: Customer, **headers: str) -> Walker:
    """What this customer's shop asks with."""
    assert customer.user
    return Walker(token_for(customer.site, customer.user), headers={n.replace("_", "-"): v for n, v in headers.items()})


def of_type(found: Mapping[str, Doc], kind: str) -> Iterator[Doc]:
    return (document for document in found.values() if document["self"]["type"] == kind)
