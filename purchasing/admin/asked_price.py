"""What a customer pays for a SKU, and why: the lists that are tried, which one won, and every step of its price."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.models import Customer
from pricing.arithmetic import Break, price_text
from pricing.choose import Item, lists_with_prices, price_lists_of, prices_for_customer
from pricing.models import PriceList

LONGEST = 30
"""Digits of a figure that are all shown."""
WHAT = {
    "stored": _("Stands on the list"),
    "net": _("Less the tax in it, per cent"),
    "exchanged": _("Exchanged, by"),
    "adjusted": _("Adjusted by the rule, by"),
    "rounded": _("Rounded to the currency"),
    "discounted": _("Less the customer's discount, per cent"),
}


class AskForm(forms.Form):
    sku = forms.CharField(max_length=255, label=_("SKU"), strip=False, widget=UnfoldAdminTextInputWidget)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=10**9,
        initial=1,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "number", "min": 1}),
    )


def asked_context(customer: Customer, *, sku: str, quantity: int) -> dict[str, Any]:
    """`tried`: each list of the customer in its order, with what became of it; `steps`: of the price that applies."""
    site = customer.site
    [answer] = prices_for_customer(site=site, customer=customer, items=[Item(sku, quantity)])
    slugs = price_lists_of(customer, site=site)
    choice, price = answer.choice, answer.price
    won = choice.price_list_slug if choice else None
    passed = {step.price_list_slug for step in price.steps} if price else set()
    known = PriceList.objects.for_site(site).filter(slug__in={*slugs, *passed})
    lists = {slug: (name, code) for slug, name, code in known.values_list("slug", "name", "currency_code")}
    return {
        "asked": {"sku": sku, "quantity": quantity},
        "source": _("The customer's own lists") if customer.price_lists else _("The lists of the customer's group"),
        "tried": _tried(customer, slugs, {slug: name for slug, (name, _code) in lists.items()}, won, sku),
        "won": won,
        "is_derived": bool(price and any(step.what in ("exchanged", "adjusted") for step in price.steps))
        or bool(price and price.steps[0].price_list_slug != won),
        "starts_at": min((item.quantity for item in choice.breaks), default=None) if choice else None,
        "price": price and choice and _money(price.price, choice.currency_code),
        "line_total": choice and answer.line_total is not None and _money(answer.line_total, choice.currency_code),
        "steps": _steps(price, {slug: code for slug, (_name, code) in lists.items()}) if price else [],
    }


def _money(amount: Decimal, currency_code: str) -> str:
    """A price with all its decimals, but for those of a division that does not end."""
    text = price_text(amount, currency_code)
    whole = len(text) < LONGEST
    figure = number_format(text if whole else f"{amount:.12f}", force_grouping=True)
    return f"{figure if whole else f'{figure}…'} {currency_code}"


def _tried(
    customer: Customer, slugs: list[str], names: dict[str, str], won: str | None, sku: str
) -> list[dict[str, Any]]:
    """What became of each list: the first that has prices for the SKU wins, so those behind it were not needed."""
    tried, decided = [], False
    priced = lists_with_prices(site=customer.site, price_list_slugs=slugs, sku=sku)
    for slug in slugs:
        if slug not in names:
            told = _("there is no such list")
        elif slug == won and not decided:
            told, decided = _("wins: it is the first with prices for the SKU"), True
        elif decided:
            has = slug in priced
            told = _("has prices too, but comes later") if has else _("comes later, and has no prices for the SKU")
        else:
            told = _("has no prices for the SKU, and none of its rules leads to a list that has")
        tried.append({"slug": slug, "name": names.get(slug, ""), "told": told})
    return tried


def _steps(price: Break, currencies: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each with its figure in the currency of the list that it is on its way to."""
    return [
        {
            "what": WHAT[step.what],
            "by": "" if step.by is None else number_format(f"{step.by.normalize():f}"),
            "price_list": step.price_list_slug,
            "figure": _money(step.figure, currencies[step.price_list_slug]),
        }
        for step in price.steps
    ]
