"""`manage.py import_products`: products with their variants from a file."""

from __future__ import annotations

from catalog.imports import ProductImporter
from core.imports.command import ImportCommand


class Command(ImportCommand):
    help = "Stores products with their variants of a CSV, XLSX or JSON lines file, as the API does."
    importer = ProductImporter
