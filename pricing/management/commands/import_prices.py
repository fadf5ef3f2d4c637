"""`manage.py import_prices`: prices on price lists from a file."""

from __future__ import annotations

from core.imports.command import ImportCommand
from pricing.imports import PriceImporter


class Command(ImportCommand):
    help = "Stores prices on price lists of a CSV, XLSX or JSON lines file, as the API does."
    importer = PriceImporter
