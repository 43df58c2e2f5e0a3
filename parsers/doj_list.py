"""The Department of Justice's list of sanctuary jurisdictions under Executive Order 14287.

It came out as a page that is revised and as a press release that is not. Both have the headings
STATES, COUNTIES and CITIES with names below them. How the page prints its list was not seen: the
headings may be of any element, with or without a colon, and the names items of a list or lines of a
paragraph. The page first names what makes a jurisdiction one, in bullets: what stands above the
first heading is never read as a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import us

from parsers.errors import NotThisDocument
from parsers.html_table import ids_of, parse_page, specimen_notice
from parsers.named_places import (
    NOTE_MARKS,
    LevelHeading,
    Names,
    all_names_read,
    is_updated_line,
    level_heading,
    names_among,
    printed_name,
    repeated,
    stated_count,
    text_problems,
    title_with,
)
from parsers.page_lines import PageLine, page_lines, printed_title
from parsers.records import LEVELS, Check, EditionClaim, Listing, Problem, Reading
from parsers.registry import Parser

_HEADINGS = {"state": "STATES", "county": "COUNTIES", "city": "CITIES"}
_TAKEN_OFF = "Look at the page: if all names of a heading were taken off, accept the reading."
_SMALL_WORDS = frozenset(["and", "of", "the"])
_LONGEST_STATE = 5
"""Words; "District of Columbia" has three."""
_WORD = re.compile(r"(?:[^\W\d_]|[.'’-])+")
_PLACE = re.compile(rf"[^{NOTE_MARKS},:;]{{1,80}}, (?P<state>[A-Z]{{2}}|[A-Z][A-Za-z. ]+)")
_STATE_NAMES = frozenset(state.name for state in (*us.STATES_AND_TERRITORIES, us.states.DC))


@dataclass(frozen=True)
class _Group:
    """The lines under one heading."""

    heading: LevelHeading
    lines: tuple[PageLine, ...]
    ended_by: PageLine | None
    """A heading that the list does not have, behind which nothing is read."""
    behind: tuple[PageLine, ...]
    """The lines below that heading."""

    def found(self) -> Names:
        """The names under it."""
        return names_among(self.lines, _is_state if self.heading.level == "state" else _is_place)


def read_list(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read the list page or the press release.

    Takes the bytes of an HTML page; there are no options. Returns a listing a name, in the order of
    the page, with the level that its heading says. Raises Unreadable for bytes that are no HTML,
    NotThisDocument for a page that has none of the headings.
    """
    page = parse_page(document)
    ids = ids_of(page)
    lines = page_lines(page)
    updated = [line for line in lines if is_updated_line(line)]
    groups = _groups([line for line in lines if not is_updated_line(line)])
    if not groups:
        raise NotThisDocument(
            "the page has none of the headings STATES, COUNTIES and CITIES",
            remedy="look at the page: it may have changed, or be filled in by a script",
        )
    found = [(group, group.found()) for group in groups]
    rows = [(group.heading, line) for group, names in found for line in names.names]
    listings = tuple(
        _listing(heading, line, position, ids)
        for position, (heading, line) in enumerate(rows, start=1)
    )
    strange = _strange_headings(groups)
    return Reading(
        edition=EditionClaim(
            title=title_with(printed_title(page), updated), notice=specimen_notice(page)
        ),
        tables=(Listing,),
        records=listings,
        checks=(
            _headings_found(groups),
            _headings_known(strange),
            all_names_read(sum(len(names.unread) for _, names in found)),
            *_of_counts(found),
        ),
        problems=(
            *_of_headings(strange, ids),
            *(each for group, names in found for each in _of_names(group, names, ids)),
        ),
    )


def _groups(lines: Sequence[PageLine]) -> list[_Group]:
    """Return the lines under each heading of the list, up to the next heading of any kind."""
    groups: list[_Group] = []
    starts = [(i, heading) for i, line in enumerate(lines) if (heading := level_heading(line))]
    for number, (start, heading) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        under = lines[start + 1 : end]
        stop = next((i for i, line in enumerate(under) if _ends_list(line)), len(under))
        ended_by = under[stop] if stop < len(under) else None
        behind = tuple(under[stop + 1 :])
        groups.append(_Group(heading, tuple(under[:stop]), ended_by, behind))
    return groups


def _ends_list(line: PageLine) -> bool:
    """Say whether a line is a heading, and not a name that is set in bold."""
    is_name = _is_place(printed_name(line)) or (line.is_item and line.is_bold)
    return line.is_heading and not is_name


def _is_state(text: str) -> bool:
    words = text.split()
    known = [name for name in _STATE_NAMES if re.search(rf"\b{name}\b", text)]
    if text not in known and len(known) > 1:
        return False  # of which each would be one
    return len(words) <= _LONGEST_STATE and all(
        _WORD.fullmatch(word) and (word[0].isupper() or (number and word in _SMALL_WORDS))
        for number, word in enumerate(words)
    )


def _is_place(text: str) -> bool:
    found = _PLACE.fullmatch(text)
    return found is not None and (len(found["state"]) == 2 or found["state"] in _STATE_NAMES)


def _listing(heading: LevelHeading, line: PageLine, position: int, ids: Counter[str]) -> Listing:
    return Listing(
        jurisdiction=printed_name(line),
        level=heading.level,
        level_text=heading.text,
        field_office=None,
        date_enacted=None,
        date_enacted_text=None,
        policy=None,
        criteria=(),
        position=position,
        evidence=(line.spot(ids),),
    )


def _headings_found(groups: Sequence[_Group]) -> Check:
    levels = [group.heading.level for group in groups]
    missing = [_HEADINGS[level] for level in LEVELS if level not in levels]
    twice = [_HEADINGS[level] for level in LEVELS if levels.count(level) > 1]
    message = "Every heading of the list stands on the page once."
    if missing or twice:
        told = [f"not on the page: {', '.join(missing)}"] if missing else []
        told += [f"there more than once: {', '.join(twice)}"] if twice else []
        message = f"Headings of the list {'; '.join(told)}."
    if missing:
        message += f" {_TAKEN_OFF}"
    return Check(
        "headings_found",
        passed=not (missing or twice),
        required=True,
        message=message,
        expected=", ".join(_HEADINGS[level] for level in LEVELS),
        actual=", ".join(_HEADINGS[level] for level in levels),
    )


def _strange_headings(groups: Sequence[_Group]) -> list[PageLine]:
    """Return the headings that may be of the list, and are not known.

    They stand between two of its headings or have names below them, or they are in capitals as
    the list's own.
    """
    return [
        group.ended_by
        for group in groups
        if group.ended_by
        and (
            group is not groups[-1]
            or group.ended_by.text.isupper()
            or any(_is_place(printed_name(line)) for line in group.behind)
        )
    ]


def _headings_known(strange: Sequence[PageLine]) -> Check:
    return Check(
        "headings_known",
        passed=not strange,
        required=True,
        message=f"Headings not known within the list: {', '.join(h.text for h in strange)}."
        if strange
        else "Every heading within the list is known.",
        expected="",
        actual=", ".join(heading.text for heading in strange),
    )


def _of_counts(found: Sequence[tuple[_Group, Names]]) -> Iterator[Check]:
    empty = [group.heading.name for group, names in found if not names.names]
    yield Check(
        "names_under_headings",
        passed=not empty,
        required=True,
        message=f"No name was read under {', '.join(empty)}. {_TAKEN_OFF}"
        if empty
        else "Every heading has a name below it.",
        expected="at least 1 each",
        actual=", ".join(str(len(names.names)) for _, names in found),
    )
    for group, names in found:
        if group.heading.count is not None:
            yield stated_count(group.heading.name, group.heading.count, len(names.names))


def _of_headings(strange: Sequence[PageLine], ids: Counter[str]) -> Iterator[Problem]:
    for line in strange:
        message = "a heading within the list is not known; nothing below it is read"
        yield Problem("unknown_heading", message, line.text, (line.spot(ids),))


def _of_names(group: _Group, names: Names, ids: Counter[str]) -> list[Problem]:
    under = group.heading.name
    return text_problems(names, under, ids) + repeated(names, under, ids)


PARSER = Parser(
    name="doj-list",
    revision=2,
    libraries=("beautifulsoup4", "soupsieve", "lxml", "us"),
    tables=(Listing,),
    reads="html",
    read=read_list,
)
