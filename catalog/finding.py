"""Among which products a search looks: those in which the parts of its words occur, by indexes of parts.

A search of the catalogue finds words within words, which no index of whole words helps. So indexes keep every three
letters that follow each other in a product's title, slug and id, in a variant's SKU and id, and in the value of an
option, each marked with its site, so that a search never reads what belongs to another (`catalog_parts` in the
database, worked out by PostgreSQL for whoever writes a row). What has a word has all parts of it. What has all parts
need not have the word: whoever asks compares the rows that are left.
"""

from __future__ import annotations

from collections.abc import Sequence

from core import sql
from core.ids import PRODUCT, VARIANT, number_of

MOST_WORDS = 10
"""A search looks for."""
MOST_LETTERS = 255
"""Of a word by which the indexes are asked: what they are asked for has a limit of its own, and no text is longer."""
MOST = 1_000
"""Rows of a word that few have. One that more have is found soon by reading the list in its order."""

_NEAR = f"""
SELECT ARRAY(
    (SELECT id FROM catalog_product
        WHERE catalog_parts(site_id, title, slug, external_id) @@ asked.parts
        LIMIT {MOST + 1})
    UNION ALL
    (SELECT product_id FROM catalog_productvariant
        WHERE catalog_parts(site_id, sku, external_id) @@ asked.parts
        LIMIT {MOST + 1})
    UNION ALL
    SELECT variant.product_id
    FROM (SELECT site_id, variant_id FROM catalog_variantoption
        WHERE catalog_parts(site_id, value) @@ asked.parts
        LIMIT {MOST + 1}) AS found
    JOIN catalog_productvariant AS variant ON variant.site_id = found.site_id AND variant.id = found.variant_id
    UNION ALL
    SELECT id FROM catalog_product WHERE site_id = ANY($1::bigint[]) AND id = asked.product_id
    UNION ALL
    SELECT product_id FROM catalog_productvariant WHERE site_id = ANY($1::bigint[]) AND id = asked.variant_id
)
FROM (
    SELECT catalog_parts_asked($1::bigint[], word) AS parts, product_id, variant_id
    FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS sent(word, product_id, variant_id)
    OFFSET 0
) AS asked
"""  # noqa: S608  # fixed parts


def products_near(*, site_ids: Sequence[int], words: Sequence[str]) -> list[int] | None:
    """Our numbers of products of these sites, all those in which every word occurs among them; one query.

    A word occurs in a product's title or ids, in a variant's SKU or ids, or in the value of an option. None: very many
    have each of the words, or there is none.
    """
    if not words or not site_ids:
        return None
    products = [number_of(PRODUCT, word) for word in words]
    variants = [number_of(VARIANT, word) for word in words]
    asked = [word[:MOST_LETTERS] for word in words]
    rows = sql.fetch(_NEAR, [list(site_ids), asked, products, variants])
    few = [set(numbers) for (numbers,) in rows if len(numbers) <= MOST]
    return sorted(set.intersection(*few)) if few else None
