"""What every import command does with its options; shown with products."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, load_command_class

from core.imports.command import ImportCommand
from core.imports.importer import Importer
from core.models import Site
from core.tests.imports.runs import EXAMPLES, counts, run_command

COMMANDS = {
    "import_products": "catalog",
    "import_stock": "catalog",
    "import_prices": "pricing",
    "import_customers": "customers",
    "import_opening_balances": "customers",
    "import_purchases": "purchasing",
    "import_transactions": "purchasing",
}

pytestmark = pytest.mark.django_db


def table_of(importer: type[Importer]) -> list[str]:
    """Its columns as the documentation lists them."""
    columns = importer.columns
    return [f"| `{c.name}{'…' * c.is_family}`{' *' * c.required} | {c.help.replace('|', '¦')} |" for c in columns]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_prints_every_column_and_what_the_exit_code_says(name: str) -> None:
    command = load_command_class(COMMANDS[name], name)
    assert isinstance(command, ImportCommand)

    text = command.create_parser("manage.py", name).format_help()

    for column in command.importer.columns:
        assert re.search(rf"^  {column.name}\S* +\S", text, re.MULTILINE), column.name
    assert "the exit code is 1" in " ".join(text.split())
    assert command.importer.document in " ".join(text.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_documentation_names_every_column(name: str, project: Path) -> None:
    command = load_command_class(COMMANDS[name], name)
    assert isinstance(command, ImportCommand)
    lines = (project / "docs" / "imports.md").read_text().splitlines()

    assert [line for line in table_of(command.importer) if line not in lines] == []


def test_an_unknown_site_or_file_is_refused(site: Site, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no site nowhere\."):
        call_command("import_products", str(EXAMPLES / "products.csv"), "--site", "nowhere")
    with pytest.raises(CommandError, match=r"missing\.csv: No such file or directory"):
        run_command("import_products", site, tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="Is a directory"):
        run_command("import_products", site, tmp_path)
    with pytest.raises(CommandError, match="has to end in one of"):
        run_command("import_products", site, Path(__file__))


def test_the_format_may_be_said(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "products.dat"
    path.write_bytes((EXAMPLES / "products.csv").read_bytes())

    assert run_command("import_products", site, path, "--format", "csv").last == counts(5, "Products", created=3)


def test_fifty_faults_are_named_and_all_are_written(site: Site, tmp_path: Path) -> None:
    path, errors = tmp_path / "products.csv", tmp_path / "errors.csv"
    path.write_text("product_slug,sku\n" + "".join(f"p{number},=1+1\n" for number in range(120)))

    told = run_command("import_products", site, path, "--errors", str(errors))

    assert len(told.lines) == 52
    assert told.lines[49:] == [
        "line 51: product_title: This member is required.",
        "… and 70 more",
        counts(120, "Products", rejected=120),
    ]
    assert len(errors.read_text().splitlines()) == 121


def test_a_dry_run_says_so_apart_from_what_it_tells(site: Site) -> None:
    told, aside = StringIO(), StringIO()
    words = ["--site", site.slug, "--dry-run"]

    call_command("import_products", str(EXAMPLES / "products.csv"), *words, stdout=told, stderr=aside)

    assert told.getvalue() == counts(5, "Products", created=3) + "\n"
    assert aside.getvalue() == "A dry run: nothing was written.\n"
