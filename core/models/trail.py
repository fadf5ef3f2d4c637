"""The trail of changes: who changed a price, a stock level, a customer or a setting, when, from what to what.

Written by triggers of the tables concerned and by nothing else, in the transaction of the change: bulk writes and plain
SQL are in it, and what is rolled back is not. Who: what the transaction was told (`core.acting`), else `system`.
Rows stay when what they tell of goes. Erasing a person empties those of that person (`purchasing.erasing`).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models.functions import Now

from core.models.site import Site


class ExactDecoder(json.JSONDecoder):
    """Figures as they were stored, to the last digit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(parse_float=Decimal, **kwargs)


class ChangeQuerySet(models.QuerySet["Change"]):
    def for_site(self, site: Site) -> ChangeQuerySet:
        return self.filter(site=site)

    def of(self, row: models.Model) -> ChangeQuerySet:
        """The trail of one row that keeps one."""
        return self.filter(site=row.site_id, kind=row._meta.model_name, row_id=row.pk)  # type: ignore[attr-defined]


class Change(models.Model):
    """One row became what it is, or went. `before` and `after` hold the columns that changed; None: no row then."""

    site = models.ForeignKey(Site, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, editable=False)
    """Without constraint: a trigger writes this, many rows at a time, beside a row whose own site is proven."""
    kind = models.CharField(max_length=16, editable=False)
    row_id = models.BigIntegerField(editable=False)
    name = models.CharField(max_length=255, editable=False, help_text="SKU, key or id of what was changed.")
    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.CharField("who", max_length=320, editable=False)
    before = models.JSONField(null=True, editable=False, decoder=ExactDecoder)
    after = models.JSONField(null=True, editable=False, decoder=ExactDecoder)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["site", "kind", "row_id", "-id"], name="changes_of_a_row"),
            models.Index(fields=["site", "name", "-id"], name="changes_by_name"),
            BrinIndex(fields=["at"], name="changes_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


NOTE_CHANGES = """
CREATE FUNCTION core_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who text := left(COALESCE(NULLIF(current_setting('sparkproject.actor', true), ''), 'system'), 320);
    hidden text[] := string_to_array(TG_ARGV[2], ' ');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO core_change (site_id, kind, row_id, name, actor, before, after)
        SELECT new_row.site_id, TG_ARGV[0], new_row.id, COALESCE(to_jsonb(new_row) ->> TG_ARGV[1], ''), who,
            told.before, told.after
        FROM removed AS old_row JOIN added AS new_row ON new_row.id = old_row.id, LATERAL (
            SELECT jsonb_object_agg(key, was.value) AS before, jsonb_object_agg(key, became.value) AS after
            FROM jsonb_each(to_jsonb(old_row) - hidden) AS was
                JOIN jsonb_each(to_jsonb(new_row) - hidden) AS became USING (key)
            WHERE was.value IS DISTINCT FROM became.value
        ) AS told
        WHERE told.after IS NOT NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO core_change (site_id, kind, row_id, name, actor, after)
        SELECT new_row.site_id, TG_ARGV[0], new_row.id, COALESCE(to_jsonb(new_row) ->> TG_ARGV[1], ''), who,
            jsonb_strip_nulls(to_jsonb(new_row) - hidden)
        FROM added AS new_row;
    ELSE
        INSERT INTO core_change (site_id, kind, row_id, name, actor, before)
        SELECT old_row.site_id, TG_ARGV[0], old_row.id, COALESCE(to_jsonb(old_row) ->> TG_ARGV[1], ''), who,
            jsonb_strip_nulls(to_jsonb(old_row) - hidden)
        FROM removed AS old_row;
    END IF;
    RETURN NULL;
END $$
"""


class KeepTrail(migrations.RunSQL):
    """Migration operation: every change of the table's rows is kept in the trail.

    `kind`: the model's name. `name`: the column that people know the row by. `without`: columns that are not kept,
    separated by spaces, beside id and site.
    """

    def __init__(self, table: str, *, kind: str, name: str, without: str = "") -> None:
        self.arguments = ([table], {"kind": kind, "name": name, "without": without})
        hidden = f"id site_id {without}".strip()
        events = {
            "INSERT": "NEW TABLE AS added",
            "UPDATE": "OLD TABLE AS removed NEW TABLE AS added",
            "DELETE": "OLD TABLE AS removed",
        }
        super().__init__(
            sql=[
                f'CREATE TRIGGER "trail_of_{event.lower()}" AFTER {event} ON "{table}" REFERENCING {seen} '
                f"FOR EACH STATEMENT EXECUTE FUNCTION core_note_changes('{kind}', '{name}', '{hidden}')"
                for event, seen in events.items()
            ],
            reverse_sql=[f'DROP TRIGGER "trail_of_{event.lower()}" ON "{table}"' for event in events],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        args, kwargs = self.arguments
        return (self.__class__.__qualname__, list(args), dict(kwargs))
