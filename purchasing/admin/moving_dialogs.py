"""Ship, cancel, return: how many of each line. What remains is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from core.actors import Actor
from core.admin.display import amount_text
from core.money import EXPONENTS
from purchasing.admin.dialogs import PurchaseDialog, Situation
from purchasing.core_orders import ORDER_TYPES
from purchasing.freight import freight_left
from purchasing.fulfilment import cancel_lines, return_lines, ship_lines
from purchasing.models import Purchase
from purchasing.moving import NamedItem

LINE = "line_"
"""Before the id of a line: the field of how many of it."""


class MoveForm(PurchaseDialog):
    """A quantity for each line that can be drawn from; none may be left as it is."""

    source: ClassVar[str] = "processing"
    """The word of the packages that are drawn from."""
    done_words: ClassVar[Any]
    """What is told afterwards, of `count` pieces."""

    def __init__(self, purchase: Purchase, *args: Any, **kwargs: Any) -> None:
        super().__init__(purchase, *args, **kwargs)
        own, self.fields = self.fields, {"version": self.fields["version"]}
        self.lines = dict(self._lines())
        for number, (package, line) in self.lines.items():
            self.fields[LINE + number] = forms.IntegerField(
                label=_name(line),
                help_text=_("of %(quantity)s in package %(number)s")
                % {"quantity": line["quantity"], "number": _number(package)},
                initial=line["quantity"],
                min_value=0,
                max_value=line["quantity"],
                required=False,
                widget=UnfoldAdminIntegerFieldWidget,
            )
        self.fields |= own

    def _lines(self) -> Iterator[tuple[str, tuple[dict[str, Any], dict[str, Any]]]]:
        if self.purchase.type not in ORDER_TYPES:
            return
        for package in self.opened.document["packages"]:
            if package["type"] == self.source:
                for line in package["line_items"]:
                    if line["quantity"]:
                        yield line["id"], (package, line)

    @property
    def chosen(self) -> list[NamedItem]:
        """What moves, line by line."""
        named = ((number, self.cleaned_data.get(LINE + number)) for number in self.lines)
        return [NamedItem("", "", quantity, line=number) for number, quantity in named if quantity]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.chosen:
            self.add_error(None, _("Say how many of at least one line."))
        return cleaned

    @property
    def done(self) -> str:
        return str(self.done_words % {"count": sum(item.quantity for item in self.chosen)})


class ShipForm(MoveForm):
    title, submit = _("Ship"), _("Ship")
    nothing_to_do = _("Nothing is left to ship.")
    done_words = ngettext_lazy("%(count)s piece was shipped.", "%(count)s pieces were shipped.", "count")

    shipped_at = forms.SplitDateTimeField(
        label=_("Shipped at"), initial=timezone.now, widget=UnfoldAdminSplitDateTimeWidget
    )
    carrier = forms.CharField(label=_("Carrier"), required=False, max_length=255, widget=UnfoldAdminTextInputWidget)
    tracking_number = forms.CharField(
        label=_("Tracking number"), required=False, max_length=255, widget=UnfoldAdminTextInputWidget
    )
    tracking_url = forms.URLField(
        label=_("Tracking link"), required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return now.type in ORDER_TYPES and now.open_quantity > 0

    def carry_out(self, *, actor: Actor) -> str:
        """A package that leaves whole and alone keeps its ids."""
        said, kept = self.cleaned_data, self._whole_package()
        tracking = {"company": said["carrier"], "url": said["tracking_url"], "reference": said["tracking_number"]}
        ship_lines(
            lines=self.chosen,
            shipped_at=said["shipped_at"],
            tracking=tracking if any(tracking.values()) else None,
            external_id=kept.get("internal", ""),
            visible_id=kept.get("visible", ""),
            actor=actor,
            **self.said,
        )
        return self.done

    def _whole_package(self) -> dict[str, str]:
        """The ids of the package of which everything leaves, and nothing of another."""
        touched = {self.lines[item.line][0]["id"]: self.lines[item.line][0] for item in self.chosen}
        if len(touched) != 1:
            return {}
        [package] = touched.values()
        whole = sum(line["quantity"] for line in package["line_items"]) == sum(item.quantity for item in self.chosen)
        return package["identifiers"] if whole else {}


class CancelForm(MoveForm):
    title, submit = _("Cancel what was not shipped"), _("Cancel these")
    explanation = _("What is cancelled is out of the total. What was shipped is returned, not cancelled.")
    nothing_to_do = _("Nothing is left to cancel.")
    done_words = ngettext_lazy("%(count)s piece was cancelled.", "%(count)s pieces were cancelled.", "count")

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return ShipForm.is_for(now)

    def carry_out(self, *, actor: Actor) -> str:
        cancel_lines(lines=self.chosen, actor=actor, **self.said)
        return self.done


class ReturnForm(MoveForm):
    title, submit = _("Take goods back"), _("Take back")
    explanation = _("What comes back is credited; paying it out is a refund, recorded by itself.")
    nothing_to_do = _("Nothing was shipped that could come back.")
    done_words = ngettext_lazy("%(count)s piece was taken back.", "%(count)s pieces were taken back.", "count")
    source = "shipment"

    refund_shipping = forms.DecimalField(
        label=_("Credit freight, gross"),
        initial=Decimal(0),
        min_value=0,
        max_digits=16,
        decimal_places=4,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "any"}),
    )

    def __init__(self, purchase: Purchase, *args: Any, **kwargs: Any) -> None:
        super().__init__(purchase, *args, **kwargs)
        left = self._freight_left({package["id"] for package, _line in self.lines.values()})
        said = {"amount": amount_text(left, purchase.currency_code)}
        self.fields["refund_shipping"].help_text = _("At most what was not credited yet: %(amount)s.") % said

    def _freight_left(self, sources: set[str]) -> Decimal:
        return freight_left(self.opened.document["packages"], sources)

    @classmethod
    def is_for(cls, now: Situation, /) -> bool:
        return now.type in ORDER_TYPES and now.shipped_quantity > 0

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        amount = self.cleaned_data.get("refund_shipping")
        left = self._freight_left({self.lines[item.line][0]["id"] for item in self.chosen})
        if amount and amount > left:
            said = {"amount": amount_text(left, self.purchase.currency_code)}
            self.add_error("refund_shipping", _("At most %(amount)s of freight can still be credited.") % said)
        return cleaned

    def clean_refund_shipping(self) -> Decimal:
        amount: Decimal = self.cleaned_data["refund_shipping"] or Decimal(0)
        decimals = EXPONENTS[self.purchase.currency_code]
        if amount != round(amount, decimals):
            said = {"currency": self.purchase.currency_code, "decimals": decimals}
            raise forms.ValidationError(_("%(currency)s has %(decimals)s decimals.") % said)
        return amount

    def carry_out(self, *, actor: Actor) -> str:
        return_lines(lines=self.chosen, refund_shipping=self.cleaned_data["refund_shipping"], actor=actor, **self.said)
        return self.done


def _name(line: dict[str, Any]) -> str:
    sku = line["identifiers"].get("sku", "")
    name = " ".join(part for part in (line["name_parent"], line["name_child"]) if part)
    return f"{name} ({sku})" if sku else name


def _number(package: dict[str, Any]) -> str:
    identifiers = package["identifiers"]
    return str(identifiers["visible"] or identifiers["internal"] or identifiers["platform"] or package["id"])
