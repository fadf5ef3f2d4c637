"""New purchases are sent by many programs at one moment, each under an identifier of its own choice."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from uuid import uuid4

from django.db import connection

from purchasing.models import Purchase
from torture.calling import Answer, Caller, in_threads
from torture.documents import PURCHASES, marks_of, written
from torture.outcome import Outcome
from torture.stage import Stage, wrong_books

PROGRAMS = 20
"""That send one and the same purchase."""


def births(stage: Stage, size: int) -> Outcome:
    outcome = Outcome("births")
    headers = stage.sign_in()
    known = [
        {"sparklayer": str(uuid4()), **dict.fromkeys(("platform", "internal", "visible"), f"birth-{number}")}
        for number in range(max(1, size // PROGRAMS))
    ]
    start = threading.Barrier(size)

    def send(number: int) -> Answer:
        identifiers = known[number % len(known)]
        kind = list(identifiers)[number // len(known) % len(identifiers)]
        body = written(f"program {number}") | {"purchase_identifiers": identifiers}
        caller = Caller(stage.web.port, headers)
        start.wait()
        answer = caller.call("PUT", f"{PURCHASES}/{kind}/{identifiers[kind]}", body)
        caller.close()
        return answer

    answers = in_threads(size, send)
    ids = defaultdict(set)
    for number, answer in enumerate(answers):
        if answer.status == 200:
            ids[number % len(known)].add(answer.document["id"])
    statuses = Counter(answer.status for answer in answers)
    stored = Purchase.objects.filter(internal_id__startswith="birth-").count()
    connection.close()
    split = sum(len(found) > 1 for found in ids.values())
    outcome.figures = {"requests": size, "purchases": stored, "split": split, "refused": size - statuses[200]}
    outcome.expect(split == 0, f"{split} purchases were split")
    outcome.expect(stored == len(known), f"{len(known)} purchases were sent and {stored} are stored")
    outcome.expect(set(statuses) <= {200, 409}, f"answers were {dict(statuses)}")
    reader = Caller(stage.web.port, headers)
    for identifiers in known:
        document = reader.call("GET", f"{PURCHASES}/sparklayer/{identifiers['sparklayer']}").document
        outcome.expect(len(marks_of(document)) == 1, f"a purchase is a blend of {marks_of(document)}")
    reader.close()
    outcome.faults += wrong_books()
    return outcome
