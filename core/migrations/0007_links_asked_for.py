"""How often a link to set a password was asked for."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_language_of_a_person"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkAsked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["key", "asked_at"], name="link_asked_by_key")],
            },
        ),
    ]
