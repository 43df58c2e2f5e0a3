"""The names under a heading of a list that is no table, told from the text around them.

A name that is missed would look like one that was taken off the list: what stands among the names
and is none fails a check.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from parsers.page_lines import PageLine
from parsers.records import Check, HtmlSpot, Problem

LEVELS = {
    **dict.fromkeys(("state", "states"), "state"),
    **dict.fromkeys(("county", "counties"), "county"),
    **dict.fromkeys(("city", "cities"), "city"),
}
"""What a heading says, in small letters, and the level that is."""
_LEVEL = re.compile(r"(?P<word>[A-Za-z]+)\s*(?:\((?P<count>[0-9]+)\))?\s*:?")
_BULLET = re.compile(r"^[•·▪◦‣∙*–—-]\s*")
_UPDATED = re.compile(r"(?:(?:page|list|last)\s+)*updated\b.*", re.IGNORECASE)
_LONGEST_UPDATED = 80
NOTE_MARKS = r"*†‡§¶#0-9\[\]"
"""Signs of a footnote, and digits, for a class of a pattern: no place has them in its name."""
_BESIDE_NAME = re.compile(rf"[{NOTE_MARKS}]+|\([^()]*\)")


@dataclass(frozen=True, slots=True)
class LevelHeading:
    """A heading that says of what level the names under it are."""

    level: str
    text: str
    count: int | None
    """How many names it says there are: ``COUNTIES (4):``."""

    @property
    def name(self) -> str:
        """What it says, without the colon that it may end with."""
        return self.text.rstrip(" :")


@dataclass(frozen=True)
class Names:
    """The lines under a heading, told apart."""

    names: tuple[PageLine, ...]
    unread: tuple[PageLine, ...]
    """What stands among the names and does not look like one."""
    beside: tuple[PageLine, ...]
    """Text that is no part of the list."""


def level_heading(line: PageLine) -> LevelHeading | None:
    """Return the heading that a line is, None if it is none."""
    found = _LEVEL.fullmatch(line.text)
    level = LEVELS.get(found["word"].lower()) if found else None
    if found is None or level is None:
        return None
    return LevelHeading(level, line.text, int(found["count"]) if found["count"] else None)


def is_updated_line(line: PageLine) -> bool:
    """Say whether a line tells when the page was changed last."""
    return len(line.text) <= _LONGEST_UPDATED and bool(_UPDATED.fullmatch(line.text))


def names_among(lines: Sequence[PageLine], is_name: Callable[[str], bool]) -> Names:
    """Tell the names among the lines under a heading.

    Where the lines have list items, those are the names; a line that is no item and looks like a
    name is unread, since it may be one that lost its bullet, and so is what stands between items:
    it may say that those below it are of another list. Where there are none, the lines that look
    like a name are the names; what stands above the last of them is among them, and below it what
    stands in its block or is a name with a note. A name that is struck out is never one.
    """
    names = [line for line in lines if is_name(printed_name(line)) and not line.is_struck]
    if has_items := any(line.is_item for line in lines):
        names = [line for line in names if line.is_item]
    known = set(names)
    first = 0 if not has_items else lines.index(names[0]) if names else len(lines)
    last = lines.index(names[-1]) if names else 0
    unread = [
        line
        for number, line in enumerate(lines)
        if line not in known
        and (first <= number < last or line.is_item or _may_be_name(line, names, is_name))
    ]
    told = known.union(unread)
    beside = [line for line in lines if line not in told]
    return Names(tuple(names), tuple(unread), tuple(beside))


def _may_be_name(line: PageLine, names: Sequence[PageLine], is_name: Callable[[str], bool]) -> bool:
    """Say whether a line may be one more name: it stands in their block, or is one with a note."""
    if names and line.block is names[-1].block:
        return True
    bare = " ".join(_BESIDE_NAME.sub("", printed_name(line)).split())
    return bool(bare) and is_name(bare)


def printed_name(line: PageLine) -> str:
    """Return the text of a line without the bullet that it may begin with."""
    return _BULLET.sub("", line.text)


def text_problems(found: Names, under: str, ids: Counter[str]) -> list[Problem]:
    """Return a problem for each line under the heading ``under`` that is no name."""
    unread = [
        Problem("not_a_name", f"{under}: a line does not read as a name", line.text, (spot,))
        for line, spot in _placed(found.unread, ids)
    ]
    beside = [
        Problem("text_beside_list", f"{under}: text stands beside the names", line.text, (spot,))
        for line, spot in _placed(found.beside, ids)
    ]
    return unread + beside


def repeated(found: Names, under: str, ids: Counter[str]) -> list[Problem]:
    """Return a problem for each name that stands twice under one heading; both are kept."""
    places: dict[str, list[HtmlSpot]] = {}
    printed: dict[str, str] = {}
    for line, spot in _placed(found.names, ids):
        key = printed_name(line).casefold()
        printed.setdefault(key, printed_name(line))
        places.setdefault(key, []).append(spot)
    return [
        Problem(
            "listed_twice",
            f"{under}: a name stands {len(spots)} times; each is kept",
            printed[key],
            tuple(spots),
        )
        for key, spots in places.items()
        if len(spots) > 1
    ]


def _placed(lines: Iterable[PageLine], ids: Counter[str]) -> Iterable[tuple[PageLine, HtmlSpot]]:
    return ((line, line.spot(ids)) for line in lines)


def all_names_read(unread: int) -> Check:
    """Return the check that every line among the names was read as one."""
    lines = f"{unread} line{'' if unread == 1 else 's'}"
    return Check(
        "names_read",
        passed=not unread,
        required=True,
        message=f"{lines} among the names could not be read as a name."
        if unread
        else "Every line among the names was read as one.",
        expected="0",
        actual=str(unread),
    )


def stated_count(under: str, stated: int, names: int) -> Check:
    """Return the check of the number of names that a heading states."""
    return Check(
        "stated_count",
        passed=stated == names,
        required=True,
        message=f"{under}: the heading states {stated:,} names, and {names:,} were read.",
        expected=str(stated),
        actual=str(names),
    )


def title_with(title: str | None, updated: Sequence[PageLine]) -> str | None:
    """Return the title of a page with what it says of its last update.

    That line is no row: a list whose rows stay the same did not change with it.
    """
    said = dict.fromkeys(line.text for line in updated)
    return " · ".join([*([title] if title else []), *said]) or None
