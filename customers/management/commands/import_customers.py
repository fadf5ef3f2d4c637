"""`manage.py import_customers`: customers with their addresses from a file."""

from __future__ import annotations

from core.imports.command import ImportCommand
from customers.imports import CustomerImporter


class Command(ImportCommand):
    help = "Stores customers with their addresses of a CSV, XLSX or JSON lines file, as the API does."
    importer = CustomerImporter
