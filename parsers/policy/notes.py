"""History notes of codes: what was adopted or amended, when, and by which law.

Each host has its own form: eCode360 ``[Adopted 6-2-1997 by Ord. No. 437; amended 3-10-2008 by
Ord. No. 531]``, Municode ``(Ord. No. 1415, § 14, 7-11-06)``, American Legal ``(Ord. 05-08. Passed
2-25-08.)``, Code Publishing ``(Ord. 1816 § 1, 2017)``, town meetings ``[Adopted 3-11-1954 TM by
Art. 73]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from parsers.printed_dates import iso_as_printed, iso_day
from parsers.records import SectionEvent

_KINDS = {
    "adopt": "adopted",
    "enact": "adopted",
    "amend": "amended",
    "add": "added",
    "repeal": "repealed",
    "renumber": "renumbered",
}
_ACT = re.compile(
    r"\b(?:(?P<adopt>adopted)|(?P<enact>enacted)|(?P<amend>amend(?:ed)?|amd|am)\b"
    r"|(?P<add>added)|(?P<repeal>repealed|rep(?=\.))|(?P<renumber>renumbered))(?![\w-])",
    re.IGNORECASE,
)
_NAME = r"[\w./-]*[0-9](?:[\w./-]*\w)?"
_LAW = re.compile(
    r"\bOrd\.?\s+of\b"
    r"|\b(?:Ord(?:inance)?s?|Res(?:olution)?s?|L\.\s?L|LL|Local\s+Laws?|Bill|Act|Order|Doc"
    rf"|P\.\s?[AL])\.?\s*(?:Nos?\.?|\#)?\s*{_NAME}(?:\s+of\s+[0-9]{{4}})?"
    rf"|(?<=TM\sby\s)Art\.?\s*{_NAME}"
    rf"|\bCoun\.\s?J\.\s[0-9-]+(?:,\s+p\.\s[0-9]+)?",
    re.IGNORECASE,
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DATE = re.compile(
    r"(?<![\w./-])(?:[0-9]{1,2}([-/])[0-9]{1,2}\1[0-9]{1,4}(?![\w/-])"
    rf"|{_MONTH}\s+[0-9]{{1,2}},\s+[0-9]{{4}}\b|{_MONTH}\s+[0-9]{{4}}\b)"
)
_YEAR = re.compile(r",\s*((?:1[89]|20)[0-9]{2})\.?\s*$")
"""What Code Publishing prints in place of a date."""
_IN_FORCE = re.compile(
    rf"\b(?:eff(?:ective)?|operative)\b\.?\s*(?:date\s*)?(?:{_DATE.pattern})", re.IGNORECASE
)
_SECTION = re.compile(r"§+\s*[0-9A-Z][\w.()-]*(?:(?:,|\s+and|\s*&)\s*[0-9]{1,3}(?![\w/-]))*")
_AT_ADOPTION = re.compile(r"at\s+time\s+of\s+adoption\s+of\s+Code", re.IGNORECASE)
_OPEN, _CLOSE = "[(", "])"
_FOOTNOTE = re.compile(r"\s*\[[0-9]+\]\s*$")
_BEGINS = re.compile(
    rf"(?:HISTORY\s*:|{_ACT.pattern}|{_LAW.pattern}"
    r"|(?:Prior|Former|Old|[0-9]{4})\s+Code\b|Code\s*,?\s*[0-9]{4}\b)",
    re.IGNORECASE,
)


def events_of(note: str) -> tuple[SectionEvent, ...]:
    """Return what a history note says happened, in its order.

    A year of two digits is not completed: the date is None, its text is kept. An act holds for the
    laws that follow it; ``Ord. No. 12, adopted 6-9-98`` says of the ordinance, not of the section,
    that it was adopted. A note that names neither a date nor a law gives nothing.
    """
    return tuple(_events(" ".join(note.split())))


def is_note(text: str) -> bool:
    """Say whether a paragraph is a history note: bracketed as a whole, and about laws or dates."""
    plain = _FOOTNOTE.sub("", " ".join(text.split())).rstrip(" .")
    if len(plain) < 3 or plain[0] not in _OPEN or _closing(plain) != len(plain) - 1:
        return False
    inner = plain[1:-1].strip()
    says = _LAW.search(inner) or _DATE.search(inner) or _AT_ADOPTION.search(inner)
    begins = _BEGINS.match(inner)
    return bool(begins and (says or "code" in begins[0].lower() or "HISTORY" in begins[0]))


def _events(note: str) -> Iterator[SectionEvent]:
    kind = None
    for clause in note.split(";"):
        # What is said of sections and of coming into force are no dates of a law.
        rest = _blanked(_IN_FORCE, clause)
        laws = list(_LAW.finditer(_blanked(_SECTION, rest)))
        rest = _blanked(_SECTION, _blanked(_LAW, rest))
        dates = [match[0] for match in _DATE.finditer(rest)]
        if laws and not dates:
            year = _YEAR.search(rest.rstrip(" )]."))
            dates = [year[1]] if year else []
        first = min((found.start() for found in (*laws[:1], *_DATE.finditer(rest))), default=None)
        acts = list(_ACT.finditer(rest, 0, len(rest) if first is None else first))
        if acts:
            kind = _kind(acts[-1])
        if _AT_ADOPTION.search(clause) and acts and not dates and not laws:
            yield SectionEvent(kind, None, None, None)
        for date, law in zip_longest(dates, laws):
            printed = _law_text(law[0]) if law else None
            of_the_day = date or (_day_in(printed) if printed else None)
            yield SectionEvent(kind, _iso(of_the_day), of_the_day, printed)


def _kind(act: re.Match[str]) -> str:
    return next(_KINDS[name] for name, found in act.groupdict().items() if found)


def _law_text(printed: str) -> str | None:
    """Return a law as printed; ``Ord. of 11-16-72`` has no name but its date."""
    return None if re.search(r"\bof$", printed) else printed.rstrip(" .")


def _day_in(law: str) -> str | None:
    """Return the date of an issue of the Council Journal, which Chicago prints in its name."""
    found = re.match(r"Coun\.\s?J\.\s([0-9-]+)", law)
    return found[1] if found else None


def _iso(text: str | None) -> str | None:
    if text is None:
        return None
    return iso_day(text.replace("-", "/")) or iso_as_printed(text)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _closing(text: str) -> int:
    """Return where the bracket that ``text`` begins with is closed, -1 if it is not."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if depth == 0:
            return place
    return -1
