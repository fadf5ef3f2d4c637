"""The versions of a purchase's document: which there are, who made them, what changed."""

from __future__ import annotations

from typing import Any

import orjson

from core import sql
from core.ids import PURCHASE
from core.models import Site
from purchasing.comparison import changes_between
from purchasing.models import Purchase, PurchaseRevision
from purchasing.store import StoredPurchase

# Compared in the database, which answers names: the documents of a long life would fill this process's memory.
# Texts are compared first, as most members of most revisions stay as they were.
_LIST = """
SELECT number, at, author, before IS NULL, CASE WHEN before IS NULL THEN ARRAY[]::text[] ELSE ARRAY(
    SELECT name FROM (
        SELECT 1 AS part, place, now.name, now.value, old.value AS was
        FROM json_each(header) WITH ORDINALITY AS now(name, value, place)
        LEFT JOIN json_each(before) AS old(name, value) ON old.name = now.name
        UNION ALL
        SELECT 2, place, now.name, now.value, old.value
        FROM json_each(CASE WHEN contents::text <> contents_before::text THEN contents ELSE '{}' END)
            WITH ORDINALITY AS now(name, value, place)
        LEFT JOIN json_each(contents_before) AS old(name, value) ON old.name = now.name
    ) AS member
    WHERE value::text IS DISTINCT FROM was::text AND value::jsonb IS DISTINCT FROM was::jsonb
    ORDER BY part, place
) END
FROM (
    SELECT number, at, author, header, contents,
        lag(header) OVER by_number AS before, lag(contents) OVER by_number AS contents_before
    FROM purchasing_purchaserevision WHERE site_id = $1 AND purchase_id = $2
    WINDOW by_number AS (ORDER BY number)
) AS revision
ORDER BY number
"""

NEWEST = 50
MOST_BYTES = 2_000_000
"""Of stored contents, as they lie in the table: of an order with very many lines fewer revisions are read."""

# $1 site, $2 purchase, $3 how many at most, $4 how many bytes; two are read in any case. The sizes are those of the
# table, so that what is not read is not unpacked either.
_VERSIONS = """
SELECT number, at, author, header, contents
FROM (
    SELECT number, at, author, header, contents,
        row_number() OVER newest_first AS place, sum(pg_column_size(contents)) OVER newest_first AS bytes
    FROM (
        SELECT number, at, author, header, contents FROM purchasing_purchaserevision
        WHERE site_id = $1 AND purchase_id = $2 ORDER BY number DESC LIMIT $3
    ) AS newest
    WINDOW newest_first AS (ORDER BY number DESC)
) AS sized
WHERE place <= 2 OR bytes <= $4 ORDER BY number
"""


def list_revisions(*, site: Site, purchase_id: int) -> list[dict[str, Any]]:
    """`{revision, at, by, summary}` of every version, oldest first. One query, and no document leaves the database."""
    return [
        {
            "revision": number,
            "at": at.isoformat(),
            "by": author,
            "summary": "created" if first else summarise(changed),
        }
        for number, at, author, first, changed in sql.fetch(_LIST, [site.pk, purchase_id])
    ]


def newest_versions(*, site_id: int, purchase_id: int) -> list[Any]:
    """`(number, at, author, header, contents)` of the newest versions, as many as a page reads, in their order.

    One query.
    """
    return list(sql.fetch(_VERSIONS, [site_id, purchase_id, NEWEST, MOST_BYTES]))


def summarise(changed: list[str]) -> str:
    """In one line: which members changed."""
    return f"changed {', '.join(changed)}" if changed else "unchanged"


def revision_json(*, site: Site, purchase_id: int, number: int) -> bytes | None:
    """The document as it stood at that revision, with its number, time and author; None when there is no such one."""
    version = PurchaseRevision.objects.for_site(site).filter(purchase_id=purchase_id, number=number).first()
    if version is None:
        return None
    about = orjson.dumps({"revision": version.number, "revision_date": version.at.isoformat(), "by": version.author})
    return (
        f'{{"id":"{PURCHASE}{purchase_id}",{version.header[1:-1]},{about.decode()[1:-1]},{version.contents[1:]}'
    ).encode()


def changes_of(*, site_id: int, purchase_id: int, before: int, after: int) -> list[dict[str, Any]]:
    """`{path, old, new}` of each member that differs between two revisions that exist. One query, none for the same."""
    if before == after:
        return []
    rows = PurchaseRevision.objects.filter(site=site_id, purchase=purchase_id, number__in=[before, after])
    documents = {row.number: document_of(row) for row in rows}
    return [
        {"path": change.path, "old": change.old, "new": change.new}
        for change in changes_between(documents[before], documents[after])
    ]


def document_of(version: Purchase | StoredPurchase | PurchaseRevision) -> dict[str, Any]:
    """The document as it is, or as it was, packages and files included."""
    header: dict[str, Any] = orjson.loads(version.header)
    return header | orjson.loads(version.contents)
