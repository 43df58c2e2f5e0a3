"""The options of a parser, as an entry of ``sources.yml`` states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import soupsieve
from pydantic import AfterValidator, BaseModel, ValidationError

from parsers.errors import ReadingError


class BadOptions(ReadingError):
    """The entry of the source is wrong: a person must mend it before anything is read."""


def _valid_selector(selector: str) -> str:
    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError(f"{selector!r} is not a CSS selector") from error
    return selector


Selector = Annotated[str, AfterValidator(_valid_selector)]
Model = TypeVar("Model", bound=BaseModel)


def checked_options(options: Mapping[str, Any], model: type[Model], whose: str) -> Model:
    """Return the options as ``model`` has them; ``whose`` they are is for the message.

    Raises BadOptions, which names every key that is wrong.
    """
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        )
        raise BadOptions(
            f"the options of {whose} are wrong: {faults}", remedy="mend the entry of the source"
        ) from error
