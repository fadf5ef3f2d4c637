"""Which stored variant of a product is meant by each one that was sent: by `id`, else `external_id`, else `sku`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.documents import NamedVariant, VariantChange
from catalog.models import ProductVariant
from core.errors import Fault
from core.ids import VARIANT, number_of


@dataclass(frozen=True, slots=True)
class Meant:
    """A variant that was sent, and the stored one it changes (None: it is new).

    `place`: the property of the body that holds it, `""` when it is the body.
    """

    place: str
    document: VariantChange
    stored: ProductVariant | None

    def member(self, name: str) -> str:
        """The property of the body that is this member of the variant."""
        return f"{self.place}.{name}" if self.place else name


def recognised(*, stored: Sequence[ProductVariant], sent: Sequence[VariantChange]) -> tuple[list[Meant], list[Fault]]:
    """Every sent variant with the stored one of the same product it means, and a fault for what cannot be meant."""
    by_number = {variant.pk: variant for variant in stored}
    by_external_id = {variant.external_id: variant for variant in stored if variant.external_id}
    by_sku = {variant.sku: variant for variant in stored}
    found: list[Meant] = []
    faults: list[Fault] = []
    taken: set[int] = set()
    for index, document in enumerate(sent):
        place = f"variants[{index}]"
        identifier = document.id if isinstance(document, NamedVariant) else ""
        if identifier:
            number = number_of(VARIANT, identifier)
            variant = by_external_id.get(identifier) if number is None else by_number.get(number)
            if variant is None:
                faults.append(
                    Fault("resource-not-found", f"{place}.id", f"{identifier} is no variant of this product.")
                )
                continue
        else:
            variant = by_external_id.get(document.external_id) or by_sku.get(document.sku)
        if variant is not None and variant.pk in taken:
            faults.append(Fault("repeated", place, f"{variant.public_id} is meant by more than one item."))
            continue
        if variant is None and not document.sku:
            faults.append(Fault("required", f"{place}.sku", "A new variant needs its SKU."))
            continue
        if variant is not None:
            taken.add(variant.pk)
        found.append(Meant(place, document, variant))
    return found, faults
