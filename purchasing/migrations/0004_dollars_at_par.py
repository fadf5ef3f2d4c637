"""Purchases in US dollars: their total was answered as it is; now it is stored, with the rate that says so.

Those in other currencies get theirs from `manage.py import_rates`.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("pricing", "0001_initial"),
        ("purchasing", "0003_total_in_dollars"),
    ]

    operations = [
        migrations.RunSQL(
            sql=(
                "UPDATE purchasing_purchase SET calculated_total_usd = round(calculated_total, 2), usd_rate = 1, "
                "usd_rate_date = (ordered_at AT TIME ZONE 'UTC')::date, usd_rate_source = 'par' "
                "WHERE currency_code = 'USD' AND usd_rate IS NULL"
            ),
            reverse_sql=(
                "UPDATE purchasing_purchase SET calculated_total_usd = NULL, usd_rate = NULL, usd_rate_date = NULL, "
                "usd_rate_source = NULL WHERE currency_code = 'USD'"
            ),
        ),
    ]
