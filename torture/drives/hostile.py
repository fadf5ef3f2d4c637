"""Spoilt requests over every address: each is answered, quickly, in the one shape, with nothing of the inside."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from urllib.parse import quote

import orjson

from torture import nasty
from torture.addresses import Operation, operations
from torture.calling import Answer, Caller, in_threads
from torture.furniture import Names, furnish
from torture.outcome import Outcome, quantile
from torture.stage import ASIDE, Stage, wrong_books

THREADS = 4
P99_SECONDS = 0.5
INTERNALS = (b"Traceback (most", b'File "/', b"site-packages", b"psycopg", b"django.", b"pydantic", b"DETAIL:")
ROW_FAULT = {"line", "field", "message"}
"""What is wrong with rows of prices is told as an array of these (docs/api.md)."""
OF_SETTINGS = "/api/v1/settings"
"""What it changes could stop the others: it is called at a site of its own."""


def hostile(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("hostile")
    headers, aside = stage.sign_in(), stage.sign_in(ASIDE)
    maker = Caller(stage.web.port, headers)
    names = furnish(maker, "hostile-")
    maker.close()
    seeds = [stage.random.random() for _ in range(THREADS)]

    def send(number: int) -> list[tuple[str, Answer]]:
        choose = random.Random(seeds[number])
        callers = Caller(stage.web.port, headers), Caller(stage.web.port, aside)
        answers = []
        for _ in range(size // THREADS):
            method, path, body, more = request(choose, names)
            answer = callers[path.startswith(OF_SETTINGS)].call(method, path, body, more)
            answers.append((f"{method} {path[:120]} {str(body)[:200]} {str(more)[:100]}", answer))
        for caller in callers:
            caller.close()
        return answers

    answers = [pair for pairs in in_threads(THREADS, send) for pair in pairs]
    statuses = Counter(answer.status for _, answer in answers)
    times = [answer.seconds for _, answer in answers]
    outcome.faults = [f"{fault}: {call}" for call, answer in answers if (fault := judge(answer))]
    p99 = quantile(times, 0.99)
    outcome.figures = {
        "requests": len(answers),
        "5xx": sum(count for status, count in statuses.items() if status >= 500),
        "unanswered": statuses[0],
        "accepted": sum(count for status, count in statuses.items() if 200 <= status < 400),
        "p99": f"{p99 * 1000:.0f} ms",
        "slowest": f"{max(times) * 1000:.0f} ms",
    }
    if stage.judges_times:
        outcome.expect(p99 < P99_SECONDS, f"p99 is {p99 * 1000:.0f} ms")
    outcome.faults += wrong_books()
    return outcome


def request(choose: random.Random, names: Names) -> tuple[str, str, Any, dict[str, str]]:
    """Method, address, body and headers of something that somebody should not send."""
    operation = choose.choice(operations())
    more: dict[str, str] = {}
    kind = choose.choices(("document", "bytes", "header", "path", "query"), (50, 10, 10, 15, 15))[0]
    path = _filled(operation, choose, names, spoil=kind == "path")
    body: Any = choose.choice(operation.bodies) if operation.bodies else None
    if operation.method == "PUT" and "purchase_identifiers" in (body or ()):
        # Else every document would be refused for naming another purchase than the address does.
        body = body | {"purchase_identifiers": {}, "customer_identifiers": {"sparklayer": names.customer[0][0]}}
    if kind == "document" and operation.bodies:
        body = orjson.dumps(nasty.spoilt(body, choose))
    elif kind == "bytes":
        body = _bytes(body, choose)
    elif kind == "header":
        more = dict([choose.choice(nasty.HEADERS)])
    elif kind == "query" or (kind == "document" and operation.query):
        path += f"?{_query(operation, choose)}"
    return operation.method, path, body, more


def _filled(operation: Operation, choose: random.Random, names: Names, *, spoil: bool) -> str:
    parts = []
    lookup = ""
    for part in operation.path.split("/"):
        if not part.startswith("{"):
            parts.append(part)
            continue
        parameter = part.strip("{}")
        if parameter == "lookup_by":
            lookup = choose.choice(list(names.purchase))
            name = lookup
        elif parameter == "identifier":
            pairs = names.customer if "customers" in operation.path else names.purchase[lookup]
            name = choose.choice(pairs)[operation.method == "DELETE"]
        else:
            there, nobodys = choose.choice(names.of(operation.path, parameter))
            # Nothing is deleted that the others ask for.
            name = nobodys if operation.method == "DELETE" else choose.choice((there, nobodys))
        if spoil and choose.random() < 0.7:
            name = choose.choice(nasty.TEXTS)[:1500]
        parts.append(quote(name, safe=""))
    if spoil and choose.random() < 0.2:
        parts[-1] += choose.choice(("%", "%00", "%ff", "%2F..", "//", ";a=b", "%C0%AE"))
    return "/".join(parts)


def _query(operation: Operation, choose: random.Random) -> str:
    known = operation.query or ("limit",)
    pairs = []
    for _ in range(choose.randint(1, 3)):
        name = choose.choice((*known, "limit", "colour"))
        pairs.append(
            f"{quote(name)}={choose.choice((quote(choose.choice(nasty.TEXTS)[:1000]), '%ff', '%', '&&=', ''))}"
        )
    return "&".join(pairs)


def _bytes(good: Any, choose: random.Random) -> bytes:
    text = orjson.dumps(good) if good is not None else b"{}"
    match choose.randrange(3):
        case 0:
            return choose.choice(nasty.RAW)
        case 1:
            return text[: choose.randrange(len(text))]
    at = choose.randrange(len(text))
    return text[:at] + choose.randbytes(choose.randrange(4)) + text[at + 1 :]


def judge(answer: Answer) -> str | None:
    """What is wrong with an answer; None when nothing is."""
    if answer.status == 0:
        return f"no answer ({answer.body.decode()}, after {answer.seconds:.1f} s)"
    if answer.status >= 500:
        return f"{answer.status}"
    if any(word in answer.body for word in INTERNALS):
        return f"internals in {answer.body[:300]!r}"
    if answer.status < 400:
        return None
    if answer.media_type == "text/html" and answer.body.startswith(b"<html>"):
        return None  # refused by the HTTP server, in its own form
    try:
        problem = orjson.loads(answer.body)
        if isinstance(problem, list) and answer.status == 400:
            is_one = bool(problem) and all(row.keys() == ROW_FAULT for row in problem)
            return None if is_one else f"400 in another shape: {answer.body[:300]!r}"
        errors = problem["errors"]
        is_one = problem["status"] == answer.status and isinstance(problem["title"], str) and bool(errors)
        is_one = is_one and all({"code", "property", "message"} <= error.keys() for error in errors)
    except (ValueError, KeyError, TypeError, AttributeError):
        is_one = False
    return None if is_one else f"{answer.status} in another shape: {answer.body[:300]!r}"
