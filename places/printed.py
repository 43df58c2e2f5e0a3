"""A printed name taken apart: the state it stands in, its parts, and its own words for its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from parsers.records import PrintedName
from places.states import misspelt_state, state_code
from places.words import key_of, words_of

# ICE's field offices, one of which a report of 2017 puts in brackets behind a place.
_FIELD_OFFICES = frozenset(
    key_of(name)
    for name in (
        *("Atlanta", "Baltimore", "Boston", "Buffalo", "Chicago", "Dallas", "Denver", "Detroit"),
        *("El Paso", "Harlingen", "Houston", "Los Angeles", "Miami", "Newark", "New Orleans"),
        *("New York", "New York City", "Philadelphia", "Phoenix", "Salt Lake City", "San Antonio"),
        *("San Diego", "San Francisco", "Seattle", "Saint Paul", "Washington"),
    )
)
_BRACKET_BEHIND = re.compile(r"(?P<name>.+?)\s*\((?P<office>[^()]+)\)")
_ZIP_CODE_BEHIND = re.compile(r"(?P<name>.*\S)\s+\d{5}(?:-\d{4})?")
_FULL_STOP_FOR_COMMA = re.compile(r"(?P<name>[^,]+[^\W\d_]{3,})\.\s+(?P<state>[^,.]+)")
_NO_COMMA = re.compile(r"(?P<name>[^,]*[^\W_]) (?P<state>[A-Z]{2})")


@dataclass(frozen=True)
class Apart:
    """What a printed name consists of."""

    printed: str
    """The whole, in one line."""
    parts: tuple[str, ...]
    """What stands between the commas before the state; empty if the whole names a state."""
    state: str | None
    """Two letters; None if no state is printed, or none that is known."""
    misspelt_state: str | None = None
    """The state as printed, if that is not how it is spelt."""
    other_state: str | None = None
    """What a column or heading says against the name's own state."""


def take_apart(name: PrintedName) -> Apart:
    """Take a printed name apart into its state and the parts before it."""
    printed = " ".join(name.printed.split())
    text = printed
    bracket = _BRACKET_BEHIND.fullmatch(text)
    if bracket and key_of(bracket["office"]) in _FIELD_OFFICES:
        text = bracket["name"]
    beside = name.state or ""
    around = state_code(beside) or misspelt_state(beside)
    own = state_code(text) if all(map(words_of, text.split(","))) else None
    if own is not None and (around is None or around == own):
        return Apart(printed, (), own)
    pieces = _pieces(text)
    own = state_code(pieces[-1]) if len(pieces) > 1 else None
    misspelt = None
    if own is None and len(pieces) > 1:
        own = misspelt_state(pieces[-1])
        misspelt = pieces[-1] if own else None
    if own is None and "," in text and len(pieces) == 1 and state_code(pieces[0]):
        # ", Alabama" has no name before the comma; the state's is no name for what is away.
        return Apart(printed, (), None)
    if own is None:
        return Apart(printed, tuple(pieces), around)
    if around is not None and around != own:
        return Apart(printed, tuple(pieces[:-1]), own, misspelt, name.state)
    return Apart(printed, tuple(pieces[:-1]), own, misspelt)


def _pieces(text: str) -> list[str]:
    """Return what stands between commas, the last without a ZIP code behind it.

    A full stop before the name of a state is a comma, and so is the want of one before its two
    letters.
    """
    for pattern in (_FULL_STOP_FOR_COMMA, _NO_COMMA):
        found = pattern.fullmatch(text)
        if found and state_code(found["state"]):
            return [found["name"], found["state"]]
    pieces = [piece.strip() for piece in text.split(",")]
    code = _ZIP_CODE_BEHIND.fullmatch(pieces[-1])
    if code and state_code(code["name"]):
        pieces[-1] = code["name"]
    return [piece for piece in pieces if piece] or [text]


@dataclass(frozen=True)
class Named:
    """One part of a name: its words, and what it says it is."""

    whole: str
    """Its key as printed, "The City of" without "The"."""
    base: str
    """Its key without the word for its kind."""
    kind: str | None
    """``county``, ``city`` or ``town`` by its own word; None if it has none."""
    word: str | None = None
    """That word, as a key: ``county``, ``parish``, ``city of``."""

    @property
    def is_behind(self) -> bool:
        """Say whether that word stands behind the name, where it can be a part of it."""
        return self.word is not None and self.whole.endswith(f" {self.word}")


_BEFORE: Mapping[tuple[str, ...], str] = {
    ("city", "and", "county", "of"): "city",
    ("city", "and", "borough", "of"): "county",
    ("unified", "government", "of"): "county",
    ("county", "of"): "county",
    ("parish", "of"): "county",
    ("city", "of"): "city",
    ("village", "of"): "city",
    ("borough", "of"): "city",
    ("town", "of"): "town",
    ("township", "of"): "town",
}
_BEFORE_IN: Mapping[str, Mapping[tuple[str, ...], str]] = {
    "AK": {("municipality", "of"): "county"},
}
_BEHIND: Mapping[tuple[str, ...], str] = {
    ("city", "and", "borough"): "county",
    ("census", "area"): "county",
    ("planning", "region"): "region",
    ("county",): "county",
    ("counties",): "several",
    ("parish",): "county",
    ("borough",): "city",
    ("municipio",): "county",
    ("city",): "city",
    ("village",): "city",
    ("town",): "town",
    ("township",): "town",
}
# Words of county-equivalents that are names elsewhere (Treasure Island, Florida).
_BEHIND_IN: Mapping[str, Mapping[tuple[str, ...], str]] = {
    "AK": {("borough",): "county", ("municipality",): "county"},
    "AS": {("district",): "county", ("island",): "county"},
    "MP": {("municipality",): "county", ("islands", "municipality"): "county"},
    "VI": {("island",): "county"},
}
_BRACKETED_WORD = re.compile(r"\((County|Parish|City|Town|Township|Village|Borough)\)", re.I)


def named(part: str, state: str) -> Named | None:
    """Return what a part of a name says it is; None if there are brackets that say something else.

    ``San Miguel (County)`` is the same as ``San Miguel County``.
    """
    text = _BRACKETED_WORD.sub(r"\1", part)
    if "(" in text or ")" in text:
        return None
    words = words_of(text)
    if words[:1] == ("the",) and any(words[1 : 1 + len(before)] == before for before in _BEFORE):
        words = words[1:]
    whole = " ".join(words)
    for before, kind in {**_BEFORE, **_BEFORE_IN.get(state, {})}.items():
        if words[: len(before)] == before and len(words) > len(before):
            return Named(whole, " ".join(words[len(before) :]), kind, " ".join(before))
    for behind, kind in {**_BEHIND, **_BEHIND_IN.get(state, {})}.items():
        if words[-len(behind) :] == behind and len(words) > len(behind):
            return Named(whole, " ".join(words[: -len(behind)]), kind, " ".join(behind))
    return Named(whole, whole, None)
