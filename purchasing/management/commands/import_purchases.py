"""`manage.py import_purchases`: purchases from a file."""

from __future__ import annotations

from core.imports.command import ImportCommand
from purchasing.imports import PurchaseImporter


class Command(ImportCommand):
    help = "Stores purchases of a CSV, XLSX or JSON lines file, as the API does."
    importer = PurchaseImporter
