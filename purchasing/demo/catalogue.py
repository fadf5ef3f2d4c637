"""What the two merchants of the demo sell. Data: SKU, name, variant, barcode and price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """A variant that can be ordered. `price`: net, in GBP, for one; `grams`: what one weighs."""

    sku: str
    name: str
    variant: str
    barcode: str
    price: Decimal
    grams: int

    @property
    def options(self) -> list[tuple[str, str]]:
        """What tells it from its siblings: the parts of its variant's name by their groups."""
        parts = self.variant.split(", ")
        return list(zip(OPTION_GROUPS.get(self.name, ("Version",)), parts, strict=False))


def _shelf(*rows: tuple[str, str, str, str, str, int]) -> dict[str, Item]:
    return {
        sku: Item(sku, name, variant, barcode, Decimal(price), grams)
        for sku, name, variant, barcode, price, grams in rows
    }


OPTION_GROUPS = {
    "Gritline 9.8 mm dry rope": ("Length", "Colour"),
    "Gritline 8.6 mm half rope": ("Length", "Colour"),
    "Featherlite quickdraw": ("Length", "Set"),
    "Keyhole cam": ("Set", "Sizes"),
    "Offset nut set": ("Set",),
    "Traverse harness": ("Size",),
    "Ledge helmet": ("Size", "Colour"),
    "Chalk bag": ("Material", "Colour"),
    "Loose chalk": ("Weight",),
    "Chalk ball": ("Weight", "Kind"),
    "Guide belay plate": ("Finish",),
    "Dyneema sling": ("Length",),
    "Edge rock shoe": ("Size",),
    "Landing bouldering mat": ("Size",),
    "Finger tape": ("Size",),
    "Ridgeway tent": ("Sleeps", "Colour"),
    "Firn down sleeping bag": ("Length",),
    "Gas cartridge": ("Weight",),
    "Titanium pot": ("Volume",),
    "Col backpack": ("Volume", "Colour"),
    "Via ferrata helmet": ("Size", "Colour"),
    "Head torch": ("Brightness",),
    "Tarn rain jacket": ("Size",),
    "Merino hiking socks": ("Size",),
    "Water filter": ("Pore size",),
    "Steel bottle": ("Volume",),
    "Tarpaulin": ("Size",),
}
"""What the parts of a variant's name are, by product; of others: the version."""


# The same SKUs stand on both shelves: what one merchant calls HLM-02 the other may sell as something else.
CLIMBING = _shelf(
    ("ROPE-98-60", "Gritline 9.8 mm dry rope", "60 m, orange", "5060001100016", "98.50", 3720),
    ("ROPE-98-70", "Gritline 9.8 mm dry rope", "70 m, orange", "5060001100023", "114.00", 4340),
    ("ROPE-HALF-50", "Gritline 8.6 mm half rope", "50 m, blue", "5060001100030", "86.40", 2400),
    ("QD-12-6", "Featherlite quickdraw", "12 cm, set of 6", "5060001100047", "52.75", 612),
    ("QD-17-6", "Featherlite quickdraw", "17 cm, set of 6", "5060001100054", "55.25", 660),
    ("CAM-SET-5", "Keyhole cam", "set of 5, sizes 1 to 5", "5060001100061", "214.00", 710),
    ("NUT-SET-11", "Offset nut set", "11 pieces", "5060001100078", "61.20", 540),
    ("HRN-01-S", "Traverse harness", "S", "5060001100085", "42.60", 395),
    ("HRN-01-M", "Traverse harness", "M", "5060001100092", "42.60", 410),
    ("HRN-01-L", "Traverse harness", "L", "5060001100108", "42.60", 430),
    ("HLM-02", "Ledge helmet", "one size, white", "5060001100115", "33.95", 235),
    ("HLM-02-R", "Ledge helmet", "one size, red", "5060001100122", "33.95", 235),
    ("CHK-BAG", "Chalk bag", "canvas, olive", "5060001100139", "9.80", 96),
    ("CHK-300", "Loose chalk", "300 g", "5060001100146", "4.15", 300),
    ("CHK-BALL", "Chalk ball", "56 g, refillable", "5060001100153", "2.333", 56),
    ("BLY-TUBE", "Guide belay plate", "anodised grey", "5060001100160", "14.70", 78),
    ("KRB-HMS", "HMS screwgate karabiner", "single", "5060001100177", "7.45", 84),
    ("SLG-120", "Dyneema sling", "120 cm", "5060001100184", "5.90", 62),
    ("SHO-41", "Edge rock shoe", "EU 41", "5060001100191", "58.00", 480),
    ("SHO-43", "Edge rock shoe", "EU 43", "5060001100207", "58.00", 510),
    ("MAT-FOLD", "Landing bouldering mat", "120 × 90 cm", "5060001100214", "129.00", 4900),
    ("TAPE-38", "Finger tape", "38 mm × 10 m", "5060001100221", "1.875", 34),
)

OUTDOOR = _shelf(
    ("TENT-2P", "Ridgeway tent", "2 person, green", "4006001200011", "189.00", 2150),
    ("TENT-3P", "Ridgeway tent", "3 person, green", "4006001200028", "229.00", 2680),
    ("BAG-DOWN-R", "Firn down sleeping bag", "regular", "4006001200035", "164.00", 980),
    ("BAG-DOWN-L", "Firn down sleeping bag", "long", "4006001200042", "174.00", 1060),
    ("MAT-AIR", "Air sleeping mat", "R-value 4.2", "4006001200059", "71.50", 540),
    ("STV-GAS", "Gas stove", "with windshield", "4006001200066", "38.20", 310),
    ("GAS-230", "Gas cartridge", "230 g", "4006001200073", "4.60", 380),
    ("POT-15", "Titanium pot", "1.5 l", "4006001200080", "36.00", 145),
    ("PCK-45", "Col backpack", "45 l, slate", "4006001200097", "96.00", 1390),
    ("PCK-65", "Col backpack", "65 l, slate", "4006001200103", "118.00", 1720),
    ("HLM-02", "Via ferrata helmet", "one size, blue", "4006001200110", "46.00", 420),
    ("POL-CRB", "Carbon trekking poles", "pair", "4006001200127", "62.50", 460),
    ("LMP-400", "Head torch", "400 lumen", "4006001200134", "27.90", 92),
    ("JKT-RAIN-M", "Tarn rain jacket", "M", "4006001200141", "104.00", 345),
    ("JKT-RAIN-L", "Tarn rain jacket", "L", "4006001200158", "104.00", 360),
    ("SOC-MER", "Merino hiking socks", "40 to 43", "4006001200165", "9.25", 74),
    ("FLT-H2O", "Water filter", "0.1 micron", "4006001200172", "31.00", 118),
    ("KRB-HMS", "Accessory karabiner", "not for climbing", "4006001200189", "2.10", 22),
    ("BTL-1L", "Steel bottle", "1 l", "4006001200196", "17.40", 210),
    ("MAP-25", "Hiking map 1:25,000", "weatherproof", "4006001200202", "7.083333", 85),
    ("KIT-AID", "First aid kit", "2 persons", "4006001200219", "19.75", 190),
    ("TRP-3X3", "Tarpaulin", "3 × 3 m", "4006001200226", "54.00", 880),
)

PRICE_LEVEL = {
    "GBP": Decimal("1"),
    "EUR": Decimal("1.18"),
    "USD": Decimal("1.30"),
    "CHF": Decimal("1.12"),
    "JPY": Decimal("190"),
}
"""What 1.00 of a price is in each currency that the merchants sell in: their own price lists, not a rate of the day."""
