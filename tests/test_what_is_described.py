"""Every operation of the API is sent what its description calls possible, and what it calls impossible, and every
answer is held against the description: no fault of ours, no status, media type, header or body it does not promise.

The cases are drawn from the description itself, so an address that is new is tested as soon as it is described. What
they name in their path mostly exists, and each operation is also sent something good, so that success is answered too.
`POSSIBILITIES=100 make test ARGS=tests/test_what_is_described.py` draws more of each kind than a run of the suite does.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.models import Site
from tests.callers import ApiCaller, make_caller, make_client
from tests.seeds import SEED
from tests.test_hostile_bodies import WRITES, good_call
from tests.test_sites_are_alone import COUNTED, named
from tests.two_sites import CUSTOMERS, PURCHASES, Furniture, furnish, order_of

SEEDS = (4711,) if SEED is None else (int(SEED),)
"""One in the suite; `make seeds` draws three others."""
POSSIBILITIES = int(os.environ.get("POSSIBILITIES", "2"))
"""How many cases of each kind are drawn for each operation and seed."""
REACHED = 0.9
"""The share of operations that has to have answered success in the end."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
]
"""All that hold for one call. `positive_data_acceptance` does not: three letters need not be a currency of ISO's."""

FREE = {
    ("DELETE", "/api/v1/purchases/{lookup_by}/{identifier}"): {"lookup_by": "internal", "identifier": "FREE"},
    ("DELETE", "/api/v1/customers/{id}"): {"id": "FREE"},
}
"""What can be deleted, as nothing hangs on it."""
DRAWN = settings(deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Stage:
    """A furnished site, a program that calls it, and something of each kind that nothing refers to."""

    program: ApiCaller
    secret: dict[str, str]
    theirs: Furniture

    @property
    def site_id(self) -> dict[str, str]:
        """The header as it is; one that is drawn may be two (400) and says nothing of anything else."""
        return {"Site-Id": self.program.headers["Site-Id"]}

    def named_in(self, path: str) -> list[dict[str, Any]]:
        """Parameters of this path with which it leads somewhere."""
        counted = {name: int(value) for name, value in COUNTED.items() if f"{{{name}}}" in path}
        return [{**counted, **found} for found, _unknown in named(route_of(path), self.theirs)]

    def good(self, operation: Any) -> Any:
        """A case of this operation that succeeds."""
        method, path = operation.method.upper(), operation.path
        names, options = {}, {}
        if path == "/api/auth/token":
            options = {"body": {"grant_type": "client_credentials", **self.secret}}
        elif (route_of(path), method) in WRITES:
            address, body = good_call(self.program, route_of(path), method)
            parts = zip(path.split("/"), address.split("/"), strict=True)
            names = {name[1:-1]: value for name, value in parts if name.startswith("{")}
            options = {"body": body}
        elif "{" in path:
            names = FREE.get((method, path)) or self.named_in(path)[0]
        media_type = {"media_type": "application/json"} if options else {}
        return operation.Case(path_parameters=names, headers=self.site_id, **options, **media_type)

    def kinds(self, operation: Any) -> Iterator[st.SearchStrategy[Any]]:
        """What may be sent to an operation and what may not, at what exists and at any path."""
        for mode in GenerationMode:
            if "{" in operation.path:
                yield st.one_of(
                    [
                        operation.as_strategy(mode, headers=self.site_id, path_parameters=names)
                        for names in self.named_in(operation.path)
                    ]
                )
            yield operation.as_strategy(mode, headers=self.site_id)


def route_of(path: str) -> str:
    """The address as `test_every_address` writes it."""
    return path.strip("/").replace("{", "<segment:").replace("}", ">")


@pytest.fixture
def stage(site: Site) -> Stage:
    client, secret = make_client(site)
    program = make_caller(site, name="Prober")
    furnish(program)
    theirs = furnish(program, prefix="ONLY-")
    person = {"first_name": "F", "last_name": "Ree", "email": "free@example.com", "external_id": "FREE"}
    assert program.post(CUSTOMERS, json=person).status_code == 200
    assert program.put(f"{PURCHASES}/internal/FREE", json=order_of(purchase_identifiers={})).status_code == 200
    return Stage(program, {"client_id": client.client_id, "client_secret": secret}, theirs)


@contextmanager
def within_the_test() -> Iterator[None]:
    """Requests of a server leave the connection as it was, and what they write is undone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    place = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(place)
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.mark.parametrize("number", SEEDS)
def test_every_answer_is_as_described(stage: Stage, number: int) -> None:
    answered: dict[str, Counter[int]] = {}
    faults: list[str] = []

    def send(case: Any) -> None:
        with within_the_test():
            response = case.call(headers=stage.program.headers)
            answered[case.operation.label][response.status_code] += 1
            try:
                case.validate_response(response, checks=CHECKS, headers=stage.program.headers)
            except FailureGroup as failures:
                faults.append(f"{case.operation.label}: {failures}")

    with within_the_test():
        described: Any = schemathesis.openapi.from_wsgi("/api/v1/schema", app=get_wsgi_application())
    for result in described.get_all_operations():
        operation = result.ok()
        answered[operation.label] = Counter()
        send(stage.good(operation))
        for cases in stage.kinds(operation):
            seed(number)(settings(DRAWN, max_examples=POSSIBILITIES)(given(case=cases)(send)))()

    assert faults == [], "\n\n".join(faults[:20])
    unreached = [name for name, statuses in answered.items() if not any(status < 300 for status in statuses)]
    assert len(unreached) <= (1 - REACHED) * len(answered), unreached
