"""Where a phrase stands in texts: as printed, or nearly so.

Compared is what counts of a text (``parsers.records.same_text``), whole words of it. What a phrase
leaves out (``…``) or puts in brackets may be anything; its parts have to follow one another. A
comma, point or semicolon before the closing mark belongs to the sentence around the phrase, as
American printers set it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from parsers.records.same_text import same_text

NEAR = 85.0
"""Of 100. Measured on sentences of a real article on detainers: with one or two words replaced in
ten a phrase scores 88 or more, with one number 96, with one "not" left out 94; reworded but made of
the same words 83, another sentence of such words 74, a paraphrase 64 at most."""
NEAR_WORD = 90.0
"""Of every word of a phrase of less than four, beside the word in its place: "warrants" scores 93
beside "warrant", "lawful" 86 beside "unlawful". The whole of "criminal immigration detainer" scores
91 beside "civil immigration detainer", and is another thing."""
SHORT = 4
LEFT_OUT = 1000
"""Characters at most between two parts of a phrase: more than a paragraph is another passage."""
PUT_IN = 100
"""Characters at most that stand in the place of what a phrase puts in brackets: a name, not a
passage."""
CUT = 20
"""The same of a bracket in a word, as in ``[d]etainer``: the rest of that word."""
SHARED = 0.6
"""The share of a phrase's letters in words that a text has to hold to be compared at all. At a
score of 85 no more than three tenths of them can be in words that it does not hold."""
MOST_COMPARED = 200
"""Texts that one phrase is compared with, those that share most first; a formula of the law can
stand in thousands."""
_AROUND = 5
"""Words by which the place that the alignment gives may be off on either side."""

_GAP = re.compile(r"\s*(?:…|\.\s?\.\s?\.(?:\s?\.)?|\[[^\[\]]*\])\s*")
_WORD = re.compile(r"\w+")
_ANYTHING = re.compile(r".*", re.DOTALL)
_OF_ONE_WORD = re.compile(r"\s?\w*\s?")


@dataclass(frozen=True)
class Found:
    """What was found of a phrase in a text; ``start`` and ``end`` count in its compared form."""

    exact: bool
    score: float
    """How like the phrase it is, 100 for the same; also where case alone differs."""
    start: int
    end: int


class Texts:
    """Texts to look in, each once however it is set."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the texts in their compared form (``same_text``)."""
        self._folded = {text: _fold(text) for text in dict.fromkeys(texts)}
        self._found: dict[str, dict[str, Found]] = {}

    @cached_property
    def _holding(self) -> dict[str, set[str]]:
        """The texts by the words they hold."""
        holding: dict[str, set[str]] = {}
        for text, folded in self._folded.items():
            for word in set(_WORD.findall(folded)):
                holding.setdefault(word, set()).add(text)
        return holding

    def look_for(self, phrase: str) -> dict[str, Found]:
        """Return the texts in which ``phrase`` stands or nearly stands, and what was found."""
        if phrase not in self._found:
            self._found[phrase] = self._look_for(phrase)
        return self._found[phrase]

    def _look_for(self, phrase: str) -> dict[str, Found]:
        plain = _without_end(phrase)
        parts = [part for part in _GAP.split(plain) if part]
        if not parts:
            return {}
        found = {}
        exact, folded = _parts(plain), _parts(_fold(plain))
        longest = max(parts, key=len)
        longest_folded = _fold(longest)
        for text, text_folded in self._folded.items():
            if longest_folded not in text_folded:
                continue
            if longest in text and (place := _find(exact, text)):
                found[text] = Found(True, 100.0, *_whole_words(text, place))
            elif place := _find(folded, text_folded):
                found[text] = Found(False, 100.0, *_whole_words(text, place))
        return found | self._nearly(_fold(" ".join(parts)), found)

    def _nearly(self, phrase: str, without: Collection[str]) -> dict[str, Found]:
        words = set(_WORD.findall(phrase))
        shared: dict[str, int] = {}
        for word in words:
            for text in self._holding.get(word, ()):
                shared[text] = shared.get(text, 0) + len(word)
        needed = SHARED * sum(map(len, words)) if len(words) >= SHORT else 0
        likely = [text for text in shared if shared[text] >= needed and text not in without]
        likely.sort(key=lambda text: (-shared[text], text))
        found = {}
        for text in likely[:MOST_COMPARED]:
            place = _place(phrase, self._folded[text])
            if place and _is_near(phrase, self._folded[text], place):
                found[text] = place
        return found


def _is_near(phrase: str, text: str, place: Found) -> bool:
    words = phrase.split()
    if len(words) >= SHORT:
        return place.score >= NEAR
    there = text[place.start : place.end].split()
    return len(words) == len(there) and all(
        fuzz.ratio(ours, theirs) >= NEAR_WORD for ours, theirs in zip(words, there, strict=True)
    )


def _place(phrase: str, text: str) -> Found | None:
    """Return the words of ``text`` that are most like ``phrase``."""
    if len(text) < len(phrase):
        score = fuzz.ratio(phrase, text, score_cutoff=NEAR)
        return Found(False, score, 0, len(text)) if score else None
    # The alignment takes as many characters as the phrase has: less of the words that follow.
    rough = fuzz.partial_ratio_alignment(phrase, text, score_cutoff=NEAR - 10)
    if rough is None:
        return None
    words = [match.span() for match in re.finditer(r"\w(?:\S*\w)?", text)]
    first = sum(end <= rough.dest_start for _, end in words)
    last = sum(start < rough.dest_end for start, _ in words) - 1
    candidates = [
        (fuzz.ratio(phrase, text[words[a][0] : words[b][1]]), -words[a][0], -words[b][1])
        for a in range(max(0, first - _AROUND), min(len(words), first + _AROUND + 1))
        for b in range(max(a, last - _AROUND), min(len(words), last + _AROUND + 1))
    ]
    if not candidates:
        return None
    score, start, end = max(candidates)
    return Found(False, score, -start, -end)


class _Part(NamedTuple):
    """A part of a phrase, and what may stand between it and the part before it."""

    pattern: re.Pattern[str]
    between: re.Pattern[str]
    most: int


def _parts(phrase: str) -> list[_Part]:
    """Return the parts of a phrase in order: whole words but where a bracket cuts one."""
    parts: list[_Part] = []
    end, between, most = 0, _ANYTHING, 0
    gaps = [*_GAP.finditer(phrase)]
    for number, gap in enumerate([*gaps, None]):
        part = phrase[end : gap.start() if gap else len(phrase)]
        before = gaps[number - 1] if number else None
        if before:
            kind, longest = _between(before)
            between, most = (kind, longest) if longest > most else (between, most)
        if part:
            cut_before = before is not None and _cuts(before, "end")
            cut_after = gap is not None and _cuts(gap, "start")
            start = "" if cut_before or not _WORD.match(part) else r"(?<!\w)"
            finish = "" if cut_after or not _WORD.match(part[-1]) else r"(?!\w)"
            parts.append(_Part(re.compile(f"{start}{re.escape(part)}{finish}"), between, most))
            between, most = _ANYTHING, 0
        end = gap.end() if gap else end
    return parts


def _between(gap: re.Match[str]) -> tuple[re.Pattern[str], int]:
    mark = gap.group()
    if "[" not in mark or "…" in mark or "..." in mark or ". . ." in mark:
        return _ANYTHING, LEFT_OUT
    if _cuts(gap, "start") or _cuts(gap, "end"):
        return _OF_ONE_WORD, CUT
    return _ANYTHING, PUT_IN


def _find(parts: list[_Part], text: str) -> tuple[int, int] | None:
    """Return where the parts stand in ``text`` one after the other, or None.

    Each part is looked for once: one pattern of all would try every way to put them together.
    """
    ends: list[tuple[int, int]] = []
    """Where what was found so far ends, in order, and where it begins."""
    for number, part in enumerate(parts):
        found: list[tuple[int, int]] = []
        first = 0
        match = part.pattern.search(text)
        while match:
            start = match.start()
            while first < len(ends) and ends[first][0] < start - part.most:
                first += 1
            if number == 0:
                found.append((match.end(), start))
            else:
                # The one that ends last leaves the least out.
                last = bisect_right(ends, (start, len(text))) - 1
                if last >= first and part.between.fullmatch(text, ends[last][0], start):
                    found.append((match.end(), ends[last][1]))
            match = part.pattern.search(text, start + 1)
        ends = found
    return (ends[0][1], ends[0][0]) if ends else None


def _whole_words(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """Return where what was found begins and ends, with the words that a bracket cut."""
    start, end = place
    while start > 0 and re.match(r"\w\w", text[start - 1 : start + 1]):
        start -= 1
    while re.match(r"\w\w", text[end - 1 : end + 1]):
        end += 1
    return start, end


def _without_end(phrase: str) -> str:
    return re.sub(r"\s*[,.;]$", "", same_text(phrase))


def _cuts(gap: re.Match[str], side: str) -> bool:
    """Say whether a bracket stands in a word on this side, as in ``[d]etainer``."""
    start, end = gap.span()
    place = start - 1 if side == "start" else end
    mark = gap.group()[0 if side == "start" else -1]
    return mark in "[]" and _WORD.match(gap.string[max(place, 0) : place + 1]) is not None


def _fold(text: str) -> str:
    """Return ``text`` without case, character by character."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(low if len(low := char.casefold()) == 1 else char for char in text)


def as_printed(text: str, start: int, end: int) -> str:
    """Return what of ``text`` stands at a place that counts in its compared form."""
    at, spans = 0, []
    for token in re.finditer(r"\S+", text):
        compared = same_text(token.group())
        if not compared:
            continue
        if at < end and at + len(compared) > start:
            same_length = len(compared) == len(token.group())
            cut_before = max(0, start - at) if same_length else 0
            cut_after = max(0, at + len(compared) - end) if same_length else 0
            spans.append((token.start() + cut_before, token.end() - cut_after))
        at += len(compared) + 1
    return text[spans[0][0] : spans[-1][1]] if spans else ""


def differences(phrase: str, found: str) -> list[tuple[str, str]]:
    """Return what differs word by word: the words of the phrase, and those that stand there."""
    ours, theirs = _without_end(phrase).split(), _without_end(found).split()
    pairs = []
    gone: list[str] = []
    come: list[str] = []
    for step in Indel.opcodes(ours, theirs):
        if step.tag == "equal":
            pairs.append((" ".join(gone), " ".join(come)))
            gone, come = [], []
        else:
            gone += ours[step.src_start : step.src_end]
            come += theirs[step.dest_start : step.dest_end]
    pairs.append((" ".join(gone), " ".join(come)))
    return [pair for pair in pairs if any(pair)]
