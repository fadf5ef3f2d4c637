"""What the two merchants of the demo sell. Data: SKU, name, variant, barcode and price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """A variant that can be ordered. `price`: net, in GBP, for one."""

    sku: str
    name: str
    variant: str
    barcode: str
    price: Decimal


def _shelf(*rows: tuple[str, str, str, str, str]) -> dict[str, Item]:
    return {sku: Item(sku, name, variant, barcode, Decimal(price)) for sku, name, variant, barcode, price in rows}


# The same SKUs stand on both shelves: what one merchant calls HLM-02 the other may sell as something else.
CLIMBING = _shelf(
    ("ROPE-98-60", "Gritline 9.8 mm dry rope", "60 m, orange", "5060001100016", "98.50"),
    ("ROPE-98-70", "Gritline 9.8 mm dry rope", "70 m, orange", "5060001100023", "114.00"),
    ("ROPE-HALF-50", "Gritline 8.6 mm half rope", "50 m, blue", "5060001100030", "86.40"),
    ("QD-12-6", "Featherlite quickdraw", "12 cm, set of 6", "5060001100047", "52.75"),
    ("QD-17-6", "Featherlite quickdraw", "17 cm, set of 6", "5060001100054", "55.25"),
    ("CAM-SET-5", "Keyhole cam", "set of 5, sizes 1 to 5", "5060001100061", "214.00"),
    ("NUT-SET-11", "Offset nut set", "11 pieces", "5060001100078", "61.20"),
    ("HRN-01-S", "Traverse harness", "S", "5060001100085", "42.60"),
    ("HRN-01-M", "Traverse harness", "M", "5060001100092", "42.60"),
    ("HRN-01-L", "Traverse harness", "L", "5060001100108", "42.60"),
    ("HLM-02", "Ledge helmet", "one size, white", "5060001100115", "33.95"),
    ("HLM-02-R", "Ledge helmet", "one size, red", "5060001100122", "33.95"),
    ("CHK-BAG", "Chalk bag", "canvas, olive", "5060001100139", "9.80"),
    ("CHK-300", "Loose chalk", "300 g", "5060001100146", "4.15"),
    ("CHK-BALL", "Chalk ball", "56 g, refillable", "5060001100153", "2.333"),
    ("BLY-TUBE", "Guide belay plate", "anodised grey", "5060001100160", "14.70"),
    ("KRB-HMS", "HMS screwgate karabiner", "single", "5060001100177", "7.45"),
    ("SLG-120", "Dyneema sling", "120 cm", "5060001100184", "5.90"),
    ("SHO-41", "Edge rock shoe", "EU 41", "5060001100191", "58.00"),
    ("SHO-43", "Edge rock shoe", "EU 43", "5060001100207", "58.00"),
    ("MAT-FOLD", "Landing bouldering mat", "120 × 90 cm", "5060001100214", "129.00"),
    ("TAPE-38", "Finger tape", "38 mm × 10 m", "5060001100221", "1.875"),
)

OUTDOOR = _shelf(
    ("TENT-2P", "Ridgeway tent", "2 person, green", "4006001200011", "189.00"),
    ("TENT-3P", "Ridgeway tent", "3 person, green", "4006001200028", "229.00"),
    ("BAG-DOWN-R", "Firn down sleeping bag", "regular", "4006001200035", "164.00"),
    ("BAG-DOWN-L", "Firn down sleeping bag", "long", "4006001200042", "174.00"),
    ("MAT-AIR", "Air sleeping mat", "R-value 4.2", "4006001200059", "71.50"),
    ("STV-GAS", "Gas stove", "with windshield", "4006001200066", "38.20"),
    ("GAS-230", "Gas cartridge", "230 g", "4006001200073", "4.60"),
    ("POT-15", "Titanium pot", "1.5 l", "4006001200080", "36.00"),
    ("PCK-45", "Col backpack", "45 l, slate", "4006001200097", "96.00"),
    ("PCK-65", "Col backpack", "65 l, slate", "4006001200103", "118.00"),
    ("HLM-02", "Via ferrata helmet", "one size, blue", "4006001200110", "46.00"),
    ("POL-CRB", "Carbon trekking poles", "pair", "4006001200127", "62.50"),
    ("LMP-400", "Head torch", "400 lumen", "4006001200134", "27.90"),
    ("JKT-RAIN-M", "Tarn rain jacket", "M", "4006001200141", "104.00"),
    ("JKT-RAIN-L", "Tarn rain jacket", "L", "4006001200158", "104.00"),
    ("SOC-MER", "Merino hiking socks", "40 to 43", "4006001200165", "9.25"),
    ("FLT-H2O", "Water filter", "0.1 micron", "4006001200172", "31.00"),
    ("KRB-HMS", "Accessory karabiner", "not for climbing", "4006001200189", "2.10"),
    ("BTL-1L", "Steel bottle", "1 l", "4006001200196", "17.40"),
    ("MAP-25", "Hiking map 1:25,000", "weatherproof", "4006001200202", "7.083333"),
    ("KIT-AID", "First aid kit", "2 persons", "4006001200219", "19.75"),
    ("TRP-3X3", "Tarpaulin", "3 × 3 m", "4006001200226", "54.00"),
)

PRICE_LEVEL = {
    "GBP": Decimal("1"),
    "EUR": Decimal("1.18"),
    "USD": Decimal("1.30"),
    "CHF": Decimal("1.12"),
    "JPY": Decimal("190"),
}
"""What 1.00 of a price is in each currency that the merchants sell in: their own price lists, not a rate of the day."""
