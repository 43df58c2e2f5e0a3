"""What is said of a value that a model does not take: what is allowed, in our own words."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_KEYS = "allowed: keys, each with its value"
_ALLOWED = {
    "bool": "allowed: true or false",
    "date": "allowed: a day like 2025-06-01",
    "dict": _KEYS,
    "float": "allowed: a number",
    "greater_than": "allowed: more than {gt:g}",
    "greater_than_equal": "allowed: {ge:g} or more",
    "int": "allowed: a whole number",
    "less_than_equal": "allowed: {le:g} at most",
    "list": "allowed: a list",
    "literal_error": "allowed: {expected}",
    "model": _KEYS,
    "path": "allowed: a path",
    "string_too_short": "allowed: a text that is not empty",
    "string_type": "allowed: a text",
    "too_short": "allowed: a list of {min_length} or more",
    "tuple": "allowed: a list",
}
"""By the type of a fault, or the word that it begins with, as pydantic names them."""


def allowed(fault: ErrorDetails) -> str:
    """Return what is allowed in place of a value, as a clause without a full stop.

    Takes a fault of pydantic. What a validator of ours said of it stands as it is; so do pydantic's
    words of a kind of fault that none of our models has.
    """
    kind = fault["type"]
    words = _ALLOWED.get(kind) or _ALLOWED.get(kind.partition("_")[0])
    if words is None:
        return fault["msg"].removeprefix("Value error, ")
    return words.format_map(fault.get("ctx", {}))
