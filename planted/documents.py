"""Defects that tear, blend or mistake documents."""

from __future__ import annotations

from planted.defect import Defect, Edit

DOCUMENTS: tuple[Defect, ...] = (
    Defect(
        "Children of two writers",
        "a purchase is replaced without its lock",
        Edit(
            "purchasing/store/finding.py",
            "(find_statement(tuple(identifiers), lock=True, whole=True)",
            "(find_statement(tuple(identifiers), lock=False, whole=True)",
        ),
        "purchasing/tests/test_races.py::test_whole_documents_are_never_torn",
    ),
    Defect(
        "A reader sees parent and children of different versions",
        "the header is committed before the lines",
        Edit(
            "core/retries.py",
            "            with transaction.atomic():\n                return work()",
            "            return work()",
        ),
        Edit(
            "purchasing/putting.py",
            "    for new in (True, False):\n",
            "    from core import sql\n"
            "    for one in purchases:\n"
            "        sql.run('UPDATE purchasing_purchase SET header = $2::json WHERE id = $1', [one.id, one.header])\n"
            "    sql.run('SELECT pg_sleep(0.02)', [])\n"
            "    for new in (True, False):\n",
        ),
        "purchasing/tests/test_races.py::test_a_reader_never_sees_half_a_document",
    ),
    Defect(
        "Identifiers of two purchases in one body",
        "the first purchase that is found is taken",
        Edit("purchasing/identity.py", "if len(found) > 1:", "if False:"),
        "purchasing/tests/api/test_purchase_put_identity.py::test_identifiers_of_two_purchases",
    ),
    Defect(
        "Blank identifiers match each other",
        "a purchase without a visible id is found by none",
        Edit(
            "purchasing/identity.py",
            "for kind, value in {**sent, lookup.kind: lookup.value}.items() if value}",
            'for kind, value in {**sent, lookup.kind: lookup.value}.items() if value or kind == "visible"}',
        ),
        Edit(
            "purchasing/store/finding.py",
            'not_blank = "" if kind in _NEVER_BLANK else',
            'not_blank = "" if kind else',
        ),
        "purchasing/tests/api/test_purchase_put_identity.py::test_blank_identifiers_do_not_match_each_other",
    ),
    Defect(
        "A SparkLayer id is taken over",
        "another identifier may find a purchase with another SparkLayer id",
        Edit(
            "purchasing/identity.py",
            "if spark_id and any(purchase.spark_id != spark_id for purchase in found):",
            "if False:",
        ),
        "purchasing/tests/api/test_purchase_put_identity.py::test_another_s_identifier_under_one_s_own_sparklayer_id",
    ),
    Defect(
        "A form opened an hour ago overwrites a newer document",
        "the page of a purchase saves on any version",
        Edit(
            "purchasing/admin/saving.py",
            "        preconditions=Preconditions(if_match=Tags(any=False, values=(opened.version,))),\n",
            "",
        ),
        "purchasing/tests/admin/test_purchase_page.py::test_a_write_between_check_and_save_is_not_overwritten",
    ),
    Defect(
        "A form opened an hour ago overwrites a newer document",
        "the page of a transaction saves on any version",
        Edit(
            "purchasing/admin/transaction_form.py",
            "if now.updated_at.isoformat() != version:",
            "if not version:",
        ),
        "purchasing/tests/admin/test_transaction_pages.py::test_a_form_opened_before_a_newer_write_is_refused",
    ),
)
