"""The language and the time zone that a person has chosen."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_import_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("de", "Deutsch")],
                db_default="",
                default="",
                help_text="Of the pages and mails of My account. Empty: the browser's, and the site's first.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Of times of My account. Empty: the site's.",
                max_length=64,
            ),
        ),
    ]
