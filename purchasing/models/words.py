"""How the words that a purchase is found by are asked for (`purchasing.search`)."""

from __future__ import annotations

from typing import Any

from django.db import models


class Matches(models.Lookup):
    """`words__matches`: what a query in PostgreSQL's writing finds, as it stands."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        words, parameters = self.process_lhs(compiler, connection)
        return f"{words} @@ %s::tsquery", (*parameters, self.rhs)


class AlsoMatches(Matches):
    """`words__also_matches`: the same of rows that something else finds. No index knows the function behind `@@`."""

    lookup_name = "also_matches"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        words, parameters = self.process_lhs(compiler, connection)
        return f"ts_match_vq({words}, %s::tsquery)", (*parameters, self.rhs)
