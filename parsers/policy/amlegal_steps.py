"""What to ask American Legal's Code Library for, one after the other.

A document is a section, or the head of a chapter; its id (``0-0-0-12382``) holds within a version
of the code. So a policy is best named by its number (``find``), which is looked up in the table of
contents; the id in the address does where the table is not to be had.

The answers of ``clients``, ``code-toc``, ``section-toc`` and ``render-section`` are known. That of
``client-version`` was never seen: of it no more is taken for granted than ``toc``, a list of codes
with ``slug`` and ``uuid``, and any other answer is refused with what came. Nor was it seen whether
``render-doc`` gives a chapter with its sections or its head alone: what it lacks is asked for.
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
from parsers.errors import NotThisDocument, ReadingError
from parsers.options import BadOptions
from parsers.policy.contents import Contents, Line, is_of_a_section, looked_up
from parsers.policy.host_steps import ApiAddress, Steps, wanted_next
from parsers.policy.result import PolicyOptions, policy_options

API = "https://codelibrary.amlegal.com/api"
FETCH = (
    "fetch https://codelibrary.amlegal.com/api/render-section/ or /api/render-doc/ for the section "
    "or chapter"
)
MOST_DOCUMENTS = 150
"""Documents of one policy; a whole code has thousands."""
_HUMAN = re.compile(
    r"https?://codelibrary\.amlegal\.com/codes/(?P<client>[^/?#]+)/(?P<version>[^/?#]+)"
    r"/(?!overview\b)(?P<code>[^/?#]+)(?:/(?P<doc>[0-9]+(?:-[0-9]+)+))?/?(?:[?#].*)?"
)
_BLOCK = re.compile(r'\bid="rid-([0-9-]+)"')


class AmlegalOptions(PolicyOptions):
    """What an entry of a source may say of a policy at American Legal."""

    find: tuple[str, ...] = Field(default=(), max_length=8)
    """How the policy is called in the table of contents, and before it what it stands in as far
    as that is needed: ``[Title 2, Chapter 2-173, 2-173-020]``."""
    api: ApiAddress = API
    """Where the service is asked: another address is that of a mirror or of a test."""


def follow(address: str, options: Mapping[str, Any], parts: Sequence[Part]) -> Sequence[Wanted]:
    """Return what to ask for next, of a policy whose address a person reads it at.

    ``address`` is ``https://codelibrary.amlegal.com/codes/{client}/{version}/{code}``, version
    being ``latest``, with the id of the document unless the option ``find`` names it; ``find`` goes
    before it. Raises BadOptions if neither is there, NotThisDocument for an address elsewhere and
    for answers that lead nowhere: another client, no such code, no such section.
    """
    wanted = policy_options(options, AmlegalOptions)
    human = _HUMAN.fullmatch(address)
    if human is None:
        raise NotThisDocument(
            f"{address} is not an address of American Legal",
            remedy="name https://codelibrary.amlegal.com/codes/{client}/latest/{code}/{document}",
        )
    if human["doc"] is None and not wanted.find:
        raise BadOptions(
            f"nothing says which part of {address} the policy is",
            remedy="name its number in the option find, or its document in the address",
        )
    code = _Code(wanted.api, human["client"], human["version"], human["code"])
    return wanted_next(_steps(code, wanted.find, human["doc"]), parts, remedy=FETCH)


@dataclass(frozen=True, slots=True)
class _Code:
    """A code in a version, and where it is asked for."""

    api: str
    client: str
    version: str
    slug: str

    def get(self, rest: str) -> Wanted:
        return Wanted(f"{self.api}/{rest}/", "json")

    def document(self, doc_id: str) -> Wanted:
        where = f"{self.client}/{self.version}/{self.slug}"
        return self.get(f"render-doc/{where}/{quote(doc_id, safe='')}")

    def text(self, line: Line) -> Wanted:
        """Return how the document of a line is asked for: sections stand in that of a chapter."""
        chapter, place = line.plain.get("orig_doc_id"), line.plain.get("orig_doc_idx")
        if not isinstance(chapter, str) or not isinstance(place, int):
            return self.document(line.node)
        where = f"{self.client}/{self.version}/{self.slug}"
        return self.get(f"render-section/{where}/{quote(chapter, safe='')}/{place}")

    def below(self, number: int) -> Wanted:
        return self.get(f"section-toc/{number}")


def _steps(code: _Code, find: Sequence[str], doc_id: str | None) -> Steps[None]:
    (client,) = yield [code.get(f"clients/{code.client}")]
    if not isinstance(client, dict) or not isinstance(client.get("versions"), list):
        raise _strange(f"a client is {_short(client)}")
    if client.get("slug") != code.client:
        raise _strange(f"asked for the client {code.client}, it gave {_short(client.get('slug'))}")
    if find:
        line = yield from _found(code, find)
        (text,) = yield [code.text(line)]
        _check(text, line.node)
        if line.is_open:
            yield from _below(code, line, text)
        else:
            _check_printed(text, line.node)
    elif doc_id is not None:
        (text,) = yield [code.document(doc_id)]
        _check(text, doc_id)
        if not is_of_a_section(collapsed(str(text.get("title") or "")) or ""):
            yield from _below(code, Line(doc_id, str(text.get("title")), False, text), text)


def _found(code: _Code, find: Sequence[str]) -> Steps[Line]:
    (version,) = yield [code.get(f"client-version/{code.client}/{code.version}")]
    codes = version.get("toc") if isinstance(version, dict) else None
    if not isinstance(codes, list) or not all(isinstance(each, dict) for each in codes):
        raise _strange(f"a version is {_short(version)}")
    uuid = next((each.get("uuid") for each in codes if each.get("slug") == code.slug), None)
    if uuid is None:
        there = ", ".join(str(each.get("slug")) for each in codes)
        raise NotThisDocument(
            f"the version has no code {code.slug}",
            remedy=f"mend the address; there is: {there or 'nothing'}",
        )
    if not isinstance(uuid, str) or not re.fullmatch(r"[0-9A-Za-z-]+", uuid):
        raise _strange(f"the code {code.slug} has the uuid {_short(uuid)}")
    (contents,) = yield [code.get(f"code-toc/{uuid}")]
    if not isinstance(contents, dict) or contents.get("slug") != code.slug:
        raise _strange(f"the contents of {code.slug} are {_short(contents)}")
    ask = Contents(lambda line: code.below(_number(line.plain)), _children)
    return (yield from looked_up(find, _lines(contents.get("sections")), ask))


def _below(code: _Code, first: Line, text: Any) -> Steps[None]:
    """Ask for the documents below one, level by level, but for those that came with another."""
    shown = set(_BLOCK.findall(text["html"]))
    opened, count = [first], 0
    while opened:
        answers = yield [code.below(_number(each.plain)) for each in opened]
        below = [_below_it(*each) for each in zip(opened, answers, strict=True)]
        lines = [line for part in below for line in part]
        count += len(lines)
        if count > MOST_DOCUMENTS:
            raise NotThisDocument(
                f"{text.get('title')} holds more than {MOST_DOCUMENTS} documents",
                remedy="choose a chapter or a section of it",
            )
        lacking = [line for line in lines if line.node not in shown]
        texts = yield [code.text(line) for line in lacking]
        for line, each in zip(lacking, texts, strict=True):
            _check(each, line.node)
            if not line.is_open:
                _check_printed(each, line.node)
            shown |= {line.node, *_BLOCK.findall(each["html"])}
        opened = [line for line in lines if line.is_open]


def _below_it(line: Line, answer: Any) -> list[Line]:
    """Return what stands below a line: an answer that lacks it must not pass for less law."""
    lines = _children(answer)
    if answer.get("doc_id") != line.node:
        came = _short(answer.get("doc_id"))
        raise _strange(f"asked for what is below the document {line.node}, it gave that of {came}")
    if line.is_open and not lines:
        raise _strange(f"{line.title} has documents below it, and it gave none")
    return lines


def _children(answer: Any) -> list[Line]:
    return _lines(answer.get("children") if isinstance(answer, dict) else None)


def _lines(plain: Any) -> list[Line]:
    if not isinstance(plain, list) or not all(isinstance(each, dict) for each in plain):
        raise _strange(f"the lines of a table of contents are {_short(plain)}")
    for each in plain:
        if not isinstance(each.get("doc_id"), str) or not isinstance(each.get("title"), str):
            raise _strange(f"a line of the table of contents is {_short(each)}")
    return [
        Line(
            each["doc_id"],
            collapsed(each["title"]) or each["doc_id"],
            bool(each.get("has_children")),
            each,
        )
        for each in plain
    ]


def _check(text: Any, doc_id: str) -> None:
    if not isinstance(text, dict) or not isinstance(text.get("html"), str):
        raise NotThisDocument(
            f"the answer for the document {doc_id} holds no text of a code: {_short(text)}",
            remedy="look for the section in the code: the id of a document holds within a version",
        )
    if text.get("doc_id") != doc_id:
        raise _strange(f"asked for the document {doc_id}, it gave {_short(text.get('doc_id'))}")


def _check_printed(text: Any, doc_id: str) -> None:
    """Check a document with none below it: a head may be empty, a section has its heading."""
    if not re.search(r"\w", re.sub(r"<[^<>]*>", "", text["html"])):
        raise _strange(f"the document {doc_id} came without its text, and without its heading")


def _number(plain: Any) -> int:
    number = plain.get("id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise _strange(f"{_short(plain.get('title'))} has the id {_short(number)}")
    return number


def _strange(said: str) -> ReadingError:
    return NotThisDocument(
        f"American Legal answered otherwise than it used to: {said}",
        remedy="look at the answer; its service may have changed",
    )


def _short(plain: Any) -> str:
    return str(plain)[:200]
