"""pydantic documents at the door of the API: checked with every fault at once, and described in the schema."""

from __future__ import annotations

from typing import Any, TypeVar

import pydantic

from core.api.problems import faults_of_validation
from core.errors import Fault, InvalidDocument

Model = TypeVar("Model", bound=pydantic.BaseModel)

FAULTS_LISTED = 1_000
"""Above it nobody reads them one by one, and listing them would cost seconds."""
ITEMS_JUDGED = 5
"""Of each list, when there are more faults than are listed."""


def validate(model: type[Model], value: Any, *, listed: int = FAULTS_LISTED) -> Model:
    """The document in `value` (as `core.api.bodies.read_json` decodes it).

    `InvalidDocument` names every fault, unless there are more than are `listed`.
    """
    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        raise InvalidDocument(faults=_faults(model, value, error, listed)) from None


def _faults(model: type[Model], value: Any, error: pydantic.ValidationError, listed: int) -> list[Fault]:
    """All of them; when there are too many, those within the first items of every list, and how many there are."""
    count = error.error_count()
    if count <= listed:
        return faults_of_validation(error)
    first: list[Fault] = []
    try:
        model.model_validate(_beginning(value))
    except pydantic.ValidationError as of_beginning:
        if of_beginning.error_count() <= listed:
            first = faults_of_validation(of_beginning)
    return [*first, Fault("too-many-faults", None, f"The body has {count} faults; not all of them are listed.")]


def _beginning(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _beginning(member) for name, member in value.items()}
    return [_beginning(item) for item in value[:ITEMS_JUDGED]] if isinstance(value, list) else value
