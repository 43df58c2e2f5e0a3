"""What an entry of a feed says of its change, as HTML that holds nothing but text and links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml.builder import E

from sanctuary.safe_text import terminal_safe
from sanctuary.site.changes_shown import ShownChange
from sanctuary.words import Piece

_TAGS = {"same": "span", "gone": "del", "new": "ins"}


def xml_safe(text: str) -> str:
    """Return ``text`` without what XML 1.0 forbids, or what could turn the order of its signs."""
    return terminal_safe(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def content_of(shown: ShownChange) -> str:
    """Return the content of an entry: notice, window, words before and after, evidence, as HTML."""
    return "".join(
        etree.tostring(part, encoding="unicode", method="html") for part in _parts(shown)
    )


def _parts(shown: ShownChange) -> Iterator[Any]:
    if shown.change.notice:
        yield E.p(E.strong(xml_safe(shown.change.notice)))
    yield E.p(f"Seen {shown.window}.")
    for caveat in shown.caveats:
        yield E.p(E.em(xml_safe(caveat)))
    if shown.fields:
        yield E.dl(
            *(
                part
                for field in shown.fields
                for part in (E.dt(xml_safe(field.name)), E.dd(*_words(field.pieces)))
            )
        )
    for said in (*shown.corrections, *(f"Said of it by {each.words}" for each in shown.said)):
        yield E.p(xml_safe(said))
    links = [
        E.a(xml_safe(f"{proof.side}: {proof.words}"), href=proof.href)
        for proof in shown.proofs
        if proof.href
    ]
    if links:
        yield E.p("Evidence ", *_between(links))
    ways = shown.ways
    more = [
        E.a(words, href=path)
        for words, path in (
            ("the whole change", ways.change),
            ("the two editions compared", ways.compare),
            ("the place", ways.place),
            ("the policy", ways.policy),
        )
        if path
    ]
    yield E.p("See ", *_between(more))


def _words(pieces: list[Piece]) -> Iterator[Any]:
    if not pieces:
        yield "not shown here"
    for piece in pieces:
        for number, line in enumerate(xml_safe(piece.text).split("\n")):
            if number:
                yield E.br()
            if line:
                yield E(_TAGS[piece.mark], line)


def _between(links: list[Any]) -> Iterator[Any]:
    for number, link in enumerate(links):
        if number:
            yield ", "
        yield link
