"""`manage.py import_stock`: stock levels from a file."""

from __future__ import annotations

from catalog.imports import StockImporter
from core.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Stores stock levels of a CSV, XLSX or JSON lines file, as the API does."
    importer = StockImporter
