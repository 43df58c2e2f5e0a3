"""What is said beside lists: by documents that an entry attaches, and by the notes of people.

Both stand beside a listing, a change or a place, and are never merged into one of them: a list says
what its publisher says, a dispute what the place says.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.names import name_of
from db.places import printed_place
from parsers.records import Record


@dataclass(frozen=True)
class Said:
    """One dispute, letter, agreement, court order or announcement."""

    origin: str
    """``statement`` (a source of its own) or ``note`` (a person's)."""
    id: int
    """Of the row in ``statements`` or ``notes``."""
    kind: str
    title: str
    publisher: str
    """Who says it."""
    issued: str | None
    """ISO 8601."""
    issued_text: str | None
    """As printed."""
    text: str | None
    address: str | None
    """Where a person reads it."""
    document_sha256: str | None
    """The document itself, where it is held."""
    source_id: str | None
    """The list it is about; None where it is about a place alone."""
    jurisdiction: str | None
    """The place it is about, as printed."""
    jurisdiction_id: str | None
    """What that was taken for."""
    row_key: str | None
    public_id: str | None
    """The change it is about."""
    attached_by: str
    """The id of the source whose document it is, or the person who wrote the note."""
    attached_at: str
    """When that document was first seen in public, or the note was written."""
    notice: str | None
    """What the document says of itself if it is no official one."""
    publish: str
    """``full``, ``diff`` or ``link``: how much of the text a site may show."""

    @property
    def shown_text(self) -> str | None:
        """The text, where it may be shown."""
        return self.text if self.publish == "full" else None

    @property
    def words(self) -> str:
        """What it is, who says it and by whom it was put here, in one sentence."""
        dated = f" of {self.issued}" if self.issued else ""
        said = f"{self.publisher}: {self.kind}{dated}, “{self.title}”"
        return f"{said} ({self.by_whom})"

    @property
    def link(self) -> str | None:
        """The address, if it is one that a page may link to."""
        is_web = self.address is not None and self.address.startswith(("https://", "http://"))
        return self.address if is_web else None

    @property
    def by_whom(self) -> str:
        """By whom it was put here, in words."""
        if self.origin == "note":
            return f"put here by {self.attached_by}"
        return f"from the source {self.attached_by}"

    def data(self) -> dict[str, Any]:
        """Return it as plain data, its text where that may be shown."""
        return {**asdict(self), "text": self.shown_text}


_NAMES = ", ".join(Said.__dataclass_fields__)
# Where both places are resolved these are the same; else they are printed alike. What is about one
# list says nothing of another, and what stands beside one row nothing of the next.
_SQL = f"""SELECT {_NAMES} FROM statements_and_notes
    WHERE public_id = :public_id
    OR (row_key = :row_key AND source_id = :source_id)
    OR (:of_place AND (NOT :keyed OR row_key IS NULL AND public_id IS NULL)
        AND (:source_id IS NULL OR coalesce(source_id, :source_id) = :source_id)
        AND CASE WHEN jurisdiction_id IS NULL OR :jurisdiction_id IS NULL
            THEN jurisdiction = :printed ELSE jurisdiction_id = :jurisdiction_id END)
    OR (source_id = :source_id AND NOT :of_place AND NOT :keyed)
    ORDER BY coalesce(issued, '') DESC, attached_at DESC, origin, id DESC"""


def statements_about(
    db: Database,
    *,
    jurisdiction_id: str | None = None,
    source_id: str | None = None,
    row_key: str | None = None,
    public_id: str | None = None,
    printed: str | None = None,
) -> list[Said]:
    """Return what is said of a place, a list, a listing or a change, the newest first.

    Of a place (``jurisdiction_id``) that is all of any list; with ``source_id`` what is about that
    list or about none. Of a listing (``source_id`` with ``row_key``) and of a change
    (``public_id``) it is what was put beside that very one, and with the place what is said of the
    place and list as a whole. ``printed`` stands for the place where it, or that of a statement,
    is not resolved: printed alike, and nothing else. A ``source_id`` alone gives all that is about
    that list. Notes that were taken back are left out.
    """
    params = {
        "jurisdiction_id": jurisdiction_id,
        "source_id": source_id,
        "row_key": row_key,
        "public_id": public_id,
        "printed": printed,
        "of_place": jurisdiction_id is not None or printed is not None,
        "keyed": row_key is not None or public_id is not None,
    }
    return [Said(**row) for row in db.query(_SQL, params)]


def spoken_of(db: Database) -> frozenset[str]:
    """Return what anything is said of: ids and printed names of places, keys of rows, changes.

    Of most nothing is said; for that nobody need look.
    """
    rows = db.execute(
        "SELECT jurisdiction_id, jurisdiction, row_key, public_id FROM statements_and_notes"
    )
    return frozenset(value for row in rows for value in row if value is not None)


def said_beside_row(
    db: Database, source_id: str, record: Record, public_id: str | None = None
) -> list[Said]:
    """Return what is said of a row of a list, and of the change to it that ``public_id`` names.

    Nothing of a row about an individual, nor of one that names no place.
    """
    if record.individual or record.place is None:
        return []
    row = db.execute(
        "SELECT jurisdiction_id FROM jurisdiction_names WHERE id = ?",
        [name_of(db, source_id, record)],
    ).fetchone()
    return statements_about(
        db,
        jurisdiction_id=row[0] if row else None,
        source_id=source_id,
        row_key=record.row_key(),
        public_id=public_id,
        printed=printed_place(record),
    )
