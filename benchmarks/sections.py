"""Pairing two versions of a long code by section, beside comparing them as whole texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial
from importlib import import_module
from random import Random

from benchmarks.environment import NOT_INSTALLED, installed
from benchmarks.figure import Figure, Row
from benchmarks.measuring import costs
from db.diff import RowChange, diff
from parsers.records import PolicySection
from sanctuary.difference import pieces_of

SECTIONS = 3_000
_WORDS = """officer person detainer warrant release custody council police report order court
notice permit owner street building fee hearing appeal chief agency record the of and to any shall
not be by in for a or on within days hours city department request federal civil"""

_CODE = f"two versions of a code of {SECTIONS:,} sections, redline included"
LINES = Row(_CODE, "`difflib` over the whole text, line by line")
CHARACTERS = Row(_CODE, "`fast-diff-match-patch` over the whole text, as pages are compared")
NEW_IDS = Row("the same where the host gave every section a new id and number", "with ids kept")
ROWS = (LINES, CHARACTERS, NEW_IDS)


def figures() -> list[Figure]:
    """Return what it costs to pair two versions, and to mark every word that differs."""
    peers: dict[Row, Callable[[], object]] = {LINES: partial(compare_lines, SECTIONS)}
    if installed("fast-diff-match-patch"):
        peers[CHARACTERS] = partial(compare_characters, SECTIONS)
    ours, again, *others = costs(
        partial(compare_sections, SECTIONS),
        partial(compare_sections, SECTIONS, new_ids=True),
        *peers.values(),
    )
    theirs = dict(zip(peers, others, strict=True))
    said = "ours says which section was amended, renumbered, added or removed"
    return [
        *(
            row.figure(ours, theirs[row], said)
            if row in theirs
            else row.without_peer(ours, NOT_INSTALLED)
            for row in (LINES, CHARACTERS)
        ),
        NEW_IDS.figure(again, ours, "paired by wording alone"),
    ]


def code(count: int, *, new_ids: bool = False) -> tuple[list[PolicySection], list[PolicySection]]:
    """Return two versions of an invented code.

    In the second, one section in a hundred is amended, one in a hundred renumbered under another
    id, and one in two hundred came or went.
    """
    random = Random(1)
    before = [_section(number, random) for number in range(count)]
    after = []
    for number, section in enumerate(before):
        if number % 200 == 3:
            continue
        row = section
        if number % 100 == 1:
            row = replace(row, body=row.body.replace("detainer", "request", 2))
        if new_ids or number % 100 == 2:
            row = replace(row, host_id=f"new-{number}", number=f"§ {number}-A")
        after.append(row)
        if number % 200 == 4:
            after.append(replace(_section(count + number, random), position=number))
    return before, after


def _section(number: int, random: Random) -> PolicySection:
    paragraphs = (
        f"({letter}) {' '.join(random.choices(_WORDS.split(), k=random.randint(20, 90)))}."
        for letter in "abcd"
    )
    return PolicySection(
        host_id=str(8_390_000 + number),
        number=f"§ {number // 40}-{number % 40}",
        heading=f"Heading {number}",
        path=(f"Chapter {number // 40}",),
        body="\n".join(paragraphs),
        history_note="[Adopted 7-9-2003 by Ord. No. 2003-13]",
        events=(),
        anchor=None,
        position=number + 1,
        evidence=(),
    )


def compare_sections(count: int, *, new_ids: bool = False) -> list[RowChange]:
    """Pair both versions section by section, and mark the words of those that changed."""
    found = diff(*code(count, new_ids=new_ids))
    for change in found:
        for field in change.fields:
            pieces_of(change, field)
    return found


def compare_lines(count: int) -> object:
    """Compare both versions as two texts, line by line."""
    before, after = (_text(version).split("\n") for version in code(count))
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def compare_characters(count: int) -> object:
    """Compare both versions as two texts, as tools that watch pages do: with a limit of 2 s."""
    peer = import_module("fast_diff_match_patch")
    before, after = map(_text, code(count))
    return peer.diff(before, after, timelimit=2, checklines=True, cleanup="Semantic")


def _text(version: list[PolicySection]) -> str:
    return "\n".join(
        f"{row.number} {row.heading}\n{row.body}\n{row.history_note}" for row in version
    )
