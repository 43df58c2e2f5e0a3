"""A matter as Legistar's Web API gives it: the matter, one of its texts, or both in one object.

``/matters/{id}`` and ``/matters/{id}/texts/{key}`` are two answers; a bundle holds both:
``{"matter": {...}, "texts": [{...}]}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from striprtf.striprtf import rtf_to_text

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.json_answer import json_answer
from parsers.policy.matter import Matter, clerk_text
from parsers.records import HtmlSpot, Problem, Spot

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T00:00:00)?")


def matter_from_json(document: bytes) -> Matter:
    """Return the matter of an answer of the Web API, or of a bundle of its answers.

    Of several texts that of the matter's version counts, without a matter the newest. Raises
    Unreadable for what is no JSON, NotThisDocument for an error message or another object.
    """
    plain = json_answer(document, remedy="fetch the matter, or one of its texts")
    if isinstance(plain, list) and len(plain) == 1:
        plain = plain[0]
    if not isinstance(plain, Mapping):
        raise _another("the file holds no object of a matter")
    if "Message" in plain:
        raise _another(f"the service answered: {str(plain['Message']).strip(' .')}")
    matter, texts, is_bundle = _parts(plain)
    if matter is None and not texts:
        raise _another("the file holds neither a matter nor its text")
    wanted = _text(matter, "MatterVersion") if matter else None
    chosen = _chosen(texts, wanted)
    where = f"texts[{texts.index(chosen)}]." if is_bundle and chosen else ""
    return _matter(matter or {}, chosen, where)


def _another(said: str) -> NotThisDocument:
    return NotThisDocument(said, remedy="check the address: the matter may be gone or moved")


def _parts(
    plain: Mapping[str, Any],
) -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]], bool]:
    if "MatterId" in plain:
        return plain, [], False
    if "MatterTextId" in plain or "MatterTextPlain" in plain or "MatterTextRtf" in plain:
        return None, [plain], False
    matter, texts = plain.get("matter"), plain.get("texts")
    texts = [texts] if isinstance(texts, Mapping) else texts
    return (
        matter if isinstance(matter, Mapping) else None,
        [text for text in texts if isinstance(text, Mapping)] if isinstance(texts, list) else [],
        True,
    )


def _chosen(texts: Sequence[Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any] | None:
    if wanted is not None:
        for text in texts:
            if _text(text, "MatterTextVersion") == wanted:
                return text
    return max(texts, key=_version_order, default=None)


def _version_order(text: Mapping[str, Any]) -> tuple[int, str]:
    version = _text(text, "MatterTextVersion") or ""
    return (int(version) if version.isdecimal() else 0, version)


def _text(source: Mapping[str, Any], name: str) -> str | None:
    value = source.get(name)
    return None if value is None else collapsed(str(value))


def _matter(matter: Mapping[str, Any], text: Mapping[str, Any] | None, where: str) -> Matter:
    printed, spots, problems = _printed(text, where) if text else ("", (), [])
    lines = [line for line in map(collapsed, printed.splitlines()) if line]
    clerk = clerk_text(lines, spots, dotted=True)
    row_versions = [
        row
        for row in (
            _text(matter, "MatterRowVersion"),
            _text(text, "MatterTextRowVersion") if text else None,
        )
        if row
    ]
    enacted = _text(matter, "MatterEnactmentDate")
    return Matter(
        file=_text(matter, "MatterFile"),
        matter_id=_text(matter, "MatterId")
        or (_text(text, "MatterTextMatterId") if text else None),
        name=_text(matter, "MatterName"),
        title=_text(matter, "MatterTitle") or clerk.title,
        type=_text(matter, "MatterTypeName"),
        status=_text(matter, "MatterStatusName"),
        enacted=_as_shown(enacted) if enacted else None,
        enactment=_text(matter, "MatterEnactmentNumber"),
        version=_text(matter, "MatterVersion"),
        row_version=" / ".join(row_versions) or None,
        restricted=matter.get("MatterRestrictViewViaWeb") is True,
        lines=clerk.body,
        text_version=_text(text, "MatterTextVersion") if text else None,
        spots=spots,
        problems=(*clerk.problems, *problems),
    )


def _as_shown(moment: str) -> str:
    """Return a day as the page of the matter shows it (4/1/2024 for ``2024-04-01T00:00:00``)."""
    day = _DAY.fullmatch(moment)
    return f"{int(day[2])}/{int(day[3])}/{day[1]}" if day else moment


def _printed(text: Mapping[str, Any], where: str) -> tuple[str, tuple[Spot, ...], list[Problem]]:
    """Return the plain text; where that is empty, the text of the RTF."""
    plain = text.get("MatterTextPlain")
    if isinstance(plain, str) and plain.strip():
        return plain, (HtmlSpot(f"{where}MatterTextPlain"),), []
    rtf = text.get("MatterTextRtf")
    spots = (HtmlSpot(f"{where}MatterTextRtf"),)
    if not isinstance(rtf, str) or not rtf.strip():
        return "", (), []
    try:
        if not rtf.lstrip().startswith("{\\rtf"):
            raise ValueError("it does not begin like one")
        return rtf_to_text(rtf, errors="replace"), spots, []
    except (LookupError, OverflowError, ValueError) as error:
        message = f"the RTF of the text cannot be read: {error}"
        return "", spots, [Problem("rtf_unreadable", message, None, spots)]
