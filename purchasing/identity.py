"""Which purchase is meant: path, body and what is stored, as `docs/api.md` (PUT purchase) settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import uuid_utils.compat as uuid7

from core.errors import Conflict, Fault, InvalidDocument, NotFound, NotPermitted
from core.ids import is_uuid
from purchasing.documents import PurchaseIdentifiers
from purchasing.store import LOOKUPS, StoredPurchase

Sought = dict[str, UUID | str]
"""Identifiers by look-up, blank ones left out."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a purchase is named: `kind` is sparklayer, platform, internal, visible, or our `number`; `value` is exact."""

    kind: str
    value: UUID | str | int


def read_lookup(kind: str, value: str, *, reading: bool = False) -> Lookup:
    """The look-up a path names.

    Raises InvalidDocument for an unknown kind, and for a sparklayer id that is no UUID; when `reading`, the latter is
    NotFound instead.
    """
    if kind not in LOOKUPS:
        raise InvalidDocument(f"lookupBy must be one of {', '.join(LOOKUPS)}", code="invalid", property="lookupBy")
    if kind != "sparklayer":
        if not value or len(value) > 255 or "\x00" in value:
            if reading:
                raise NotFound
            raise InvalidDocument("must have 1 to 255 characters", code="invalid", property="identifier")
        return Lookup(kind, value)
    if is_uuid(value):
        return Lookup(kind, UUID(value))
    if reading:
        raise NotFound
    raise InvalidDocument("must be a UUID written 8-4-4-4-12", code="invalid", property="identifier")


def sought_by(lookup: Lookup, body: PurchaseIdentifiers) -> Sought:
    """The identifiers that path and body name together.

    Raises when path and body of one kind disagree: NotPermitted for sparklayer, InvalidDocument `idMismatch` for the
    others (null in the body counts as disagreement). A null for sparklayer beside another path is InvalidDocument:
    that id is never removed.
    """
    sent = body.model_dump()
    named = sent[lookup.kind]
    if named not in ("", lookup.value):
        if lookup.kind == "sparklayer":
            raise NotPermitted(
                "The SparkLayer id of a purchase cannot be changed.",
                code="idMismatch",
                property="purchase_identifiers.sparklayer",
            )
        raise InvalidDocument(
            f"purchase_identifiers.{lookup.kind} differs from the path",
            code="idMismatch",
            property=f"purchase_identifiers.{lookup.kind}",
        )
    if sent["sparklayer"] is None:
        raise InvalidDocument(
            "The SparkLayer id of a purchase cannot be removed.",
            code="invalid",
            property="purchase_identifiers.sparklayer",
        )
    return {kind: value for kind, value in {**sent, lookup.kind: lookup.value}.items() if value}


def the_one_meant(sought: Sought, found: Sequence[StoredPurchase]) -> StoredPurchase | None:
    """The purchase that the identifiers mean, or None when there is none yet.

    Raises NotPermitted when a SparkLayer id was sent and another identifier finds a purchase with another one;
    Conflict `identifier-conflict` when several purchases are found.
    """
    spark_id = sought.get("sparklayer")
    if spark_id and any(purchase.spark_id != spark_id for purchase in found):
        raise NotPermitted(
            "Another identifier belongs to a purchase with another SparkLayer id, which cannot be changed.",
            code="idMismatch",
            property="purchase_identifiers.sparklayer",
        )
    if len(found) > 1:
        stored = [identifiers_of(purchase) for purchase in found]
        raise Conflict(
            faults=[
                Fault(
                    "identifier-conflict",
                    f"purchase_identifiers.{kind}",
                    f"{kind} {value} belongs to another purchase than the other identifiers",
                )
                for kind, value in sought.items()
                if any(identifiers[kind] == value for identifiers in stored)
            ]
        )
    return found[0] if found else None


def check_free(sought: Sought, found: Sequence[StoredPurchase]) -> None:
    """Raises Conflict `resource-already-exists` naming every identifier that one of these purchases has."""
    stored = [identifiers_of(purchase) for purchase in found]
    faults = [
        Fault("resource-already-exists", f"purchase_identifiers.{kind}", f"another purchase has the {kind} id {value}")
        for kind, value in sought.items()
        if any(identifiers[kind] == value for identifiers in stored)
    ]
    if faults:
        raise Conflict(faults=faults)


def identifiers_of(purchase: StoredPurchase) -> dict[str, UUID | str]:
    """All four identifiers of a stored purchase, "" where there is none."""
    return {
        "sparklayer": purchase.spark_id,
        "platform": purchase.platform_id,
        "internal": purchase.internal_id,
        "visible": purchase.visible_id,
    }


def merged_identifiers(
    sought: Sought, body: PurchaseIdentifiers, stored: StoredPurchase | None
) -> dict[str, UUID | str]:
    """All four identifiers after the write: absent or empty keeps the stored one, null removes it."""
    kept: dict[str, UUID | str] = identifiers_of(stored) if stored else dict.fromkeys(LOOKUPS, "")
    sent = body.model_dump()
    for kind in LOOKUPS:
        if sent[kind] is None:
            kept[kind] = ""
        elif kind in sought:
            kept[kind] = sought[kind]
    kept["sparklayer"] = kept["sparklayer"] or uuid7.uuid7()
    return kept
