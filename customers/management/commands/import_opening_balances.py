"""`manage.py import_opening_balances`: opening balances from a file."""

from __future__ import annotations

from core.imports.command import ImportCommand
from customers.imports import OpeningBalanceImporter


class Command(ImportCommand):
    help = "Posts opening balances of a CSV, XLSX or JSON lines file, as the API does."
    importer = OpeningBalanceImporter
