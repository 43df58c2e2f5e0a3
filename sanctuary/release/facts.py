"""What a data package says of itself: of when it is, of which documents, read by what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from sanctuary.errors import CommandError


@dataclass(frozen=True)
class ReleasedSource:
    """A source of which a package has documents."""

    id: str
    title: str
    publisher: str
    address: str | None
    documents: int
    first_capture: str
    """The first capture of a document of it (UTC)."""
    last_capture: str
    parsers: tuple[str, ...]
    """Parsers that read what its editions show, each with its version."""
    notices: tuple[str, ...]
    """What its documents say of themselves if they are no official ones."""


def known_until(db: Database) -> str:
    """Return when something was recorded last (UTC). Raises CommandError if nothing ever was."""
    (moment,) = db.execute(
        """SELECT max(moment) FROM (
            SELECT max(recorded_at) AS moment FROM captures
            UNION ALL SELECT max(recorded_at) FROM readings
            UNION ALL SELECT max(recorded_at) FROM edition_readings
            UNION ALL SELECT max(recorded_at) FROM changes
            UNION ALL SELECT max(superseded_at) FROM changes
            UNION ALL SELECT max(withheld_at) FROM withheld
            UNION ALL SELECT max(recorded_at) FROM notes)"""
    ).fetchone()
    if moment is None:
        raise CommandError("nothing was recorded yet; `sanctuary run` fetches what is watched")
    return str(moment)


def released_sources(db: Database) -> list[ReleasedSource]:
    """Return the sources that brought documents, in the order of their ids."""
    found = []
    for row in db.query(
        """SELECT sources.id, title, publisher, sources.address,
            count(DISTINCT document_sha256) AS documents,
            min(captured_at) AS first_capture, max(captured_at) AS last_capture
        FROM sources JOIN captures ON captures.source_id = sources.id
        WHERE role = 'document' AND document_sha256 IS NOT NULL
        GROUP BY sources.id ORDER BY sources.id"""
    ):
        shown = """FROM readings WHERE source_id = ? AND id IN (
            SELECT reading_id FROM edition_readings WHERE superseded_at IS NULL)"""
        versions = db.execute(
            f"SELECT DISTINCT parser || ' ' || parser_version {shown} ORDER BY 1", [row["id"]]
        )
        parsers = tuple(each[0] for each in versions.fetchall())
        notices = db.execute(
            f"SELECT DISTINCT notice {shown} AND notice IS NOT NULL ORDER BY 1", [row["id"]]
        )
        said = tuple(each[0] for each in notices.fetchall())
        found.append(ReleasedSource(**row, parsers=parsers, notices=said))
    return found
