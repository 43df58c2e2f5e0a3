"""What a jurisdiction's own law or policy says, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from parsers.records.record import Record, TableKind
from parsers.records.same_text import same_text

INSTRUMENT_TYPES = (
    "code",
    "ordinance",
    "resolution",
    "executive order",
    "board policy",
    "agency policy",
    "statute",
)
EVENT_KINDS = ("adopted", "amended", "added", "repealed", "renumbered")


@dataclass(frozen=True, kw_only=True)
class Policy(Record):
    """A page or instrument: an article of a code, an ordinance, an order, a manual's policy."""

    table: ClassVar[str] = "policies"
    kind: ClassVar[TableKind] = TableKind.STANDING
    key: ClassVar[tuple[str, ...]] = ("host", "host_id")
    place: ClassVar[str | None] = "jurisdiction"

    jurisdiction: str | None
    """As the document prints it; None where it does not."""
    title: str
    citation: str | None
    """How it is cited, as printed: ``Chapter 215, Article VI``."""
    instrument_type: str
    """One of ``INSTRUMENT_TYPES``."""
    host: str
    """Who publishes it, by the parser's name: ``ecode360``."""
    host_id: str
    """What the host calls it: a GUID, a node id, a document id."""
    address: str | None
    """Where a person reads it; None if the document does not say."""
    version_label: str | None
    """What the host says of the version: "Includes legislation through 09-25-2023."."""

    def content(self) -> dict[str, Any]:
        """Return the normalised row. A new supplement of the whole code changes no policy.

        Nor does where it is read: American Legal gives each version of a code new addresses.
        """
        row = {**super().content(), "title": same_text(self.title)}
        del row["version_label"], row["address"]
        return row


@dataclass(frozen=True, slots=True)
class SectionEvent:
    """What a history note says happened to a section; None where it does not say."""

    kind: str | None
    """One of ``EVENT_KINDS``."""
    date: str | None
    """ISO 8601, as far as it is printed without doubt."""
    date_text: str | None
    law: str | None
    """As printed: ``Ord. No. 2017-03``."""


@dataclass(frozen=True, kw_only=True)
class PolicySection(Record):
    """A section of a policy, or its whole text where it has none."""

    table: ClassVar[str] = "policy_sections"
    kind: ClassVar[TableKind] = TableKind.STANDING
    key: ClassVar[tuple[str, ...]] = ("host_id",)
    second_key: ClassVar[str | None] = "number"
    wording: ClassVar[str | None] = "body"

    host_id: str
    """What the host calls it; its number, or its place in the path, where the host has no id."""
    number: str | None
    """As printed: ``§ 215-37``, ``413.1.1``."""
    heading: str | None
    path: tuple[str, ...]
    """The headings above it, the outermost first: ``("Chapter 7: Public Peace", "Article II")``."""
    body: str
    """The text, a paragraph a line; enumerators before their text, tables with a bar between
    cells. Without the history note."""
    history_note: str | None
    """As printed, with its brackets."""
    events: tuple[SectionEvent, ...]
    """What the note says, in its order."""
    anchor: str | None
    """The deep link to it; None if the document does not say where it stands."""

    def content(self) -> dict[str, Any]:
        """Return the normalised row: line wraps, quotes and dashes of the same words are one.

        Where it is read is evidence, as for a policy.
        """
        row = super().content()
        for name in ("number", "heading", "body", "history_note"):
            row[name] = same_text(row[name]) if row[name] else None
        row["path"] = tuple(map(same_text, self.path))
        # They are read from the note.
        del row["events"], row["anchor"]
        return row
