"""A matter as Legistar's Web API gives it: the matter, one of its texts, or the bundle of both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from striprtf.striprtf import rtf_to_text

from parsers.bundle import Part
from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.json_answer import json_answer
from parsers.policy.legistar_steps import text_of, whole_answers
from parsers.policy.matter import Matter, clerk_text
from parsers.records import HtmlSpot, PartSpot, Problem, Spot

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T00:00:00)?")


def matter_from_json(document: bytes) -> Matter:
    """Return what one answer of the Web API says: the matter without its text, or the text.

    Raises Unreadable for what is no JSON, NotThisDocument for an error message or another object.
    """
    plain = json_answer(document, remedy="fetch the matter, or one of its texts")
    if isinstance(plain, list) and len(plain) == 1:
        plain = plain[0]
    if not isinstance(plain, Mapping):
        raise _another("the file holds no object of a matter")
    if "Message" in plain:
        raise _another(f"the service answered: {str(plain['Message']).strip(' .')}")
    if "MatterId" in plain:
        return _matter(plain, None, None)
    if plain.keys() & {"MatterTextId", "MatterTextPlain", "MatterTextRtf"}:
        return _matter({}, plain, None)
    raise _another("the file holds neither a matter nor its text")


def matter_from_parts(parts: Sequence[Part]) -> Matter:
    """Return the matter of a bundle, with the text of its version, or of the newest that has one.

    Raises NotThisDocument for a bundle of something else, or one that is not whole.
    """
    answers = whole_answers(parts)
    return _matter(answers.matter, answers.text, answers.text_part)


def _another(said: str) -> NotThisDocument:
    return NotThisDocument(said, remedy="check the address: the matter may be gone or moved")


def _matter(matter: Mapping[str, Any], text: Mapping[str, Any] | None, part: str | None) -> Matter:
    """Return the matter; ``part`` of a bundle is where the text stands."""
    printed, spots, problems = _printed(text, part) if text else ("", (), [])
    lines = [line for line in map(collapsed, printed.splitlines()) if line]
    clerk = clerk_text(lines, spots, dotted=True)
    row_versions = [
        row
        for row in (
            text_of(matter, "MatterRowVersion"),
            text_of(text, "MatterTextRowVersion") if text else None,
        )
        if row
    ]
    enacted = text_of(matter, "MatterEnactmentDate")
    return Matter(
        file=text_of(matter, "MatterFile"),
        matter_id=text_of(matter, "MatterId")
        or (text_of(text, "MatterTextMatterId") if text else None),
        name=text_of(matter, "MatterName"),
        title=text_of(matter, "MatterTitle") or clerk.title,
        type=text_of(matter, "MatterTypeName"),
        status=text_of(matter, "MatterStatusName"),
        enacted=_as_shown(enacted) if enacted else None,
        enactment=text_of(matter, "MatterEnactmentNumber"),
        version=text_of(matter, "MatterVersion"),
        row_version=" / ".join(row_versions) or None,
        restricted=matter.get("MatterRestrictViewViaWeb") is True,
        lines=clerk.body,
        text_version=text_of(text, "MatterTextVersion") if text else None,
        spots=spots,
        problems=(*clerk.problems, *problems),
    )


def _as_shown(moment: str) -> str:
    """Return a day as the page of the matter shows it (4/1/2024 for ``2024-04-01T00:00:00``)."""
    day = _DAY.fullmatch(moment)
    return f"{int(day[2])}/{int(day[3])}/{day[1]}" if day else moment


def _printed(
    text: Mapping[str, Any], part: str | None
) -> tuple[str, tuple[Spot, ...], list[Problem]]:
    """Return the plain text; where that is empty, the text of the RTF."""
    plain = text.get("MatterTextPlain")
    if isinstance(plain, str) and plain.strip():
        return plain, (_spot(part, "MatterTextPlain"),), []
    rtf = text.get("MatterTextRtf")
    spots: tuple[Spot, ...] = (_spot(part, "MatterTextRtf"),)
    if not isinstance(rtf, str) or not rtf.strip():
        return "", (), []
    try:
        if not rtf.lstrip().startswith("{\\rtf"):
            raise ValueError("it does not begin like one")
        return rtf_to_text(rtf, errors="replace"), spots, []
    except (LookupError, OverflowError, ValueError) as error:
        message = f"the RTF of the text cannot be read: {error}"
        return "", spots, [Problem("rtf_unreadable", message, None, spots)]


def _spot(part: str | None, key: str) -> Spot:
    return HtmlSpot(key) if part is None else PartSpot(part, key)
