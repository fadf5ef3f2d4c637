"""What the indexes of parts of words are made of (`catalog.finding`)."""

from __future__ import annotations

from django.db import migrations

# The cost keeps PostgreSQL from working the parts out of row after row where an index has them.
_PARTS = """
CREATE FUNCTION catalog_parts(site bigint, VARIADIC texts text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT site::text || ':' || substr(letters, place, 3))), '')
    FROM unnest(texts) AS given(whole), upper(whole) AS letters, generate_series(1, length(letters)) AS place
$$
"""
_ASKED = r"""
CREATE FUNCTION catalog_parts_asked(sites bigint[], word text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(parts, ' | ')::tsquery FROM (
        SELECT string_agg(
            '''' || replace(replace(site::text || ':' || substr(letters, place, 3), '\', '\\'), '''', '''''') || ''''
            || CASE WHEN length(letters) < 3 THEN ':*' ELSE '' END, ' & ') AS parts
        FROM unnest(sites) AS site, upper(word) AS letters, generate_series(1, greatest(length(letters) - 2, 1)) AS place
        GROUP BY site
    ) AS of_each_site
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_indexes_of_lists"),
    ]

    operations = [
        migrations.RunSQL(sql=_PARTS, reverse_sql="DROP FUNCTION catalog_parts(bigint, text[])"),
        migrations.RunSQL(sql=_ASKED, reverse_sql="DROP FUNCTION catalog_parts_asked(bigint[], text)"),
    ]
