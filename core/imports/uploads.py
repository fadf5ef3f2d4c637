"""A file in the back office: looked at by a dry run, kept, and run once it is confirmed."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.actors import Actor
from core.imports.importer import OUTCOMES, Importer, Outcome
from core.imports.reading import RowFile, format_of
from core.imports.rows import Record, UnreadableFile
from core.imports.run import run_import
from core.models import ImportUpload, Site, User

MOST_BYTES = 5 * 1024 * 1024
ROWS_SHOWN = 10
FAULTS_SHOWN = 50
_TEXT_SHOWN = 300


def keep(
    *,
    importer: type[Importer],
    site: Site,
    user: User,
    actor: Actor,
    file_name: str,
    content: bytes,
    given: Mapping[str, str],
    now: datetime,
) -> ImportUpload:
    """The file with what the run would do. Raises UnreadableFile, also for more rows than are taken here."""
    ImportUpload.objects.forget(now)
    upload = ImportUpload(
        site=site, user=user, kind=importer.name, file_name=file_name[:255], content=content, given=dict(given)
    )
    rows = _file_of(upload, importer).count()
    if rows > importer.most_uploaded:
        message = (
            f"The file has {rows} rows, and {importer.most_uploaded} are taken here. "
            f"Divide it, or have it imported by the command {importer.command}."
        )
        raise UnreadableFile(None, message)
    upload.preview = _told(upload, importer, actor=actor, now=now, dry_run=True)
    upload.created_at = now
    upload.save()
    return upload


def confirm(*, upload: ImportUpload, importer: type[Importer], actor: Actor, now: datetime) -> None:
    """Run it and keep what it told. One that was cut off is confirmed again; a repeat changes nothing."""
    upload.result = _told(upload, importer, actor=actor, now=now, dry_run=False)
    upload.save(update_fields=["result"])


def _file_of(upload: ImportUpload, importer: type[Importer]) -> RowFile:
    file = io.BytesIO(upload.content)
    return RowFile(file, format_of(upload.file_name), importer.columns, upload.given)


def _told(
    upload: ImportUpload, importer: type[Importer], *, actor: Actor, now: datetime, dry_run: bool
) -> dict[str, Any]:
    """Rows, records by outcome, the first records, and the first faults with the number of the others."""
    outcomes: list[Outcome] = []
    row_file = _file_of(upload, importer)

    def tell(piece: Sequence[Outcome]) -> None:
        outcomes.extend(piece)

    run = importer(site=upload.site, actor=actor, now=now)
    run_import(importer=run, rows=row_file.rows(), dry_run=dry_run, told=tell)
    words = Counter(outcome.word for outcome in outcomes)
    faults = [[fault.line, fault.property, fault.message] for outcome in outcomes for fault in outcome.faults]
    return {
        "rows": sum(len(outcome.record.rows) for outcome in outcomes),
        "outcomes": [[word, words[word]] for word in OUTCOMES],
        "first": [[o.record.line, o.word, _said(o.record)] for o in outcomes[:ROWS_SHOWN]],
        "faults": faults[:FAULTS_SHOWN],
        "more_faults": max(0, len(faults) - FAULTS_SHOWN),
    }


def _said(record: Record) -> str:
    """What its first row says, for people, cut short."""
    parts = (f"{name}: {_plain(value)}" for name, value in record.values.items())
    text = " · ".join(parts)
    return text if len(text) <= _TEXT_SHOWN else f"{text[:_TEXT_SHOWN]}…"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
