"""An exchange rate is a published fact: what one unit of a currency was worth in US dollars on one day.

Life: `manage.py import_rates` brings the European Central Bank's history, which ships with the program, and later
whatever the operator has newer; a superuser may type one in. It is read when a purchase gets its
`calculated_total_usd`, which then keeps a copy: a rate that is corrected or deleted afterwards changes no purchase.

Rates belong to no site. They are not a merchant's data but the world's, the same for every reader, and say nothing
about who asked for them; only superusers change them (`docs/money.md`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

RATE_DECIMALS = 16
"""Of a stored rate: eleven significant digits even for a currency of which 20,000 make a dollar."""
WHOLE_DIGITS = 4
"""Before the point. No currency comes near; it keeps a mistyped rate from a total that no column holds."""
ECB = "ECB"
"""The source of rates derived from the European Central Bank's reference rates."""


SOURCE_LENGTH = 64


class ExchangeRate(models.Model):
    """US dollars for one unit. One rate for each currency and day, whoever published it; none for USD itself."""

    currency_code = models.CharField("currency", max_length=3, help_text="ISO 4217, for example GBP.")
    date = models.DateField(
        help_text="The day it was published for. It is good until the next one, for at most 60 days."
    )
    usd_per_unit = models.DecimalField(
        "US dollars for one unit",
        max_digits=WHOLE_DIGITS + RATE_DECIMALS,
        decimal_places=RATE_DECIMALS,
        help_text="1.25 when one pound costs one dollar and a quarter.",
    )
    source = models.CharField(max_length=SOURCE_LENGTH, help_text="Who published it: ECB, or a name of your own.")

    class Meta:
        ordering = ["-date", "currency_code"]
        constraints = [
            models.UniqueConstraint(fields=["currency_code", "date"], name="a_currency_has_one_rate_a_day"),
            models.CheckConstraint(condition=Q(usd_per_unit__gt=0), name="a_rate_is_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(currency_code__regex=r"^[A-Z]{3}$") & ~Q(currency_code="USD"),
                name="a_rate_is_of_another_currency_than_the_dollar",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="a_rate_says_who_published_it"),
        ]

    def __str__(self) -> str:
        return f"{self.currency_code} {self.date}"
