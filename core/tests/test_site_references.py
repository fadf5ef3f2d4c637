"""The site is in the key: what the database itself holds, read back from its catalogue."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from core.models import AccessToken, Site
from core.models.fields import SiteForeignKey, SiteOneToOneField
from tests.callers import make_client, make_token

REFERENCES = """
    SELECT conrelid::regclass::text, confrelid::regclass::text, condeferrable, condeferred,
           (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS k(number, place)
              JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
           (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS k(number, place)
              JOIN pg_attribute ON attrelid = confrelid AND attnum = number)
      FROM pg_constraint WHERE contype = 'f'
"""


def site_references() -> list[models.Field]:
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, (SiteForeignKey, SiteOneToOneField))
    ]


def within_a_site(model: type[models.Model]) -> bool:
    return any(field.name == "site" for field in model._meta.local_fields)


@pytest.mark.django_db
@pytest.mark.parametrize("field", site_references(), ids=str)
def test_every_reference_within_a_site_is_held_by_the_database(field: models.ForeignKey) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES)
        held = cursor.fetchall()
    holding = [
        (columns, target_columns)
        for table, _target, deferrable, deferred, columns, target_columns in held
        if table == field.model._meta.db_table and field.column in columns and deferrable and deferred
    ]
    # A line's purchase is held by the reference to its package, whose purchase and site it has to share.
    assert holding
    assert all((columns[0], target_columns[0]) == ("site_id", "site_id") for columns, target_columns in holding)
    direct = (["site_id", field.column], ["site_id", field.remote_field.model._meta.pk.column])
    assert direct in holding or any(len(columns) == 3 for columns, _ in holding)


def test_references_between_rows_of_sites_are_all_of_this_kind() -> None:
    plain = [
        str(field)
        for model in apps.get_models()
        if within_a_site(model)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and not isinstance(field, (SiteForeignKey, SiteOneToOneField))
        and within_a_site(field.remote_field.model)
    ]
    assert plain == []


@pytest.mark.django_db
def test_a_token_of_another_sites_client_cannot_be_stored(site: Site, other_site: Site) -> None:
    client, _ = make_client(site)
    make_token(client)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="a_token_belongs_to_a_client_of_its_site"), transaction.atomic():
        AccessToken.objects.update(site=other_site)
