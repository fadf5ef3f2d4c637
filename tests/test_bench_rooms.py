"""`python -m bench.profile`: which room a sample counts for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.rooms import ROOMS, Samples, room_of


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("purchasing/api/purchases.py", "1 who asks"),
        ("rest_framework/views.py", "1 who asks"),
        ("core/api/bodies.py", "2 document"),
        ("purchasing/replace.py", "3 operation"),
        ("core/money.py", "4 figures"),
        ("django/db/transaction.py", "5 store"),
        ("customers/ledger.py", "6 effects"),
        ("purchasing/rendering.py", "answer"),
        ("/usr/lib/python3.11/json/decoder.py", ""),
    ],
)
def test_the_longest_beginning_names_the_room(path: str, room: str) -> None:
    assert room_of(path) == room


def test_every_file_and_directory_of_ours_that_is_named_is_there(project: Path) -> None:
    ours = [begin for of in ROOMS.values() for begin in of if begin.startswith(("purchasing/", "core/", "customers/"))]
    assert [begin for begin in ours if not (project / begin).exists()] == []


def test_a_sample_counts_for_the_innermost_room_and_for_whoever_called_it() -> None:
    door, store = ("core/api/views.py", "put"), ("purchasing/store/rows.py", "read")
    samples = Samples()
    samples.add([("/usr/lib/json.py", "loads"), store, store, door])
    samples.add([("/usr/lib/json.py", "loads"), ("purchasing/totals.py", "add_up"), door])
    samples.add([door])
    samples.add([("/usr/lib/threading.py", "run")])
    rows = list(samples.rows(8.0, functions=2))
    assert rows == [
        ("1 who asks", "", "2.00", "", "25%"),
        ("2 document", "", "0.00", "", "0%"),
        ("3 operation", "", "0.00", "", "0%"),
        ("4 figures", "", "2.00", "", "25%"),
        ("", "purchasing/totals.py:add_up", "2.00", "2.00", "25%"),
        ("5 store", "", "2.00", "", "25%"),
        ("", "purchasing/store/rows.py:read", "2.00", "2.00", "25%"),
        ("6 effects", "", "0.00", "", "0%"),
        ("answer", "", "0.00", "", "0%"),
    ]
