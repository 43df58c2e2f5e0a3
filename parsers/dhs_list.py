"""The Department of Homeland Security's list of sanctuary jurisdictions of 29 May 2025.

The list went state by state: a heading with the state, then under ``State`` a line that names
nothing ("Self-identification as a State Sanctuary Jurisdiction": the state is the heading above),
under ``Counties`` and ``Cities`` names without a state. The page itself was not seen, so headings
may be of any element, and names items of a list or lines of a paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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

_SELF = "self-identification as a state sanctuary jurisdiction"
_STATE_NAMES = frozenset(
    name.casefold()
    for name in (
        *(state.name for state in (*us.STATES_AND_TERRITORIES, us.states.DC)),
        "Washington, D.C.",
    )
)
_NAME = re.compile(rf"[^\W\d_][^{NOTE_MARKS}:;!?]*")
_LONGEST_NAME = 8
"""Words."""
_SENTENCE_END = re.compile(r"[^\W\d_]{4,}\.$")
"""A full stop behind a whole word ends a sentence: no name does, but "Washington, D.C."."""


@dataclass(frozen=True)
class _Group:
    """The lines under one heading of a level."""

    state: str | None
    """The heading of the state; None where none stands above it, or it cannot be told which."""
    heading: LevelHeading
    line: PageLine
    lines: tuple[PageLine, ...]

    @property
    def under(self) -> str:
        """Where the names stand, for people."""
        return f"{self.state or 'no state'}, {self.heading.name}"

    def found(self) -> Names:
        """The names under it."""
        return names_among(self.lines, _is_name)


def read_list(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read the list.

    Takes the bytes of an HTML page; there are no options. Returns a listing a name, in the order of
    the page, with the state above it and the level that its heading says. Names that stand under no
    state are problems. Raises Unreadable for bytes that are no HTML, NotThisDocument for a page
    that has none of the headings.
    """
    page = parse_page(document)
    ids = ids_of(page)
    lines = page_lines(page)
    updated = [line for line in lines if is_updated_line(line)]
    groups, doubtful = _groups([line for line in lines if not is_updated_line(line)])
    if not groups:
        raise NotThisDocument(
            "the page has none of the headings State, Counties and Cities",
            remedy="look at the page: it may have changed, or be filled in by a script",
        )
    found = [(group, group.found()) for group in groups]
    stated = [(group, names) for group, names in found if group.state]
    homeless = [(group, names) for group, names in found if not group.state]
    rows = [(group, line) for group, names in stated for line in names.names]
    listings = tuple(
        _listing(group, line, position, ids) for position, (group, line) in enumerate(rows, start=1)
    )
    return Reading(
        edition=EditionClaim(
            title=title_with(printed_title(page), updated), notice=specimen_notice(page)
        ),
        tables=(Listing,),
        records=listings,
        checks=(
            _states_known(stated, homeless, doubtful),
            all_names_read(sum(len(names.unread) for _, names in found)),
            *_of_counts(found),
        ),
        problems=(
            *_of_states(homeless, doubtful, ids),
            *(each for group, names in found for each in text_problems(names, group.under, ids)),
            *(each for group, names in stated for each in repeated(names, group.under, ids)),
            *(each for group, names in stated for each in _of_state_lines(group, names, ids)),
        ),
    )


def _groups(lines: Sequence[PageLine]) -> tuple[list[_Group], list[PageLine]]:
    """Return the lines under each heading of a level, and the lines that may be a state or a name.

    The line right above such a heading is a state if it is set as a heading; on a page where none
    is, if it is a state's name. Set as the names above it are, and above the next level that a
    state can have, it may be a county's name, too: which it is is not guessed, and nothing below
    it is of a state.
    """
    starts = [(i, heading) for i, line in enumerate(lines) if (heading := level_heading(line))]
    are_set = any(start and _heads_state(lines[start - 1]) for start, _ in starts)
    groups: list[_Group] = []
    doubtful: list[PageLine] = []
    state: str | None = None
    for number, (start, heading) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(lines)
        before = groups[-1] if groups else None
        above = lines[start - 1] if start > (starts[number - 1][0] + 1 if number else 0) else None
        if above is not None and _may_head_state(above, are_set, state):
            is_next = before is not None and _rank(heading) > _rank(before.heading)
            if before is not None and is_next and not are_set and _is_set_alike(above, before):
                doubtful.append(above)
                state = None
            else:
                state = above.text
                if before is not None:
                    groups[-1] = replace(before, lines=before.lines[:-1])
        elif before is not None and _rank(heading) <= _rank(before.heading):
            # The levels of a state come once each: whose these are is not said.
            state = None
        groups.append(_Group(state, heading, lines[start], tuple(lines[start + 1 : end])))
    return groups, doubtful


def _rank(heading: LevelHeading) -> int:
    return LEVELS.index(heading.level)


def _may_head_state(line: PageLine, are_set: bool, state: str | None) -> bool:
    """Say whether a line can head a state after ``state``; ``are_set``: such are set as headings.

    A name that is not set as one heads nothing where the lines are of that state already.
    """
    if are_set:
        return _heads_state(line)
    return not line.is_item and line.text != state and line.text.casefold() in _STATE_NAMES


def _heads_state(line: PageLine) -> bool:
    is_title = line.block.name == "h1" and line.text.casefold() not in _STATE_NAMES
    return line.is_heading and not line.is_item and not is_title and not level_heading(line)


def _is_set_alike(line: PageLine, before: _Group) -> bool:
    """Say whether a line, the last of a group, may be one more of its names."""
    others = before.lines[:-1]
    if not others:
        return True
    blocks = {id(other.block) for other in others}
    apart = len(blocks) < len(others) and id(line.block) not in blocks
    of_state = before.heading.level == "state"
    return not (of_state or apart or any(other.is_item for other in others))


def _is_name(text: str) -> bool:
    return (
        len(text.split()) <= _LONGEST_NAME
        and _NAME.fullmatch(text) is not None
        and _SENTENCE_END.search(text) is None
    )


def _listing(group: _Group, line: PageLine, position: int, ids: Counter[str]) -> Listing:
    return Listing(
        jurisdiction=printed_name(line),
        state=group.state,
        level=group.heading.level,
        level_text=group.heading.text,
        field_office=None,
        date_enacted=None,
        date_enacted_text=None,
        policy=None,
        criteria=(),
        position=position,
        evidence=(line.spot(ids),),
    )


_Found = Sequence[tuple[_Group, Names]]


def _states_known(stated: _Found, homeless: _Found, doubtful: Sequence[PageLine]) -> Check:
    states = len({group.state for group, _ in stated})
    message = f"The names stand under {states} states."
    if homeless:
        lists = "one list stands" if len(homeless) == 1 else f"{len(homeless)} lists stand"
        message = f"Of which state {lists} cannot be told; their names are not read."
        if doubtful:
            message += " A state's name is no heading, and may be that of a county or city."
    return Check(
        "states_known",
        passed=not homeless,
        required=True,
        message=message,
        expected="0",
        actual=str(len(homeless)),
    )


def _of_counts(found: _Found) -> Iterator[Check]:
    rows = sum(len(names.names) for group, names in found if group.state)
    yield Check(
        "rows_read",
        passed=bool(rows),
        required=True,
        message=f"The page has {rows} listings.",
        expected="at least 1",
        actual=str(rows),
    )
    empty = [group.under for group, names in found if not names.names]
    yield Check(
        "names_under_headings",
        passed=not empty,
        required=False,
        message=f"No name was read under {'; '.join(empty)}."
        if empty
        else "Every heading has a name below it.",
        expected="0",
        actual=str(len(empty)),
    )
    for group, names in found:
        if group.heading.count is not None:
            yield stated_count(group.under, group.heading.count, len(names.names))


def _of_states(
    homeless: _Found, doubtful: Sequence[PageLine], ids: Counter[str]
) -> Iterator[Problem]:
    for line in doubtful:
        message = "a state's name may head what follows, or be that of a county or city"
        yield Problem("state_or_place", message, line.text, (line.spot(ids),))
    for group, names in homeless:
        printed = ", ".join(printed_name(line) for line in names.names)
        spots = tuple(line.spot(ids) for line in (group.line, *names.names))
        message = f"{group.heading.name} stands under no state; its names are not read"
        yield Problem("no_state", message, printed or None, spots)


def _of_state_lines(group: _Group, names: Names, ids: Counter[str]) -> Iterator[Problem]:
    """Yield a problem for each line under ``State`` that is in other words than the known ones."""
    if group.heading.level != "state":
        return
    for line in names.names:
        if printed_name(line).casefold() != _SELF:
            message = f"{group.under}: the line is not “Self-identification …”; it is kept"
            yield Problem("unknown_state_line", message, line.text, (line.spot(ids),))


PARSER = Parser(
    name="dhs-list",
    revision=2,
    libraries=("beautifulsoup4", "soupsieve", "lxml", "us"),
    tables=(Listing,),
    reads="html",
    read=read_list,
)
