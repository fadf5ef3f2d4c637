"""The planted defects of `make planted` fit the source as it stands, so that the list cannot rot.

What they do is seen by the command, which takes some minutes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planted.defect import Defect, Edit
from planted.defects import DEFECTS
from planted.page import with_table
from tests.test_security_page import PAGE, is_there

NAMES = [f"{defect.threat}: {defect.says}" for defect in DEFECTS]
THREATS = set(re.findall(r"^\| ([^|]+?) \|", PAGE.partition("\n## 3. ")[0], re.MULTILINE))


def threats_of(title: str) -> set[str]:
    """Those of one table of docs/security.md."""
    rows = PAGE.partition(f"\n### {title}\n")[2].partition("\n### ")[0]
    return set(re.findall(r"^\| ([^|]+?) \|", rows, re.MULTILINE)) - {"threat", "---"}


@pytest.mark.parametrize("defect", DEFECTS, ids=NAMES)
def test_it_fits(defect: Defect, project: Path) -> None:
    assert defect.edits
    assert [edit.path for edit in defect.edits if not edit.fits(project) or edit.old == edit.new] == []
    assert defect.tests
    assert [test for test in defect.tests if not is_there(*named(test))] == []
    assert defect.threat in THREATS


def named(test: str) -> tuple[str, str]:
    path, mark, name = test.partition("::")
    return path, mark + name


@pytest.mark.parametrize("title", ["Money", "Documents", "Isolation"])
def test_there_is_one_for_every_threat(title: str) -> None:
    assert threats_of(title) - {defect.threat for defect in DEFECTS} == set()
    assert len(threats_of(title)) >= 6


def test_each_has_its_own_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("text", ["", "one", "one two one"])
def test_a_text_that_does_not_stand_there_once_does_not_fit(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.py").write_text(text)
    edit = Edit("file.py", "one", "two")
    assert edit.fits(tmp_path) == (text == "one")
    if text != "one":
        with pytest.raises(ValueError, match="does not stand there once"):
            edit.apply(tmp_path)


def test_the_page_has_the_table_of_today() -> None:
    assert with_table(PAGE, DEFECTS) == PAGE
