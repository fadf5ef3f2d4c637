"""`manage.py import_transactions`: transactions from a file."""

from __future__ import annotations

from core.imports.command import ImportCommand
from purchasing.imports import TransactionImporter


class Command(ImportCommand):
    help = "Stores transactions of a CSV, XLSX or JSON lines file, as the API does."
    importer = TransactionImporter
