"""The planted defects: an edit of the source each, the threat of docs/security.md it lets in, the tests that must fail.

Tests are few and quick. An edit's old text stands exactly once in its file, which `tests/test_planted.py` watches.
"""

from __future__ import annotations

from planted.defect import Defect, Edit
from planted.documents import DOCUMENTS
from planted.isolation import ISOLATION
from planted.money import MONEY

OTHER: tuple[Defect, ...] = (
    Defect(
        "A reader writes",
        "the scope to read suffices for everything",
        Edit(
            "core/api/permissions.py", "reading = method in SAFE_METHODS or access.person is not None", "reading = True"
        ),
        "tests/test_scopes.py::test_a_scope_opens_what_it_is_for_and_nothing_else",
    ),
    Defect(
        "Formulas in CSV and XLSX",
        "a cell is written as it is",
        Edit(
            "core/spreadsheets.py",
            """return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS) else text""",
            "return text",
        ),
        "core/tests/test_spreadsheets.py::test_what_could_be_a_formula_is_text",
    ),
    Defect(
        "Links of another scheme than http and https",
        "any address is stored",
        Edit("core/documents.py", 'if value and not value.lower().startswith(("http://", "https://")):', "if False:"),
        "purchasing/tests/api/test_purchase_put_faults.py::test_a_faulty_value",
    ),
    Defect(
        "Private pages are kept by caches",
        "pages say nothing of caches",
        Edit("purchasing/pages/headers.py", '"no-store, private"', '"private"'),
        "purchasing/tests/pages/test_page_headers.py::test_private_and_closed",
    ),
    Defect(
        "Guessing passwords",
        "failures are not counted",
        Edit("core/sign_in.py", ".count() >= FAILURES:", ".count() < 0:"),
        "core/tests/test_sign_in.py::test_after_ten_failures_this_email_waits_at_this_address",
    ),
    Defect(
        "Huge, deep or endless bodies",
        "depth is not looked at",
        Edit("core/api/bodies.py", "        _check_depth(value)\n", "        pass\n"),
        "core/tests/api/test_bodies.py::test_depth",
    ),
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
        Edit("purchasing/operations.py", "if stored and not new.changed:", "if stored is new:"),
        "purchasing/tests/api/test_purchase_put_same.py::test_the_same_body_again",
    ),
)

DEFECTS: tuple[Defect, ...] = (*MONEY, *DOCUMENTS, *ISOLATION, *OTHER)
