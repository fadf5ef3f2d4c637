"""References that cannot leave their site, and text that is kept as it was written."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

PROVEN_BY_REFERENCE: dict[str, Any] = {"db_index": False, "db_constraint": False}
"""Options of a `site` column whose site a composite reference proves already, and that other indexes begin with."""


class SiteForeignKey(models.ForeignKey):
    """A foreign key to a row of the same site.

    Django knows it as a plain foreign key; the database holds a composite one on (site_id, …), added by `SiteReference`
    in the migration, so that a reference to another site's row is impossible whatever the code forgot.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class SiteOneToOneField(models.OneToOneField):
    """A `SiteForeignKey` that at most one row holds."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class JSONText(models.TextField):
    """JSON kept byte for byte as it was written (PostgreSQL `json`): the order of members survives."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return f"{sql}::text", params

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::json"


class SiteReference(migrations.RunSQL):
    """Migration operation: FOREIGN KEY (site_id, columns…) → target (site_id, columns…), deferrable, with a name."""

    def __init__(self, table: str, columns: str, target: str, target_columns: str = "id", *, name: str) -> None:
        self.arguments = ([table, columns, target, target_columns], {"name": name})
        super().__init__(
            sql=(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (site_id, {columns}) '
                f'REFERENCES "{target}" (site_id, {target_columns}) DEFERRABLE INITIALLY DEFERRED'
            ),
            reverse_sql=f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        args, kwargs = self.arguments
        return (self.__class__.__qualname__, list(args), dict(kwargs))
