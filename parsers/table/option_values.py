"""The kinds of values in the options of the table parser, and what is allowed for each."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from parsers.cell_values import collapsed

Form: TypeAlias = Literal["html", "csv", "xlsx", "pdf"]
Level: TypeAlias = Literal["state", "county", "city"]
FIELD_NAME = r"(?!.*_text$)[a-z][a-z0-9_]{0,60}"
"""They become columns of a view; ``…_text`` is that of what is printed."""
RESERVED_FIELDS = frozenset(
    {
        *("source_id", "period_start", "period_end", "revision", "public_from", "public_until"),
        *("notice", "edition_id", "id", "reading_id", "position", "evidence", "key_fields"),
        *("other_columns", "row_key", "true", "false"),
    }
)
"""What every row has beside its own columns, and the words that SQLite never takes for a name."""
_SOME_DAY = datetime(2031, 11, 22)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _header(value: object) -> object:
    # YAML reads 1 as a number.
    text = str(value) if type(value) is int else value
    if isinstance(text, str):
        text = collapsed(text)
        if text is None:
            raise ValueError("allowed: the header of a column")
    return text


Header = Annotated[str, BeforeValidator(_header)]


def _date_format(value: str) -> str:
    """Return a form of dates that says of each its whole year, and reads what it prints."""
    codes = re.findall(r"%(.)", value)
    if "Y" not in codes or not set(codes) <= set("YmdbB"):
        raise ValueError(
            "allowed: a form with %Y and, as far as it is printed, %m, %b or %B and %d, like "
            "%m/%d/%Y; a year of two digits is not completed"
        )
    if "d" in codes and not {"m", "b", "B"} & set(codes):
        raise ValueError("a day needs its month")
    try:
        datetime.strptime(_SOME_DAY.strftime(value), value)
    except (ValueError, re.error) as error:
        raise ValueError(f"it reads no date that it prints ({error})") from error
    return value


class DateType(_Model):
    """A date in a form of its own."""

    date: Annotated[str, AfterValidator(_date_format)]


class BooleanType(_Model):
    """A truth value in words of its own."""

    boolean: tuple[str, str]
    """What is printed for true, and for false."""

    @model_validator(mode="after")
    def _words_differ(self) -> BooleanType:
        if len({word.casefold() for word in self.boolean}) < 2:
            raise ValueError("the words for true and false are the same")
        return self


ValueType: TypeAlias = (
    Literal["text", "integer", "number", "date", "boolean"] | DateType | BooleanType
)


class FromColumn(_Model):
    """That a column says it."""

    column: Header
    values: dict[str, str] = {}
    """Printed value -> what it stands for; without any, it is taken as printed."""


class LevelFromColumn(FromColumn):
    """That a column says which kind of place a row is."""

    values: dict[str, Level] = {}  # type: ignore[assignment]
    """Printed value -> ``state``, ``county`` or ``city``."""


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"allowed: a regular expression, which this is not ({error})") from error
    return value


def _some(value: object) -> object:
    return [value] if isinstance(value, str) else value


class RowFilter(_Model):
    """Which rows are kept or dropped; one of ``equals``, ``matches`` and ``empty`` says which."""

    action: Literal["keep", "drop"]
    """``keep``: no others; ``drop``: all others."""
    column: Header
    equals: Annotated[tuple[str, ...], BeforeValidator(_some)] = ()
    """A value, or some, as printed."""
    matches: Annotated[str, AfterValidator(_pattern)] | None = None
    """A regular expression for the whole value."""
    empty: bool | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> RowFilter:
        said = [bool(self.equals), self.matches is not None, self.empty is not None]
        if sum(said) != 1:
            raise ValueError("allowed: one of equals, matches and empty")
        return self

    def drops(self, value: str) -> bool:
        """Say whether a row with ``value`` in the column is dropped."""
        if self.equals:
            fits = value in self.equals
        elif self.matches is not None:
            fits = re.fullmatch(self.matches, value) is not None
        else:
            fits = (not value) == self.empty
        return fits == (self.action == "drop")


def _pages(value: Any) -> str:
    text = "".join(str(value).split())
    parts = [re.fullmatch(r"([1-9][0-9]*)(?:-([1-9][0-9]*)?)?", part) for part in text.split(",")]
    if not all(part and int(part[2] or part[1]) >= int(part[1]) for part in parts):
        raise ValueError("allowed: pages like 3, 2-5 or 1,4-")
    return text


Pages = Annotated[str, Field(min_length=1), BeforeValidator(_pages)]


def is_among(page: int, pages: str | None) -> bool:
    """Say whether a page is one of ``pages``; every page is where they are None."""
    if pages is None:
        return True
    for part in pages.split(","):
        first, dash, last = part.partition("-")
        if int(first) <= page <= (int(last) if last else page if dash else int(first)):
            return True
    return False
