"""Runs to lines of text, bullets told apart from letters: what ``parsers.pdf.lines`` means by both.

A run that stands alone on its line is not taken apart: most do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from parsers.pdf.layout import Line, to_tenths
from parsers.pdf.pdfium_text import Run
from parsers.records import Box

_LINE_GAP = 3.0
"""Points; tops that are further apart are two lines."""
_WORD_GAP = 1.5
"""Points; letters that are further apart are two words."""
_HANGING = 0.4
"""Of the size; a blank is narrower than the gap behind a bullet."""
_DOUBLE = 0.8
"""Points; equal letters that stand so close are one, drawn twice to look bold."""
_TOUCHING = 0.01
"""Points; what runs into each other by less than this stands side by side."""
_BULLETS = frozenset("•●◦▪■‣∙⁃·\uf0b7\uf0a7\uf0d8")
_OPENING = frozenset("“‘\"'($")
"""Signs that begin a text, and are no bullets however far left of it they stand."""
# Fonts whose letters are signs: the letter l of ZapfDingbats is drawn as a black disc.
_SIGN_FONT = re.compile(r"symbol|dingbats|wingdings|webdings", re.IGNORECASE)


class _Word(NamedTuple):
    """A word; or all words of a run that has a line of its own."""

    text: str
    x0: float
    x1: float
    runs: list[Run]

    @property
    def top(self) -> float:
        return min(run.top for run in self.runs)

    @property
    def bottom(self) -> float:
        return max(run.bottom for run in self.runs)

    @property
    def is_bullet(self) -> bool:
        """Whether it is, or begins with, a bullet."""
        first, *others = self.runs
        is_alone = len(first.text) == 1 and (not others or others[0].font.name != first.font.name)
        return self.text[0] in _BULLETS or (
            is_alone and _SIGN_FONT.search(first.font.name) is not None
        )


def text_lines(runs: Sequence[Run]) -> tuple[Line, ...]:
    """Return the lines that runs make up, from top to bottom, in whatever order they came."""
    words = [word for group in _by_top(runs) for word in _words(group)]
    if len(words) == 1:
        return (_line(words),)
    rows: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom, word.x0)):
        middle = (word.top + word.bottom) / 2
        if rows and any(other.top < middle < other.bottom for other in rows[-1]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(_line(row) for row in rows)


def _by_top(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the runs whose tops follow each other closely, in groups from top to bottom."""
    group: list[Run] = []
    for run in sorted(runs, key=lambda run: run.top):
        if group and run.top > group[-1].top + _LINE_GAP:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _words(runs: list[Run]) -> list[_Word]:
    """Return the words of a line; a run alone that begins with no sign is left whole."""
    if len(runs) > 1:
        runs.sort(key=lambda run: run.x0)
        if any(other.x0 < one.x1 - _TOUCHING for one, other in pairwise(runs)):
            letters = _once(letter for run in runs for letter in run.letters())
            runs = sorted(letters, key=lambda letter: letter.x0)
    elif (whole := _whole(runs[0])) is not None:
        return [whole]
    return list(_apart(runs))


def _whole(run: Run) -> _Word | None:
    """Return all words of a run as one, None if it is blank or its first word may be a bullet."""
    text = run.text.strip()
    if not text or text[0] in _BULLETS or text[1:2].isspace():
        return None
    x0, x1 = run.x0, run.x1
    if text != run.text:
        blank = len(run.text) - len(run.text.lstrip())
        x0, x1 = run.between(blank, blank + len(text))
    return _Word(" ".join(text.split()), x0, x1, [run])


def _apart(runs: Iterable[Run]) -> Iterator[_Word]:
    """Yield each word by itself."""
    word: list[Run] = []
    for part in (part for run in runs for part in run.words()):
        is_blank = part.text.isspace()
        if word and (
            is_blank
            or part.x0 > word[-1].x1 + _WORD_GAP
            or abs(part.top - word[-1].top) > _LINE_GAP
        ):
            yield _word(word)
            word = []
        if not is_blank:
            word.append(part)
    if word:
        yield _word(word)


def _word(runs: list[Run]) -> _Word:
    text = "".join(run.text for run in runs)
    return _Word(text, min(run.x0 for run in runs), max(run.x1 for run in runs), runs)


def _once(letters: Iterable[Run]) -> Iterator[Run]:
    """Yield letters without those drawn again on the same spot."""
    seen: dict[tuple[str, float], list[Run]] = {}
    for letter in letters:
        same = seen.setdefault((letter.text, letter.size), [])
        if not any(
            abs(letter.x0 - other.x0) < _DOUBLE and abs(letter.top - other.top) < _DOUBLE
            for other in same
        ):
            same.append(letter)
            yield letter


def _line(row: list[_Word]) -> Line:
    if len(row) > 1:
        row = [
            part for word in row for part in (_apart(word.runs) if " " in word.text else (word,))
        ]
        row.sort(key=lambda word: word.x0)
    first = row[0]
    text = " ".join(word.text for word in row)
    is_bullet = first.is_bullet or _is_hung(row)
    begins = first.runs[0]
    if is_bullet:
        text = text[1:].lstrip()
        if len(first.text) == 1 and len(row) > 1:
            begins = row[1].runs[0]
    return Line(text, _box(row), is_bullet, (begins.font.name, round(begins.size, 1)))


def _is_hung(row: Sequence[_Word]) -> bool:
    """Say whether a line begins with one sign, or the o that Word draws, far left of its text."""
    if len(row) < 2 or len(row[0].text) > 1:
        return False
    sign, begin = row[0], row[1].runs[0]
    is_sign = not sign.text.isalnum() or (
        sign.text == "o" and sign.runs[0].font.name != begin.font.name
    )
    return is_sign and sign.text not in _OPENING and row[1].x0 - sign.x1 > _HANGING * begin.size


def _box(row: Sequence[_Word]) -> Box:
    return to_tenths(
        min(word.x0 for word in row),
        min(word.top for word in row),
        max(word.x1 for word in row),
        max(word.bottom for word in row),
    )
