"""What a write did to a row that may have stood before."""

from __future__ import annotations

from enum import StrEnum


class Written(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    """It stood already, as it was sent: nothing was written, no time moved."""

    @classmethod
    def of(cls, *, is_new: bool, is_changed: bool) -> Written:
        if is_new:
            return cls.CREATED
        return cls.UPDATED if is_changed else cls.UNCHANGED
