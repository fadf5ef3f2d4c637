"""One built-in client for each site, which stands in when customers sign in with a password."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_client_calls")]

    operations = [
        migrations.AddConstraint(
            model_name="apiclient",
            constraint=models.UniqueConstraint(
                fields=["site"], condition=models.Q(client_type="public"), name="a_site_has_one_built_in_client"
            ),
        ),
    ]
