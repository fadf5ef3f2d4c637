"""Answers that are files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TypeVar

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse, FileResponse)

CSV = "text/csv"
PDF = "application/pdf"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_download(content: Iterator[bytes], *, name: str) -> StreamingHttpResponse:
    """A table that is sent while it is read. `name`: without its ending."""
    answer = StreamingHttpResponse(content, content_type=f"{CSV}; charset=utf-8")
    return _named(answer, f"{name}.csv")


def pdf_download(content: bytes, *, name: str) -> HttpResponse:
    """A paper. `name`: without its ending."""
    return _named(HttpResponse(content, content_type=PDF), f"{name}.pdf")


def zip_download(content: bytes, *, name: str) -> HttpResponse:
    """An archive. `name`: without its ending."""
    return _named(HttpResponse(content, content_type=ZIP), f"{name}.zip")


def file_download(file: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """A file that is closed once it is sent. `name`: with its ending."""
    return _named(FileResponse(file, content_type=content_type), name)


def _named(answer: Answer, name: str) -> Answer:
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer
