"""What purchases are found by, worked out anew from their documents: a search index, so nothing else follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson
from django.db import transaction

from core import sql
from purchasing.search import lexemes_of

BATCH = 500

_READ = """
SELECT held.id, held.site_id, held.header::text, held.contents::text, ARRAY(
    SELECT company_name FROM customers_customer AS customer
    WHERE customer.site_id = held.site_id AND customer.id IN (held.customer_id, held.child_id)
)
FROM purchasing_purchase AS held
WHERE held.site_id = ANY($1::bigint[]) AND held.id > $2 AND (held.words IS NULL OR NOT $3)
ORDER BY held.id LIMIT $4 FOR NO KEY UPDATE OF held
"""
_WRITE = """
UPDATE purchasing_purchase AS stored SET words = array_to_tsvector(sent.lexemes)
FROM json_to_recordset($2::json) AS sent(id bigint, lexemes text[])
WHERE stored.site_id = ANY($1::bigint[]) AND stored.id = sent.id
AND stored.words IS DISTINCT FROM array_to_tsvector(sent.lexemes)
RETURNING stored.id
"""


def rebuild_words(*, site_ids: Sequence[int], missing_only: bool = False) -> Iterator[int]:
    """Work out the words of every purchase of these sites; yields after each batch how many of it were written.

    `missing_only`: of those alone that have none yet. Each batch is locked and written in a transaction of its own.
    """
    last = 0
    while True:
        with transaction.atomic():
            rows = sql.fetch(_READ, [list(site_ids), last, missing_only, BATCH])
            sent = [
                {
                    "id": number,
                    "lexemes": lexemes_of(
                        site_id=site_id,
                        number=number,
                        header=orjson.loads(header),
                        contents=orjson.loads(contents),
                        companies=companies,
                    ),
                }
                for number, site_id, header, contents, companies in rows
            ]
            written = sql.fetch(_WRITE, [list(site_ids), orjson.dumps(sent).decode()])
        if not rows:
            return
        last = rows[-1][0]
        yield len(written)
