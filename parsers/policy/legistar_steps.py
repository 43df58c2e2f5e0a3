"""The steps to a matter through Legistar's Web API: the matter, its versions, the text of one.

A page of a matter numbers it otherwise than the API does: it is looked up by its file number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import Field

from parsers.bundle import Part, Wanted
from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.options import BadOptions
from parsers.policy.answers import json_of
from parsers.policy.result import PolicyOptions, policy_options

_HOST = "https://webapi.legistar.com/v1"
_NAME = re.compile(
    rf"(?P<matters>{re.escape(_HOST)}/[A-Za-z0-9_-]+/matters)"
    r"(?:/(?P<matter>[0-9]+)(?:/(?P<what>versions|texts/(?P<text>[0-9]+)))?|\?[^/]*)"
)
_GONE = "check the file number: the matter may be gone or renumbered, which is no repeal"


class LegistarOptions(PolicyOptions):
    """The options of a policy, and how the Web API names the matter."""

    client: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]+$")
    """The council in the address of the Web API: ``chicago`` of ``chicago.legistar.com``."""
    file: str | None = Field(default=None, min_length=1)
    """The file number, as the page of the matter shows it (File #)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the Web API answered of one matter."""

    address: str
    """Of the matter."""
    matter: Mapping[str, Any]
    versions: Sequence[Mapping[str, Any]] | None
    """Key and Value of each version that has a text; None before they were asked for."""
    text: Mapping[str, Any] | None
    text_part: str | None
    """The part of the bundle that holds the text."""


def follow(address: str, options: Mapping[str, Any], parts: Sequence[Part]) -> Sequence[Wanted]:
    """Return what to ask the Web API for next, for the page or the API's address of a matter.

    Raises BadOptions if neither the address nor ``client`` and ``file`` say which matter,
    NotThisDocument if no matter, or more than one, has the file number, and for any answer that is
    not what was asked for.
    """
    stated = policy_options(options, LegistarOptions)
    if not parts:
        return [Wanted(_first(address, stated), "json")]
    answers = answers_of(parts)
    file = text_of(answers.matter, "MatterFile")
    if stated.file is not None and file != collapsed(stated.file):
        raise NotThisDocument(f"the matter is file {file}, not {stated.file}", remedy=_GONE)
    return [Wanted(step, "json") for step in _missing(answers)]


def whole_answers(parts: Sequence[Part]) -> Answers:
    """Return what the parts of a bundle hold.

    Raises NotThisDocument as ``follow`` does, and for one that is not whole.
    """
    answers = answers_of(parts)
    missing = _missing(answers)
    if missing:
        raise NotThisDocument(f"the bundle lacks {missing[0]}", remedy="fetch it again")
    return answers


def answers_of(parts: Sequence[Part]) -> Answers:
    """Return what the parts hold so far; raises NotThisDocument as ``follow`` does."""
    address = ""
    matter: Mapping[str, Any] = {}
    versions: list[Mapping[str, Any]] | None = None
    text: Mapping[str, Any] | None = None
    text_part: str | None = None
    for part in parts:
        named = _NAME.fullmatch(part.name)
        if named is None:
            raise NotThisDocument(
                f"{part.name} is no answer of the Web API of Legistar", remedy="check the parser"
            )
        answer = json_of(part, remedy="look the matter up by its file number")
        if isinstance(answer, dict) and "Message" in answer:
            said = str(answer["Message"]).strip(" .")
            raise NotThisDocument(f"{part.name}: the service answered: {said}", remedy=_GONE)
        if named["what"] is None:
            matter = _the_matter(part, answer, named["matter"], named["matters"])
            address = f"{named['matters']}/{matter['MatterId']}"
        elif named["what"] == "versions":
            versions = _the_versions(part, answer)
        else:
            text, text_part = _the_text(part, answer, named["matter"]), part.name
    if not matter:
        raise NotThisDocument("the bundle has no matter", remedy="fetch it again")
    return Answers(address, matter, versions, text, text_part)


def text_of(source: Mapping[str, Any], name: str) -> str | None:
    """Return what an answer has under a name as text, white space collapsed."""
    value = source.get(name)
    return None if value is None else collapsed(str(value))


def _first(address: str, stated: LegistarOptions) -> str:
    known = _NAME.fullmatch(address.split("?")[0].rstrip("/"))
    if known is not None and known["matter"]:
        return f"{known['matters']}/{known['matter']}"
    file = collapsed(stated.file or "")
    if stated.client is None or file is None:
        raise BadOptions(
            "the page of a matter does not say how the Web API numbers it",
            remedy="name it with options client (chicago of chicago.legistar.com) and file (its "
            "File #), or give the source the address of the API",
        )
    # OData doubles an apostrophe inside a literal.
    literal = file.replace("'", "''")
    wanted = quote(f"MatterFile eq '{literal}'", safe="")
    return f"{_HOST}/{stated.client}/matters?$filter={wanted}"


def _the_matter(part: Part, answer: Any, asked: str | None, matters: str) -> Mapping[str, Any]:
    found = answer if isinstance(answer, list) else [answer]
    if not found:
        raise NotThisDocument(f"no matter answers to {part.name}", remedy=_GONE)
    if not all(isinstance(each, dict) and isinstance(each.get("MatterId"), int) for each in found):
        raise NotThisDocument(f"{part.name} answers of no matter", remedy=_GONE)
    if len(found) > 1:
        ways = ", ".join(f"{matters}/{each['MatterId']}" for each in found[:3])
        raise NotThisDocument(
            f"{len(found)} matters answer to {part.name}",
            remedy=f"give the source the address of one in the API: {ways}",
        )
    matter: Mapping[str, Any] = found[0]
    if asked is not None and str(matter["MatterId"]) != asked:
        raise NotThisDocument(f"{part.name} answers of {matter['MatterId']}", remedy=_GONE)
    return matter


def _the_versions(part: Part, answer: Any) -> list[Mapping[str, Any]]:
    if not isinstance(answer, list) or not all(
        isinstance(each, dict) and str(each.get("Key")).isdecimal() for each in answer
    ):
        raise NotThisDocument(f"{part.name} is no list of versions", remedy="fetch it again")
    return answer


def _the_text(part: Part, answer: Any, asked: str) -> Mapping[str, Any]:
    if not isinstance(answer, dict) or not (
        answer.keys() & {"MatterTextId", "MatterTextPlain", "MatterTextRtf"}
    ):
        raise NotThisDocument(f"{part.name} is no text of a matter", remedy="fetch it again")
    of = text_of(answer, "MatterTextMatterId")
    if of is not None and of != asked:
        raise NotThisDocument(f"{part.name} is the text of {of}", remedy="fetch it again")
    return answer


def _missing(answers: Answers) -> list[str]:
    """Return what is still to be asked for; a matter without versions has no text."""
    if answers.versions is None:
        return [f"{answers.address}/versions"]
    version = _chosen(answers.versions, text_of(answers.matter, "MatterVersion"))
    if version is None or answers.text is not None:
        return []
    return [f"{answers.address}/texts/{version['Key']}"]


def _chosen(versions: Sequence[Mapping[str, Any]], wanted: str | None) -> Mapping[str, Any] | None:
    """Return the version that the matter is at, or the newest that has a text."""
    for version in versions:
        if wanted is not None and text_of(version, "Value") == wanted:
            return version
    return max(versions, key=_order, default=None)


def _order(version: Mapping[str, Any]) -> tuple[int, str]:
    value = text_of(version, "Value") or ""
    return (int(value) if value.isdecimal() else 0, value)
