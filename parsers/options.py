"""The options of a parser, as an entry of ``sources.yml`` states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

import soupsieve
from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import ErrorDetails

from parsers.errors import ReadingError
from parsers.faults import allowed


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
        raise BadOptions(
            f"the options of {whose} are wrong: {_faults(error, model)}",
            remedy="mend the entry of the source",
        ) from error


def option_faults(options: Mapping[str, Any], model: type[BaseModel]) -> str | None:
    """Return what is wrong with options, by key; None if nothing is."""
    try:
        model.model_validate(dict(options))
    except ValidationError as error:
        return _faults(error, model)
    return None


def _faults(error: ValidationError, model: type[BaseModel]) -> str:
    return "; ".join(
        ": ".join([*_names(fault["loc"]), _said(fault, model)])
        for fault in error.errors(include_url=False)
    )


def _said(fault: ErrorDetails, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1:
        return f"no such option; allowed: {', '.join(model.model_fields)}"
    if fault["type"] == "missing":
        return "it is missing"
    return allowed(fault)


def _names(where: tuple[int | str, ...]) -> list[str]:
    """Return the keys that lead to a fault, as one name; none for a fault of several keys."""
    return [".".join(str(part) for part in where)] if where else []
