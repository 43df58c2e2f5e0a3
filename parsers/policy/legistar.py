"""Legistar, where councils keep their ordinances and resolutions: a matter with its text.

Reads the bundle of what the Web API (webapi.legistar.com) answers, one answer of it, or the page of
a matter as a person saved it. The file number names the matter, since page and API number them
apart; ``follow`` finds it by that number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from parsers.html_table import specimen_notice
from parsers.policy.answers import parts_in
from parsers.policy.legistar_json import matter_from_json, matter_from_parts
from parsers.policy.legistar_page import matter_from_page
from parsers.policy.legistar_steps import LegistarOptions, follow
from parsers.policy.matter import Matter, stated_type
from parsers.policy.plain_text import law_parts
from parsers.policy.result import policy_options, policy_reading
from parsers.records import Check, Policy, PolicySection, Problem, Reading
from parsers.registry import Parser


def read_matter(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a matter: its JSON or its page.

    Takes ``LegistarOptions``; the type of the matter goes before that of the options. Returns the
    policy, and its text as the sections that ``SECTION 1.`` and so on begin, recitals first, or as
    one. Raises Unreadable and NotThisDocument as ``matter_from_json``, ``matter_from_parts`` and
    ``matter_from_page`` do.
    """
    stated = policy_options(options, LegistarOptions)
    notice = None
    parts = parts_in(document)
    if parts is not None:
        matter = matter_from_parts(parts)
    elif document.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        matter = matter_from_json(document)
    else:
        matter, page = matter_from_page(document)
        notice = specimen_notice(page)
    notice = notice or next((line for line in matter.lines if line.startswith("SPECIMEN")), None)
    lines = tuple(line for line in matter.lines if line != notice)
    address = stated.address or matter.address
    sections = [
        PolicySection(
            host_id=part.key,
            number=part.number,
            heading=part.heading,
            path=part.path,
            body=part.body,
            history_note=matter.history_note,
            events=matter.events,
            anchor=address,
            position=position,
            evidence=matter.spots,
        )
        for position, part in enumerate(law_parts(lines), start=1)
    ]
    kind = matter.instrument_type or stated_type(stated)
    citation = matter.law or (f"File {matter.file}" if matter.file else None)
    policy = Policy(
        jurisdiction=stated.jurisdiction,
        title=stated.title or matter.name or matter.title or citation or "No title",
        citation=stated.citation or citation,
        instrument_type=kind or "ordinance",
        host="legistar",
        host_id=matter.file or matter.matter_id or "matter",
        address=address,
        version_label=matter.version_label,
        position=1,
        evidence=matter.spots,
    )
    problems = list(matter.problems)
    if kind is None:
        problems.append(_kind_not_said(matter))
    reading = policy_reading(policy, sections, problems, notice=notice)
    return replace(
        reading,
        checks=(*reading.checks, _is_public(matter), _is_current(matter), _is_enacted(matter)),
    )


def _kind_not_said(matter: Matter) -> Problem:
    said = f"its type is {matter.type}" if matter.type else "no type is given"
    return Problem(
        "instrument_type_unknown",
        f"whether it is an ordinance is not known ({said}): name it with option instrument_type",
        matter.type,
    )


def _is_public(matter: Matter) -> Check:
    return Check(
        "public",
        passed=not matter.restricted,
        required=True,
        message="The clerk keeps this matter from the web."
        if matter.restricted
        else "The clerk does not keep the matter from the web.",
    )


def _is_current(matter: Matter) -> Check:
    current, text = matter.version, matter.text_version
    passed = current is None or text is None or current == text
    return Check(
        "text_is_current",
        passed=passed,
        required=True,
        message="The text is of the matter's version."
        if passed
        else f"The text is of version {text}, the matter is at version {current}.",
        expected=current,
        actual=text,
    )


def _is_enacted(matter: Matter) -> Check:
    passed = matter.history_note is not None
    return Check(
        "enacted",
        passed=passed,
        required=False,
        message="The matter has an enactment date or number."
        if passed
        else f"No enactment is stated: the text may not be in force (status: {matter.status}).",
    )


PARSER = Parser(
    name="legistar",
    revision=2,
    libraries=("beautifulsoup4", "lxml", "striprtf"),
    tables=(Policy, PolicySection),
    reads="html_or_json",
    read=read_matter,
    follow=follow,
    options=LegistarOptions,
)
