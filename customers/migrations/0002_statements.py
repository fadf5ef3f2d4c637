"""References of opening and manual entries stand once per customer; what is due last is found at once."""

from __future__ import annotations

from django.db import migrations, models

from core.models.fields import SiteReference


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountentry",
            name="reference_owner_id",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        # In SQL, since both are safe beside the old code, which a generated constraint does not show: an account's id is
        # unique by itself, and nobody but the new code writes an owner.
        migrations.RunSQL(
            sql=[
                """
                ALTER TABLE customers_account
                ADD CONSTRAINT account_is_known_by_its_customer UNIQUE (site_id, id, customer_id)
                """,
                """
                CREATE UNIQUE INDEX an_entry_s_reference_is_taken_once_per_customer
                ON customers_accountentry (site_id, reference_owner_id, reference)
                WHERE reference_owner_id IS NOT NULL
                """,
            ],
            reverse_sql=[
                "DROP INDEX an_entry_s_reference_is_taken_once_per_customer",
                "ALTER TABLE customers_account DROP CONSTRAINT account_is_known_by_its_customer",
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.UniqueConstraint(
                        fields=("site", "id", "customer"), name="account_is_known_by_its_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="accountentry",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("reference_owner_id__isnull", False)),
                        fields=("site", "reference_owner_id", "reference"),
                        name="an_entry_s_reference_is_taken_once_per_customer",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="accountentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["opening", "manual"]), _negated=True),
                    ("reference", ""),
                    ("reference_owner_id__isnull", False),
                    _connector="OR",
                ),
                name="who_owns_an_entry_s_reference_is_known",
            ),
        ),
        SiteReference(
            "customers_accountentry",
            "account_id, reference_owner_id",
            "customers_account",
            "id, customer_id",
            name="an_entry_s_reference_is_owned_by_its_account",
        ),
        migrations.AddIndex(
            model_name="accountentry",
            index=models.Index(
                condition=models.Q(("due_date__isnull", False)),
                fields=["site", "account", "due_date"],
                name="entry_by_due_date",
            ),
        ),
    ]
