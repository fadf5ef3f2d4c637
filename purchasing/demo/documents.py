"""An order of a story as the document that a shop system would send: whole, as it stands after each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core.money import round_money
from purchasing.demo.cast import PHONE, Buyer, Merchant
from purchasing.demo.catalogue import PRICE_LEVEL, Item
from purchasing.demo.steps import Cancelled, Confirmed, Invoiced, Returned, Shipped, Story
from purchasing.documents import PurchaseDocument


@dataclass(slots=True)
class Parcel:
    """Goods that share a fate. `type` and `dates` as the document writes them."""

    type: str
    quantities: dict[int, int]
    dates: dict[str, str]
    carrier: str = ""
    credit: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class Order:
    """One purchase of a story while it is told: its parcels move on, `document` says how it stands."""

    story: Story
    merchant: Merchant
    buyer: Buyer
    customer_ids: Mapping[str, str]
    """`cu_` ids by the buyers' keys."""
    placed_at: datetime
    today: datetime
    type: str = ""
    parcels: list[Parcel] = field(default_factory=list)
    invoiced: bool = False

    def __post_init__(self) -> None:
        self.type = self.story.type
        placed = {line: pieces for line, (_place, pieces) in enumerate(self.story.order)}
        if placed:
            self.parcels.append(Parcel("processing", placed, {"created_at": self.placed_at.isoformat()}))

    def confirm(self, step: Confirmed) -> None:
        self.type = step.type

    def invoice(self, _step: Invoiced) -> None:
        self.invoiced = True

    def ship(self, step: Shipped) -> None:
        dates = {"created_at": self.placed_at.isoformat(), "shipped_at": self.moment(step.day).isoformat()}
        self.parcels.append(Parcel("shipment", self._taken(step.take, "processing"), dates, step.carrier))
        self._tidy()

    def cancel(self, step: Cancelled) -> None:
        dates = {"cancelled_at": self.moment(step.day).isoformat()}
        self.parcels.append(Parcel("cancelled", self._taken(step.take, "processing"), dates))
        self._tidy()

    def take_back(self, step: Returned) -> None:
        dates = {"returned_at": self.moment(step.day).isoformat()}
        taken = self._taken(step.take, "shipment")
        self.parcels.append(Parcel("refund", taken, dates, credit=step.credit or {}))
        self._tidy()

    def moment(self, day: float) -> datetime:
        return self.placed_at + timedelta(days=day)

    def document(self, *, updated_at: datetime) -> PurchaseDocument:
        """The purchase as it stands, whole."""
        story, buyer = self.story, self.buyer
        customers = {"sparklayer": buyer.key, "sparklayer_child": story.child, "sparklayer_impersonator": story.agent}
        files = [self._invoice_file()] if self.invoiced else []
        body: dict[str, Any] = {
            "type": self.type,
            "customer_identifiers": {role: self.customer_ids[key] for role, key in customers.items() if key},
            "purchase_identifiers": {"visible": story.number, "platform": f"gid-{story.number.lower()}"},
            "payment_method": story.method,
            "dates": {
                "created_at": (self.placed_at - timedelta(minutes=11)).isoformat(),
                "placed_at": self.placed_at.isoformat(),
                "updated_at": updated_at.isoformat(),
            },
            "customer_reference": story.reference,
            "currency_code": buyer.currency_code,
            "billing_address": None if story.bare else address(buyer),
            "packages": [self._package(index, parcel) for index, parcel in enumerate(self.parcels)],
            "accounting_files": files,
            "custom_fields": [{"name": "Delivery note", "value": story.note}] if story.note else [],
            "metadata": [{"name": "channel", "value": "webshop" if not story.agent else "field sales"}],
        }
        if self.type == "quote":
            body["quote_status"] = story.quote_status or "sent"
            if story.expires_in is not None:
                body["quote_expires_at"] = (self.today + timedelta(days=story.expires_in)).isoformat()
        return PurchaseDocument.model_validate(body)

    def _package(self, index: int, parcel: Parcel) -> dict[str, Any]:
        form: dict[str, Any] = {
            "type": parcel.type,
            "identifiers": {"visible": f"{self.story.number}-{index + 1}"},
            "line_items": [self._line(line, pieces, parcel) for line, pieces in parcel.quantities.items()],
            "shipping_address": address(self.buyer),
            "dates": parcel.dates,
        }
        # The freight of the whole order stands on the first parcel that goes out.
        if index == self._freight_parcel():
            form["shipping_method"] = {"name": "Standard delivery", "sku": "FREIGHT", "line_total": self._freight()}
        if parcel.carrier:
            number = f"{parcel.carrier[:3].upper()}{self.story.number[-4:]}{index:02}GB"
            tracking = f"https://track.example/{number}"
            form["shipments"] = [
                {"carrier": parcel.carrier, "carrier_id": "", "tracking_number": number, "tracking_url": tracking}
            ]
        return form

    def _line(self, line: int, pieces: int, parcel: Parcel) -> dict[str, Any]:
        item = self._item(line)
        currency_code = self.buyer.currency_code
        parent, relation = self.story.parts.get(line, (None, None))
        price = Decimal(0) if relation == "component" else item.price
        full = round_money(price * PRICE_LEVEL[currency_code], currency_code) * pieces
        taken_off = round_money(full * self.story.discount / 100, currency_code)
        form: dict[str, Any] = {
            "identifiers": {"sku": item.sku},
            "name_parent": item.name,
            "name_child": item.variant,
            "barcode": item.barcode,
            "quantity": pieces,
            "line_total": {
                "total_net": self._money(full - taken_off),
                "discount_net": self._money(taken_off),
                "tax_rate": str(self._tax_rate()),
            },
        }
        if line in self.story.options:
            chosen = self.story.options[line]
            form["custom_attributes"] = [{"key": name, "value": value} for name, value in chosen]
        if parent is not None:
            form["parent_line"] = {"identifiers": {"sku": self._item(parent).sku}, "relation": relation}
        if line in parcel.credit:
            form["refund_total"] = {"gross": self._money(parcel.credit[line])}
        return form

    def _freight(self) -> dict[str, Any]:
        currency_code = self.buyer.currency_code
        net = round_money(self.merchant.freight * PRICE_LEVEL[currency_code], currency_code)
        return {
            "total_net": self._money(net),
            "discount_net": self._money(Decimal(0)),
            "tax_rate": str(self._tax_rate()),
        }

    def _freight_parcel(self) -> int | None:
        if self.story.discount == 100:
            return None
        order = ("shipment", "processing", "refund")
        live = [index for index, parcel in enumerate(self.parcels) if parcel.type in order]
        return min(live, key=lambda index: order.index(self.parcels[index].type)) if live else None

    def _tax_rate(self) -> Decimal:
        return Decimal(0) if self.buyer.extra.get("tax_exempt") else self.merchant.tax_rate

    def _item(self, line: int) -> Item:
        place, _pieces = self.story.order[line]
        return list(self.merchant.shelf.values())[place]

    def _money(self, number: Decimal) -> dict[str, str]:
        return {"number": f"{number:f}", "currency": self.buyer.currency_code}

    def _invoice_file(self) -> dict[str, Any]:
        number = f"INV-{self.story.number}"
        return {
            "identifiers": {"internal": number, "visible": number},
            "data": {"type": "uri", "uri": f"https://files.example/{self.merchant.slug}/{number}.pdf"},
            "file_type": "invoice",
        }

    def _taken(self, wanted: Mapping[int, int] | None, type_: str) -> dict[int, int]:
        """Take goods out of the parcels of one type, oldest first; everything when nothing is named."""
        sources = [parcel for parcel in self.parcels if parcel.type == type_]
        wanted = wanted or _added(parcel.quantities for parcel in sources)
        taken: dict[int, int] = {}
        for line, pieces in wanted.items():
            missing = pieces
            for parcel in sources:
                part = min(missing, parcel.quantities.get(line, 0))
                if part:
                    parcel.quantities[line] -= part
                    missing -= part
            if missing:
                raise ValueError(f"{self.story.number}: {missing} of line {line} are not there to be taken")
            taken[line] = pieces
        return taken

    def _tidy(self) -> None:
        """Lines and parcels with nothing left disappear."""
        for parcel in self.parcels:
            parcel.quantities = {line: pieces for line, pieces in parcel.quantities.items() if pieces}
        self.parcels = [parcel for parcel in self.parcels if parcel.quantities]


def address(buyer: Buyer) -> dict[str, str]:
    """The buyer's address as a purchase carries it."""
    street, city, postal_code, country = buyer.address
    return {
        "name": f"{buyer.first_name} {buyer.last_name}",
        "company": buyer.company,
        "address_line1": street,
        "city": city,
        "postal_code": postal_code,
        "country_code": country,
        "phone": PHONE,
    }


def _added(quantities: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: dict[int, int] = {}
    for part in quantities:
        for line, pieces in part.items():
            total[line] = total.get(line, 0) + pieces
    return total
