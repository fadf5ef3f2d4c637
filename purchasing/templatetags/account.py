"""How templates of My account write money, dates and states. All expect `reader` in the context."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.errors import Fault
from purchasing.models import Purchase
from purchasing.pages.labels import PACKAGES, PAYMENT, Label, labels_of
from purchasing.pages.navigation import Link, links_for
from purchasing.pages.reader import Reader
from purchasing.pages.refusals import sentence_of
from purchasing.payment import PaymentStatus
from purchasing.status import PackageState

register = template.Library()


@register.simple_tag(takes_context=True)
def money(context: Context, amount: Decimal, currency_code: str) -> str:
    return _reader(context).money(amount, currency_code)


@register.simple_tag(takes_context=True)
def unit_price(context: Context, amount: Decimal, currency_code: str) -> str:
    return _reader(context).unit_price(amount, currency_code)


@register.simple_tag(takes_context=True)
def number(context: Context, amount: int) -> str:
    return _reader(context).number(amount)


@register.simple_tag(takes_context=True)
def day(context: Context, instant: date | datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), _reader(context).day(instant))


@register.simple_tag(takes_context=True)
def moment(context: Context, instant: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), _reader(context).moment(instant))


@register.simple_tag
def order_badges(purchase: Purchase) -> SafeString:
    return format_html_join(" ", "{}", ((_badge(label),) for label in labels_of(purchase)))


@register.simple_tag
def payment_badge(purchase: Purchase) -> SafeString:
    status = purchase.calculated_payment_status
    return _badge(PAYMENT[PaymentStatus(status)]) if status else SafeString()


@register.simple_tag
def package_badge(state: PackageState) -> SafeString:
    return _badge(PACKAGES[state])


@register.simple_tag
def label_badge(label: Label) -> SafeString:
    return _badge(label)


@register.simple_tag(takes_context=True)
def sections(context: Context) -> list[Link]:
    """Where else `visitor` may go from this page."""
    visitor, page = context["visitor"], context["request"].resolver_match.url_name
    return links_for(visitor.customer, page=page, in_person=visitor.masquerade is None)


@register.filter
def sentence(fault: Fault) -> str:
    """What a fault says, in the reader's language."""
    return sentence_of(fault)


@register.filter
def magnitude(amount: Decimal) -> Decimal:
    """Without its sign, where a word says which way it goes."""
    return abs(amount)


def _badge(label: Label) -> SafeString:
    return format_html(
        '<span class="badge bg-{0}-subtle text-{0}-emphasis border border-{0}-subtle">{1}</span>',
        label.tone,
        label.text,
    )


def _reader(context: Context) -> Reader:
    reader: Any = context["reader"]
    assert isinstance(reader, Reader)
    return reader
