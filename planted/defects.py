"""The planted defects: an edit of the source each, the threat of docs/security.md it lets in, the tests that must fail.

Tests are few and quick. An edit's old text stands exactly once in its file, which `tests/test_planted.py` watches.
"""

from __future__ import annotations

from planted.defect import Defect, Edit
from planted.documents import DOCUMENTS
from planted.faces import FACES
from planted.isolation import ISOLATION
from planted.money import MONEY

PROMISES: tuple[Defect, ...] = (
    Defect(
        "An acknowledged write is there",
        "a database that may forget is served from",
        Edit("core/durability.py", 'if value == "off":', 'if value == "never":'),
        "core/tests/test_durability.py::test_a_database_that_may_forget_is_refused",
    ),
    Defect(
        "One order, one purchase",
        "a lost race is not tried again",
        Edit("core/retries.py", "ATTEMPTS = 4", "ATTEMPTS = 1"),
        "purchasing/tests/test_races.py::test_births_under_different_identifiers_are_one_purchase",
    ),
    Defect(
        "Repeating is harmless",
        "the same document is written again",
        Edit("purchasing/putting.py", "if stored and not new.changed:", "if stored is new:"),
        "purchasing/tests/api/test_purchase_put_same.py::test_the_same_body_again",
    ),
)

DEFECTS: tuple[Defect, ...] = (*MONEY, *DOCUMENTS, *ISOLATION, *PROMISES, *FACES)
