"""Works out what the purchases that stand are found by, a few hundred in each transaction.

Purchases that the old code writes meanwhile stay without; `manage.py rebuild_search --missing` finds those.
"""

from typing import Any

from django.db import migrations

from purchasing.store.words import rebuild_words


def fill(apps: Any, _schema_editor: Any) -> None:
    sites = list(apps.get_model("core", "Site").objects.values_list("pk", flat=True))
    # Today's rules, not those of this migration's day: the index has to be what the running code asks for.
    for _written in rebuild_words(site_ids=sites, missing_only=True):
        pass


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("purchasing", "0006_words_of_purchases"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
