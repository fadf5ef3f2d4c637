"""A program of one site asks for everything of another, by every name: it is answered as for what nobody has."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import orjson
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from core.models import Site
from torture.addresses import Operation, operations
from torture.calling import Answer, Caller
from torture.documents import PURCHASES, payment, written
from torture.furniture import NOBODY_S, Names, furnish
from torture.outcome import Outcome
from torture.stage import OURS, THEIRS, Stage

PREFIX = "theirs-secret-"
ROOMS = ("customers", "catalog", "pricing", "purchasing")


@dataclass(frozen=True, slots=True)
class Probe:
    """One request in two wordings: with a name that the other site has, and with one that nobody has."""

    method: str
    foreign: str
    unknown: str
    names: tuple[tuple[str, str], ...]
    body: tuple[Any, Any] = (None, None)

    def anew(self, number: int) -> Probe:
        """With names of nobody of its own: what is written may make something of them, and others ask for them."""
        path, body, names = self.unknown, orjson.dumps(self.body[1]).decode(), []
        for foreign, unknown in self.names:
            fresh = _of_nobody(unknown, number)
            path, body = path.replace(unknown, fresh), body.replace(unknown, fresh)
            names.append((foreign, fresh))
        return replace(self, unknown=path, names=tuple(names), body=(self.body[0], orjson.loads(body)))


def _of_nobody(name: str, number: int) -> str:
    """Another one of the same form, where something could be made of it; our own ids are drawn, not sent."""
    if name.startswith(NOBODY_S):
        return f"{NOBODY_S}{number}"  # without the other site's words: a search would find it by them
    with contextlib.suppress(ValueError):
        return str(uuid5(UUID(name), str(number)))
    return name


def sites(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("sites")
    owner = stage.caller(THEIRS)
    theirs = furnish(owner, PREFIX)
    stranger = stage.caller(OURS)
    own = furnish(stranger, "own-")
    probes = [*_paths(theirs), *_filters(theirs), *_references(theirs, own)]
    stage.random.shuffle(probes)
    before = _rows_of(THEIRS)
    statuses = {"compared": 0, "not comparable": 0}
    for number, planned in enumerate(itertools.islice(itertools.cycle(probes), size)):
        probe = planned if planned.method == "GET" else planned.anew(number)
        unknown = stranger.call(probe.method, probe.unknown, probe.body[1])
        if unknown.status < 300 and probe.method != "GET":
            statuses["not comparable"] += 1  # it makes one of its own under any name
            continue
        foreign = stranger.call(probe.method, probe.foreign, probe.body[0])
        statuses["compared"] += 1
        outcome.faults += differences(probe, foreign, unknown)
    changed = [table for table, rows in _rows_of(THEIRS).items() if rows != before[table]]
    outcome.faults += [f"changed: {table}" for table in changed]
    outcome.faults += _headers(stage, own)
    outcome.figures = {
        "probes": size,
        "different requests": len(probes),
        "compared": statuses["compared"],
        "leaks": len(outcome.faults),
        "tables changed": len(changed),
    }
    outcome.expect(statuses["compared"] > size // 2, "too little could be compared")
    owner.close()
    stranger.close()
    return outcome


def differences(probe: Probe, foreign: Answer, unknown: Answer) -> list[str]:
    """How the two answers differ, the names themselves aside."""
    call = f"{probe.method} {probe.foreign}"
    told = [answer.body.decode(errors="replace") for answer in (foreign, unknown)]
    for foreign_name, unknown_name in probe.names:
        told = [told[0].replace(foreign_name, "*"), told[1].replace(unknown_name, "*")]
    if foreign.status == 0 or unknown.status == 0:
        return [f"no answer: {call}"]
    if foreign.status >= 500 or foreign.status != unknown.status:
        return [f"{foreign.status}, and {unknown.status} for an unknown one: {call}"]
    if PREFIX in told[0]:
        return [f"leak: {call}: {told[0][:300]}"]
    return [f"told apart: {call}: {told[0][:400]} and {told[1][:400]}"] if told[0] != told[1] else []


def _paths(names: Names) -> Iterator[Probe]:
    """Every address with a parameter in its path."""
    for operation in operations():
        parameters = [part.strip("{}") for part in operation.path.split("/") if part.startswith("{")]
        for body in operation.bodies[:2] or (None,):
            for pairs in _choices(operation, parameters, names):
                foreign = unknown = operation.path
                for parameter, pair in zip(parameters, pairs, strict=True):
                    foreign = foreign.replace(f"{{{parameter}}}", quote(pair[0], safe=""))
                    unknown = unknown.replace(f"{{{parameter}}}", quote(pair[1], safe=""))
                yield Probe(operation.method, foreign, unknown, pairs, (body, body))


def _choices(operation: Operation, parameters: list[str], names: Names) -> Iterator[tuple[tuple[str, str], ...]]:
    if parameters[:2] == ["lookup_by", "identifier"]:
        lookups: dict[str, list[tuple[str, str]]] = names.purchase
        if "/customers/" in operation.path:
            lookups = {"sparklayer": names.customer[:1], "platform": names.customer[1:]}
        for lookup, pairs in lookups.items():
            rest = [names.of(operation.path, parameter) for parameter in parameters[2:]]
            for chosen in itertools.product([(lookup, lookup)], pairs, *rest):
                yield tuple(chosen)
    elif parameters:
        yield from itertools.product(*(names.of(operation.path, parameter) for parameter in parameters))


def _filters(names: Names) -> Iterator[Probe]:
    """Every list by every parameter, with every name."""
    for operation in operations():
        if operation.method == "GET" and "{" not in operation.path:
            for parameter, pair in itertools.product(operation.query, names.all()):
                foreign, unknown = (f"{operation.path}?{quote(parameter)}={quote(name)}" for name in pair)
                yield Probe("GET", foreign, unknown, (pair,))


def _references(theirs: Names, own: Names) -> Iterator[Probe]:
    """Bodies that name what is the other site's."""
    path = f"{PURCHASES}/internal/{own.purchase['internal'][0][0]}"
    head = own.customer[0][0]
    for pair in theirs.customer:
        for role in ("sparklayer", "sparklayer_child", "sparklayer_impersonator"):
            bodies = [written("own-sku") | {"customer_identifiers": {role: name}} for name in pair]
            yield Probe("PUT", path, path, (pair,), (bodies[0], bodies[1]))
        yield _patch(f"/api/v1/customers/{head}", "parent_customer_id", pair)
    for pair in theirs.address:
        yield _patch(f"/api/v1/customers/{head}", "default_billing_address_id", pair)
    for pair in theirs.group:
        yield _patch(f"/api/v1/customers/{head}", "group", pair)
        yield _patch(f"/api/v1/customer-groups/{own.group[0][0]}", "parent_slug", pair)
    for pair in theirs.purchase["sparklayer"]:
        flat = [payment("own-flat") | {"purchase_spark_id": name} for name in pair]
        yield Probe(
            "PUT", "/api/v1/purchase-transactions", "/api/v1/purchase-transactions", (pair,), (flat[0], flat[1])
        )
    for pair in theirs.sku:
        fetch = [{"skus": [name], "filter": {"all_stock_locations": True}} for name in pair]
        yield Probe("POST", "/api/v1/batch-fetch-stock", "/api/v1/batch-fetch-stock", (pair,), (fetch[0], fetch[1]))
        asked = [{"skus": [name], "price_list_slugs": [own.price_list[0][0]]} for name in pair]
        yield Probe("POST", "/api/v1/calculate-pricing", "/api/v1/calculate-pricing", (pair,), (asked[0], asked[1]))
    for pair in theirs.location:
        level = [[{"stock_location_id": name, "stock_level": 1}] for name in pair]
        address = f"/api/v1/variants/{own.sku[0][0]}/stock"
        yield Probe("PATCH", address, address, (pair,), (level[0], level[1]))


def _patch(path: str, member: str, pair: tuple[str, str]) -> Probe:
    return Probe("PATCH", path, path, (pair,), ({member: pair[0]}, {member: pair[1]}))


def _headers(stage: Stage, own: Names) -> list[str]:
    """A token at other sites than its own: one answer, whether they exist or not."""
    token = stage.sign_in(OURS)
    caller = Caller(stage.web.port, token)
    path = f"/api/v1/customers/{own.customer[0][0]}"
    told = {
        (answer.status, answer.body)
        for site in (THEIRS, "no-such-site", THEIRS.upper(), f"{OURS}-", OURS.upper())
        for answer in [caller.call("GET", path, headers={"Site-Id": site})]
    }
    doubled = caller.call("GET", path, headers={"Site-Id": f"{OURS},{THEIRS}"})
    caller.close()
    faults = [f"told apart by the header: {told}"] if len(told) != 1 or next(iter(told))[0] != 403 else []
    return faults if doubled.status == 400 else [*faults, f"a doubled header was answered {doubled.status}"]


def _rows_of(slug: str) -> dict[str, list[str]]:
    """Every row of a site, as a dump has it."""
    site_id = Site.objects.get(slug=slug).pk
    rows = {}
    with connection.cursor() as cursor:
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                try:
                    model._meta.get_field("site")
                except FieldDoesNotExist:
                    continue
                table = model._meta.db_table
                cursor.execute(f'SELECT stored::text FROM "{table}" AS stored WHERE site_id = %s ORDER BY 1', [site_id])
                rows[table] = [text for (text,) in cursor.fetchall()]
    connection.close()
    return rows
