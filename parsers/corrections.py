"""What a correction notice says of single places, sentence by sentence.

Read are the three wordings of the notice of spring 2017, as AILA recorded it; no other was seen.
The first names the report, and those that follow speak of the same. State names are spelt out in
one sentence and abbreviated in the next, and semicolons part a list where they are spelt out.
Whatever is worded otherwise is not read at all: nothing is guessed from a name of a place alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.printed_period import Period, period_in
from parsers.records import Correction, DeclinedDetainer, DetainerCount, Problem, Spot

_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b(?:St|Ft|Mt)\.)(?<!\bSte\.)\s+(?=[A-Z])")
_LEAD = re.compile(r"\**\s*correction\s*:\s*", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    r"(?:Due to [^,;]+, )?the (?P<report>[^;]+?) incorrectly attributed issued detainers to "
    r"(?P<places>.+?) that were in fact issued to .+"
)
_TRANSFERRED = re.compile(
    r"(?:[A-Z][a-z]+, )?(?:that |the )?detainers that appeared as being declined by "
    r"(?P<places>.+?) were cases where .+",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"(?:[A-Z][a-z]+, )?(?:the )?detainers appeared as being declined by "
    r"(?P<places>.+?) when those detainers were incorrectly .+",
    re.IGNORECASE,
)
_WORDINGS = (
    (_ATTRIBUTED, DetainerCount.table),
    (_TRANSFERRED, DeclinedDetainer.table),
    (_NOT_THERE, DeclinedDetainer.table),
)
_SAYS_MORE = re.compile(r"The subjects of those detainers were in different locations\.")
"""A sentence on the one before it, which names no place."""
_PLACE = re.compile(r"(?![^,;]*\b(?:Counties|Parishes|(?:County|Parish|City) and)\b)[^,;]+, [^,;]+")
_AFTER_SEMICOLON = re.compile(r";\s*(?:and\s+)?")
_AFTER_ABBREVIATION = re.compile(r"(?<=, [A-Z]{2})(?:, and |, | and )")


@dataclass(frozen=True)
class ReadNotice:
    """What was read of a notice, and what was not."""

    corrections: tuple[Correction, ...]
    problems: tuple[Problem, ...]


def read_correction(notice: str, first: int, evidence: tuple[Spot, ...]) -> ReadNotice:
    """Return the corrections that a notice makes, one a place, in its order.

    Takes the notice as a browser shows it, white space collapsed, the position of its first
    correction from 1, and where it stands. A sentence that is worded otherwise is a problem
    ``unparsed_correction``; a report without a period that can be read leaves the period empty,
    with a problem ``unread_period``.
    """
    found: list[Correction] = []
    problems: list[Problem] = []
    report: str | None = None
    period: Period | None = None
    for sentence in _SENTENCE.split(_LEAD.sub("", notice, count=1)):
        if found and _SAYS_MORE.fullmatch(sentence):
            continue
        table, match = _worded(sentence)
        places = places_in(match["places"]) if match else ()
        if match and "report" in match.groupdict():
            report = match["report"]
            period = period_in(report)
            if period is None and places:
                problems.append(
                    Problem(
                        "unread_period",
                        "the report that is corrected names no period that can be read, "
                        "so that no row is marked",
                        report,
                        evidence,
                    )
                )
        if not places or report is None:
            problems.append(
                Problem(
                    "unparsed_correction",
                    "a correction is worded in a way that is not known: it is kept as a text only",
                    sentence,
                    evidence,
                )
            )
            continue
        found += [
            Correction(
                report=report,
                period_start=period.start if period else None,
                period_end=period.end if period else None,
                table_name=table,
                jurisdiction=place,
                text=sentence,
                position=position,
                evidence=evidence,
            )
            for position, place in enumerate(places, start=first + len(found))
        ]
    return ReadNotice(tuple(found), tuple(problems))


def _worded(sentence: str) -> tuple[str | None, re.Match[str] | None]:
    for wording, table in _WORDINGS:
        match = wording.fullmatch(sentence)
        if match is not None:
            return table, match
    return None, None


def places_in(text: str) -> Sequence[str]:
    """Return the places that a list in a sentence names, each ``County, State`` as printed.

    Semicolons part them, or the two letters of a state end each. Empty where one of them is not of
    that form ("Franklin and Montgomery Counties, Iowa"): a list read in part would be wrong.
    """
    parts = (_AFTER_SEMICOLON if ";" in text else _AFTER_ABBREVIATION).split(text)
    return parts if all(_PLACE.fullmatch(part) for part in parts) else ()
