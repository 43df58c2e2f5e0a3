"""What is printed in a cell, as a value of the type that the column map states; never guessed."""

from __future__ import annotations

import re
from datetime import datetime

from parsers.printed_dates import FIRST_YEAR, iso_as_printed
from parsers.records.table import FieldValue
from parsers.table.option_values import BooleanType, DateType, ValueType

_INTEGER = re.compile(r"[-−]?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)")
"""Thousands may be parted by commas. What begins with a nought is an identifier."""
_NUMBER = re.compile(rf"(?:{_INTEGER.pattern})(?:\.[0-9]+)?|\.[0-9]+")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 15
"""Digits; a number with more is not held exactly, and is mostly an identifier."""
_TRUTH = {"yes": True, "true": True, "no": False, "false": False}


def read_value(kind: ValueType, printed: str) -> tuple[FieldValue, str | None]:
    """Return the value of a printed text that is not empty, and why it has none.

    The reason completes "… is not"; it is None where there is a value.
    """
    match kind:
        case "text":
            return printed, None
        case "integer":
            return (_integer(printed), None) if _fits(_INTEGER, printed) else (None, "an integer")
        case "number":
            return (_number(printed), None) if _fits(_NUMBER, printed) else (None, "a number")
        case "date":
            day = iso_as_printed(printed)
            return (day, None) if day else (None, "a date")
        case DateType():
            # A worksheet that stores it as a date has no other form.
            day = _dated(kind.date, printed) or (
                iso_as_printed(printed) if _ISO_DAY.fullmatch(printed) else None
            )
            return (day, None) if day else (None, f"a date like {kind.date}")
        case "boolean":
            truth = _TRUTH.get(printed.casefold())
            return (truth, None) if truth is not None else (None, "yes, no, true or false")
        case BooleanType():
            words = [word.casefold() for word in kind.boolean]
            if printed.casefold() in words:
                return words.index(printed.casefold()) == 0, None
            return None, f"{kind.boolean[0]} or {kind.boolean[1]}"


def _fits(pattern: re.Pattern[str], printed: str) -> bool:
    digits = sum(sign.isdigit() for sign in printed)
    return digits <= _LONGEST and pattern.fullmatch(printed) is not None


def _integer(printed: str) -> int:
    return int(printed.replace(",", "").replace("−", "-"))


def _number(printed: str) -> int | float:
    plain = printed.replace(",", "").replace("−", "-")
    return float(plain) if "." in plain else int(plain)


def _dated(form: str, printed: str) -> str | None:
    """Return a date in ISO 8601 with as many parts as its form has, None if it is none."""
    try:
        moment = datetime.strptime(printed, form)
    except ValueError:
        return None
    if moment.year < FIRST_YEAR:
        return None
    month = "-%m" if re.search("%[mbB]", form) else ""
    return moment.strftime(f"%Y{month}-%d" if "%d" in form else f"%Y{month}")
