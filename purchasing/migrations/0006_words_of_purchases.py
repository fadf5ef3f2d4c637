"""What a search finds a purchase by: the column. `0007` fills it, `0008` indexes it."""

import django.contrib.postgres.search
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("purchasing", "0005_approvals"),
    ]

    operations = [
        migrations.AddField(
            model_name="purchase",
            name="words",
            field=django.contrib.postgres.search.SearchVectorField(
                editable=False, help_text="What a search finds it by; empty until it is worked out.", null=True
            ),
        ),
        # Kept in the row where it has room: a search reads the words of thousands of rows.
        migrations.RunSQL(
            sql="ALTER TABLE purchasing_purchase ALTER COLUMN words SET STORAGE MAIN",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
