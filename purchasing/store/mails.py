"""What is to be mailed: noted and given to the workers by one statement, in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import orjson

from core import sql

TASK, QUEUE = "purchasing.send_mail", "mails"
"""By what name the workers know it (`purchasing.tasks`)."""

# The function is what Procrastinate itself defers jobs by; its own call would be a statement more.
_JOBS = f"""
SELECT procrastinate_defer_jobs_v1(array_agg(
    ROW('{QUEUE}', '{TASK}', 0, NULL, NULL, jsonb_build_object('site_id', $1::bigint, 'mail_id', noted.id), NULL)
    ::procrastinate_job_to_defer_v1
)) FROM noted HAVING count(*) > 0
"""  # noqa: S608  # fixed parts
_NOTE = f"""
WITH noted AS (
    INSERT INTO purchasing_purchasemail (site_id, purchase_id, kind, subject, noted_at)
    SELECT $1, $2, event.kind, event.subject, $4 FROM json_to_recordset($3::json) AS event(kind text, subject text)
    ON CONFLICT DO NOTHING RETURNING id
)
{_JOBS}"""  # noqa: S608  # fixed parts
_AGAIN = f"""
WITH noted AS (
    UPDATE purchasing_purchasemail SET state = 'waiting', attempts = 0
    WHERE site_id = $1 AND id = ANY($2::bigint[]) AND state = 'failed' RETURNING id
), jobs AS ({_JOBS})
SELECT (SELECT count(*) FROM noted), (SELECT count(*) FROM jobs)
"""  # noqa: S608  # fixed parts


def note_mails(*, site_id: int, purchase_id: int, events: Collection[tuple[str, str]], at: datetime) -> None:
    """Note each (kind, subject) that has not been noted of this purchase, and have it sent once this commits."""
    sent = orjson.dumps([{"kind": kind, "subject": subject} for kind, subject in events]).decode()
    sql.run(_NOTE, [site_id, purchase_id, sent, at])


def send_again(*, site_id: int, mail_ids: Collection[int]) -> int:
    """Have those of them that failed sent after all, once this commits; answers how many those are."""
    [(count, _jobs)] = sql.fetch(_AGAIN, [site_id, list(mail_ids)])
    return int(count)
