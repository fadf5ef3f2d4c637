"""Every drive of `make torture` for some seconds, against a real server; and that what they look for would be seen.

Times and memory are judged by `make torture` alone, on a machine that does nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from torture.calling import Answer
from torture.documents import written
from torture.drives.hostile import judge
from torture.drives.sites import PREFIX, Probe, differences
from torture.drives.writers import Kept, compare, mark_of
from torture.outcome import Outcome, drives_here, quantile

PATH = "/api/v1/purchases/internal/kept-1"


def test_every_drive_in_small(project: Path) -> None:
    words = [sys.executable, "-m", "torture", "--small"]
    run = subprocess.run(words, cwd=project, capture_output=True, text=True, check=False, timeout=600)
    lines = run.stdout.splitlines()
    assert [line.partition(":")[0].split() for line in lines[1:]] == [[name, "reached"] for name in drives_here()], run
    assert run.returncode == 0


def test_a_drive_that_there_is_not_is_refused(project: Path) -> None:
    words = [sys.executable, "-m", "torture", "walks"]
    run = subprocess.run(words, cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "no drive is called walks" in run.stderr


def test_one_fault_misses() -> None:
    outcome = Outcome("kills", {"lost": 1})
    outcome.expect(outcome.figures, "never")
    assert str(outcome) == "kills    reached: lost 1"
    outcome.expect(not outcome.figures, "a write is lost")
    assert str(outcome) == "kills    MISSED: lost 1\n    a write is lost"


def test_the_time_that_most_calls_did_not_exceed() -> None:
    assert quantile([], 0.99) == 0
    assert quantile([float(number) for number in range(1, 101)], 0.99) == 100
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2


# --- kills: what was acknowledged against what is stored -------------------------------------------------------------


def document(version: int) -> dict[str, object]:
    return written(mark_of(PATH, version))


@pytest.mark.parametrize("stored", [1, 2], ids=["acknowledged", "stored but never answered"])
def test_what_may_be_stored(stored: int) -> None:
    assert compare(Kept(PATH, sent=2, acknowledged=1, payments=["p"]), document(stored), {"p", "q"}) == []


def test_what_was_never_acknowledged_may_be_missing() -> None:
    assert compare(Kept(PATH, sent=0), None, set()) == []


def test_a_lost_write_would_be_seen() -> None:
    assert compare(Kept(PATH, sent=1, acknowledged=1), None, set()) == [f"lost: {PATH}"]
    [older] = compare(Kept(PATH, sent=2, acknowledged=2), document(1), set())
    assert older.startswith("lost: ")
    payment = compare(Kept(PATH, sent=0, acknowledged=0, payments=["p"]), document(0), set())
    assert payment == [f"lost: payment p of {PATH}"]


def test_a_torn_document_would_be_seen() -> None:
    torn = document(1) | {"packages": document(0)["packages"]}
    [fault] = compare(Kept(PATH, sent=1, acknowledged=1), torn, set())
    assert fault.startswith("torn: ")


# --- hostile: answers ------------------------------------------------------------------------------------------------


def answer(status: int, body: object = b"", media_type: str = "application/json") -> Answer:
    return Answer(status, body if isinstance(body, bytes) else orjson.dumps(body), media_type, 0.1)


PROBLEM = {"status": 400, "title": "invalid", "errors": [{"code": "invalid", "property": None, "message": "No."}]}


@pytest.mark.parametrize(
    "good",
    [
        answer(200, b"{}"),
        answer(304),
        answer(400, PROBLEM),
        answer(400, [{"line": 1, "field": "price", "message": "No."}]),
        answer(400, b"<html>Bad Request</html>", "text/html"),
    ],
    ids=["accepted", "unchanged", "a problem", "of rows", "of the HTTP server"],
)
def test_a_good_answer(good: Answer) -> None:
    assert judge(good) is None


@pytest.mark.parametrize(
    "bad",
    [
        answer(0, b"TimeoutError()"),
        answer(500, PROBLEM | {"status": 500}),
        answer(503),
        answer(404, PROBLEM),
        answer(400, b"not JSON"),
        answer(400, [PROBLEM]),
        answer(400, []),
        answer(400, PROBLEM | {"errors": []}),
        answer(400, PROBLEM | {"errors": ["No."]}),
        answer(400, b"<!doctype html>", "text/html"),
        answer(400, PROBLEM | {"title": "psycopg.errors.DataError"}),
        answer(200, b"Traceback (most recent call last)"),
    ],
)
def test_a_bad_answer_would_be_seen(bad: Answer) -> None:
    assert judge(bad)


# --- sites: what is theirs against what is nobody's ------------------------------------------------------------------


PROBE = Probe("GET", "/x/theirs", "/x/nobody", (("theirs", "nobody"),))


def test_answers_that_differ_in_the_name_alone_are_alike() -> None:
    assert differences(PROBE, answer(404, b"no theirs here"), answer(404, b"no nobody here")) == []


@pytest.mark.parametrize(
    "foreign",
    [
        answer(403, b"no theirs"),
        answer(404, b"not yours: theirs"),
        answer(404, f"no theirs, but {PREFIX}rope".encode()),
        answer(500, b"no theirs"),
        answer(0, b"no theirs"),
    ],
    ids=["another status", "another text", "their data", "a fault", "none"],
)
def test_answers_that_tell_them_apart_would_be_seen(foreign: Answer) -> None:
    [fault] = differences(PROBE, foreign, answer(404, b"no nobody"))
    assert PROBE.foreign in fault
