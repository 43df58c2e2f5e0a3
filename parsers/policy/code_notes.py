"""What stands among the paragraphs of a code and is not its law: notes, lists of contents.

Publishers print who changed a section, what an editor notes of it, and which laws to see beside
it. None of that is enacted; it is kept apart, so that a note added changes no text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.policy.notes import events_of, is_note
from parsers.records import SectionEvent

_EDITORIAL = re.compile(
    r"(?:\[\w+\]\s*)?[*\[(]*\s*(?:(?:Editor|Codifier|Code\s+reviser|Reviser)(?:['’]s|s['’]|s)?\s+notes?"
    r"|Codification\s+notes?|Prior\s+(?:legislation|history)|Cross[\s-]+references?"
    r"|(?:State|Charter)(?:\s+law)?\s+references?)\s*(?P<text>[:.—–-].*)?[)\]]*",
    re.IGNORECASE | re.DOTALL,
)
_CONTENTS_HEAD = re.compile(r"Sections?:?|Chapters?:?|Articles?:?|Contents:?", re.IGNORECASE)
_CONTENTS_LINE = re.compile(
    r"(?:(?:Secs?\.|Sections?|§+|Chapter|Article|Title|Part)\s*)?"
    r"(?:[0-9]+[A-Z]?(?:[.:-][0-9]+[A-Z]?)+|(?<=[a-z.§] )(?:[0-9]+|[IVXLC]+)\b)[.:]?\s+\S.*",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_LONGEST_CONTENTS = 160
_OPENS, _CLOSES = "([", ")]"
_SENTENCE_ENDS = tuple(".;:!?)]”\"’'")


@dataclass(frozen=True, slots=True)
class Law:
    """The text of a part of a code, and the notes that stood in it."""

    body: str
    note: str | None
    events: tuple[SectionEvent, ...]
    """What the history notes say; what an editor notes is not taken for it."""


def law_and_notes(
    lines: Sequence[str], history: Sequence[str] = (), other: Sequence[str] = ()
) -> Law:
    """Part the paragraphs of a section from the notes among them.

    ``history`` and ``other`` are notes that the host marks as such: the history, and an editor's.
    Below a line that does no more than announce notes (``Editor's Notes:``) there are only notes;
    the line itself is dropped.
    """
    histories, others, law = list(history), list(other), list[str]()
    headed = False
    for line in filter(None, lines):
        editorial = _EDITORIAL.fullmatch(line)
        if editorial and not _WORD.search(editorial["text"] or ""):
            headed = True
        elif is_note(line):
            histories.append(line)
        elif editorial or headed:
            others.append(line)
        else:
            law.append(line)
    return Law(
        body="\n".join(law),
        note="\n".join([*histories, *others]) or None,
        events=tuple(event for note in histories for event in events_of(note)),
    )


def is_editorial(line: str) -> bool:
    """Say whether a paragraph is an editor's note or a reference: ``Editor's note— …``."""
    return _EDITORIAL.fullmatch(line) is not None


def without_contents(lines: Sequence[str], numbers: Sequence[str]) -> list[str]:
    """Return the paragraphs outside the sections without the list of sections among them.

    ``numbers`` are those of the sections on the page. Where there are none, a list is dropped only
    if all of the page is one: a numbered paragraph may be law.
    """
    if numbers:
        listed = [
            line
            for line in lines
            if _CONTENTS_HEAD.fullmatch(line) or line.startswith(tuple(f"{n} " for n in numbers))
        ]
    else:
        listed = [line for line in lines if _is_listed(line)]
        listed = listed if len(listed) == len(lines) else []
    return [line for line in lines if line not in listed]


def _is_listed(line: str) -> bool:
    short = len(line) <= _LONGEST_CONTENTS
    return bool(_CONTENTS_HEAD.fullmatch(line) or (short and _CONTENTS_LINE.fullmatch(line)))


def note_split_off(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a section, and the history note that ends the last that is law.

    It is one only after a whole sentence: ``… shall do so. (Ord. 12 § 1, 2017)``; what stands in
    one is law: ``as adopted (Ord. 12)``.
    """
    split = list(lines)
    places = [place for place, line in enumerate(lines) if not is_editorial(line)]
    last = lines[places[-1]] if places else ""
    start = _last_bracket(last)
    law, note = last[:start].rstrip(), last[start:]
    if not (law.endswith(_SENTENCE_ENDS) and is_note(note)):
        return split, []
    split[places[-1]] = law
    return split, [note]


def _last_bracket(line: str) -> int:
    """Return where the bracket begins that ends a line; the end of the line if none does."""
    plain = line.rstrip(" .")
    depth = 0
    for place in range(len(plain) - 1, -1, -1):
        depth += (plain[place] in _CLOSES) - (plain[place] in _OPENS)
        if depth == 0:
            return place if place < len(plain) - 1 else len(line)
    return len(line)
