"""What a search found, as it is shown: what it is, where that leads, and the words around it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from db.search import Marked, Part
from db.search_changes import ChangeHit
from db.search_places import PlaceHit
from db.search_rows import RowHit, Seen
from db.search_sections import SectionHit
from sanctuary.sentences import sentence, window
from sanctuary.site.addresses import Addresses
from sanctuary.site.policy import address_of_section
from sanctuary.wording import day_and_time

_STANDING = {
    "newest": "on the newest edition",
    "gone": "not on the newest edition",
    "withheld": "on older editions; the document of the newest is withheld",
    "withdrawn": "on the last edition before its page was taken down",
    "ended": "on the last edition of a series that ended",
}
KEPT_OFF = "The text has the words. This site does not show it; it is where its publisher shows it."


@dataclass(frozen=True)
class Link:
    """Where something else about a hit is."""

    href: str
    label: str


@dataclass(frozen=True)
class Found:
    """One hit."""

    name: Marked
    href: str
    said: str
    """What it is, in a sentence that names publisher and source."""
    text: Marked
    kept_off: bool
    """The text has the words, and may not be shown."""
    links: tuple[Link, ...]
    notice: str | None
    keys: dict[str, Any]
    """By what machines know it."""

    def data(self) -> dict[str, Any]:
        """Return it as plain data; the names stay."""
        return {
            "name": plain(self.name),
            "page": self.href,
            "said": self.said,
            "text": plain(self.text),
            "found": [part.text for part in (*self.name, *self.text) if part.found],
            "kept_off": self.kept_off,
            "notice": self.notice,
            **self.keys,
        }


def plain(text: Marked) -> str:
    """Return a text without marks."""
    return "".join(part.text for part in text)


def listing(hit: RowHit, to: Addresses) -> Found:
    """Return a listing as it is shown."""
    if hit.jurisdiction_id:
        place = Link(to.place(hit.jurisdiction_id), "The place")
    else:
        place = Link(to.place_named(hit.place or ""), "The name")
    return Found(
        name=hit.name,
        href=to.evidence(hit.row),
        said=_said(hit),
        text=hit.text,
        kept_off=False,
        links=(place, Link(to.changes(source=hit.source_id), "Changes of the list")),
        notice=hit.notice,
        keys=_row_keys(hit),
    )


def policy(hit: RowHit, to: Addresses) -> Found:
    """Return a policy as it is shown."""
    return Found(
        name=hit.name,
        href=to.policy(hit.source_id),
        said=_said(hit),
        text=hit.text,
        kept_off=False,
        links=(Link(to.evidence(hit.row), "Where it was read"),),
        notice=hit.notice,
        keys=_row_keys(hit),
    )


def section(hit: SectionHit, to: Addresses) -> Found:
    """Return a section as it is shown, without its text where the site may not show it."""
    of = f", {hit.place}" if hit.place else ""
    stands = _STANDING[hit.seen.standing].replace("edition", "version")
    evidence = to.evidence(hit.row)
    href = evidence
    if hit.place_in_newest is not None:
        href = address_of_section(to, hit.source_id, hit.place_in_newest)
    name = " ".join(filter(None, (hit.number, hit.heading))) or "A section without a number"
    return Found(
        name=(Part(name, found=False),),
        href=href,
        said=f"{hit.source_title} ({hit.publisher}){of}: {stands}, {_times(hit.seen)}.",
        text=hit.text or (),
        kept_off=hit.text is None,
        links=(Link(to.policy(hit.source_id), "The policy"), Link(evidence, "Where it was read")),
        notice=hit.notice,
        keys={
            "source_id": hit.source_id,
            "number": hit.number,
            "heading": hit.heading,
            "place": hit.place,
            "publish": hit.publish,
            **asdict(hit.seen),
        },
    )


def change(hit: ChangeHit, to: Addresses) -> Found:
    """Return a change as it is shown."""
    told = hit.change
    return Found(
        name=hit.text,
        href=to.change(told.public_id),
        said=f"{sentence(told)}, {window(told)}.",
        text=(),
        kept_off=False,
        links=(),
        notice=told.notice,
        keys={
            "public_id": told.public_id,
            "kind": told.kind,
            "source_id": told.source_id,
            "place": told.place,
            "observed_after": told.observed_after,
            "observed_by": told.observed_by,
        },
    )


def place(hit: PlaceHit, to: Addresses) -> Found:
    """Return a place as it is shown, or a printed name that stands for none yet."""
    name = plain(hit.name)
    if hit.jurisdiction_id is None:
        href, said = to.place_named(name), "A name as printed; which place it is, is not decided."
    else:
        href, said = to.place(hit.jurisdiction_id), f"{(hit.kind or '').capitalize()}, {hit.state}."
    return Found(
        name=hit.name,
        href=href,
        said=said,
        text=_printed(hit.printed),
        kept_off=False,
        links=(),
        notice=None,
        keys={"jurisdiction_id": hit.jurisdiction_id, "kind": hit.kind, "state": hit.state},
    )


def _printed(names: tuple[Marked, ...]) -> Marked:
    """Return names in one run."""
    parts: list[Part] = []
    for name in names:
        parts += [Part("; " if parts else "Printed as ", found=False), *name]
    return tuple(parts)


def _said(hit: RowHit) -> str:
    said = f"{hit.source_title} ({hit.publisher}): {_STANDING[hit.seen.standing]}"
    if not hit.is_last_wording:
        said += ", there in other words"
    return f"{said}, {_times(hit.seen)}."


def _times(seen: Seen) -> str:
    if seen.first_seen is None or seen.last_seen is None:
        return "never seen in public"
    first, last = day_and_time(seen.first_seen), day_and_time(seen.last_seen)
    return f"first seen {first}, last seen {last}"


def _row_keys(hit: RowHit) -> dict[str, Any]:
    return {
        "source_id": hit.source_id,
        "place": hit.place,
        "jurisdiction_id": hit.jurisdiction_id,
        "is_last_wording": hit.is_last_wording,
        **asdict(hit.seen),
    }
