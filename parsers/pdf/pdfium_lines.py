"""Runs to lines of text, bullets told apart from letters: what ``parsers.pdf.lines`` means by both.

A run that has a line of its own, as most have, is not taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from parsers.pdf.layout import Line, to_tenths
from parsers.pdf.pdfium_text import Run
from parsers.pdf.pdfium_unsure import Unsure

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
_BETWEEN_WORDS = re.compile(r"(?<=\S)\s+(?=\S)")
_TOP = attrgetter("top")


class _Words(NamedTuple):
    """Words that stand together, parted by single blanks, and the runs that they are of."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    runs: list[Run]

    @property
    def is_bullet(self) -> bool:
        """Whether they are, or begin with, a bullet."""
        first, *others = self.runs
        is_alone = len(first.text) == 1 and (not others or others[0].font.name != first.font.name)
        return self.text[0] in _BULLETS or (is_alone and first.font.is_of_signs)


def text_lines(runs: Sequence[Run]) -> tuple[Line, ...]:
    """Return the lines that runs make up, from top to bottom, in whatever order they came.

    Raises Unsure where nothing says which of two letters comes first.
    """
    if not runs:
        return ()
    ordered = sorted(runs, key=_TOP) if len(runs) > 1 else runs
    lines = []
    before: Run | None = None
    for run in ordered:
        if run.text.isspace():
            continue
        line = _plain_line(run)
        if line is None or (
            before and (run.down < before.bottom or run.top < before.top + _LINE_GAP)
        ):
            return tuple(_lines_of_words(ordered))
        lines.append(line)
        before = run
    return tuple(lines)


def _plain_line(run: Run) -> Line | None:
    """Return a run as a line, None if it may begin with a bullet."""
    text = run.text.strip()
    if text[0] in _BULLETS or text[1:2].isspace() or (len(text) == 1 and run.font.is_of_signs):
        return None
    x0, x1 = run.inked
    box = to_tenths(x0, run.top, x1, run.bottom)
    return Line(" ".join(text.split()), box, False, run.font.style(run.size))


def _lines_of_words(runs: Sequence[Run]) -> Iterator[Line]:
    """Yield the lines that runs make up, where some share a line or may begin with a bullet."""
    words = [words for group in _by_top(runs) for words in _together(group)]
    row: list[_Words] = []
    for each in sorted(words, key=lambda each: (each.top + each.bottom, each.x0)):
        middle = (each.top + each.bottom) / 2
        if row and not any(other.top < middle < other.bottom for other in row):
            yield _line(row)
            row = []
        row.append(each)
    if row:
        yield _line(row)


def _by_top(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Yield runs in the order of their tops, those whose tops follow each other closely as one."""
    group: list[Run] = []
    for run in runs:
        if group and run.top > group[-1].top + _LINE_GAP:
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _together(runs: list[Run]) -> Iterator[_Words]:
    """Yield what stands together of runs whose tops are close."""
    runs.sort(key=lambda run: run.x0)
    if any(other.x0 < one.x1 - _TOUCHING for one, other in pairwise(runs)):
        letters = _once(letter for run in runs for letter in run.letters())
        runs = sorted(letters, key=lambda letter: letter.x0)
        _check_order(runs)
    group: list[Run] = []
    for run in runs:
        is_blank = run.text.isspace()
        if group and (
            is_blank
            or run.text[0].isspace()
            or group[-1].text[-1].isspace()
            or run.x0 > group[-1].x1 + _WORD_GAP
            or abs(run.top - group[-1].top) > _LINE_GAP
        ):
            yield _words(group)
            group = []
        if not is_blank:
            group.append(run)
    if group:
        yield _words(group)


def _check_order(printed: Iterable[Run | _Words]) -> None:
    """Raise Unsure if two letters or words begin on one spot."""
    if any(other.x0 - one.x0 < _TOUCHING for one, other in pairwise(printed)):
        raise Unsure("letters are drawn over each other")


def _words(runs: list[Run]) -> _Words:
    return _Words(
        " ".join("".join(run.text for run in runs).split()),
        runs[0].inked[0],
        min(run.top for run in runs),
        max(run.inked[1] for run in runs),
        max(run.bottom for run in runs),
        runs,
    )


def _first_apart(words: _Words) -> list[_Words]:
    """Return words as two: the first of them, and all behind it."""
    for number, run in enumerate(words.runs):
        if blank := _BETWEEN_WORDS.search(run.text):
            first = [*words.runs[:number], run.part(0, blank.start())]
            others = [run.part(blank.end(), len(run.text)), *words.runs[number + 1 :]]
            return [_words(first), _words(others)]
    return [words]


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


def _line(row: list[_Words]) -> Line:
    row.sort(key=lambda words: words.x0)
    if any(other.x0 < one.x1 - _TOUCHING for one, other in pairwise(row)):
        # Words of one may stand between words of the other.
        row = sorted(_all_apart(row), key=lambda words: words.x0)
        _check_order(row)
    row[:1] = _first_apart(row[0])
    first = row[0]
    text = " ".join(words.text for words in row)
    is_bullet = first.is_bullet or _is_hung(row)
    begins = first.runs[0]
    if is_bullet:
        text = text[1:].lstrip()
        if len(first.text) == 1 and len(row) > 1:
            begins = row[1].runs[0]
    box = to_tenths(
        min(words.x0 for words in row),
        min(words.top for words in row),
        max(words.x1 for words in row),
        max(words.bottom for words in row),
    )
    return Line(text, box, is_bullet, begins.font.style(begins.size))


def _all_apart(row: Iterable[_Words]) -> Iterator[_Words]:
    """Yield each word by itself."""
    for words in row:
        *firsts, words = _first_apart(words)
        while firsts:
            yield firsts[0]
            *firsts, words = _first_apart(words)
        yield words


def _is_hung(row: Sequence[_Words]) -> bool:
    """Say whether a line begins with one sign, or the o that Word draws, far left of its text."""
    if len(row) < 2 or len(row[0].text) > 1:
        return False
    sign, begin = row[0], row[1].runs[0]
    is_sign = not sign.text.isalnum() or (
        sign.text == "o" and sign.runs[0].font.name != begin.font.name
    )
    return is_sign and sign.text not in _OPENING and row[1].x0 - sign.x1 > _HANGING * begin.size
