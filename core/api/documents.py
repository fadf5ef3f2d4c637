"""pydantic documents at the door of the API: checked with every fault at once, and described in the schema."""

from __future__ import annotations

from typing import Any, TypeVar

import pydantic

from core.api.problems import faults_of_validation
from core.errors import InvalidDocument

Model = TypeVar("Model", bound=pydantic.BaseModel)


def validate(model: type[Model], value: Any) -> Model:
    """The document in `value` (as `core.api.bodies.read_json` decodes it). `InvalidDocument` names every fault."""
    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        raise InvalidDocument(faults=faults_of_validation(error)) from None
