"""The bytes of a document as its parser takes them: a manifest is packed with its parts.

Bytes that look like a manifest can come from anybody: from a server, or in a file that a person was
given. What such a text names is handed to a parser only if it came to the same source, as the part
of that name: so no page can have other documents of ours shown as its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.captures import brought_part, has_parts
from db.withheld import is_withheld, is_withheld_whole
from parsers.bundle import Listed, Part, packed, parts_listed
from parsers.records import Problem
from scraper.archive import Archive


@dataclass(frozen=True)
class Readable:
    """A document of a source, and the parts that it may be read with."""

    source_id: str
    sha256: str
    parts: tuple[Listed, ...] = ()
    """Of a manifest, all that it names; none for any other document."""


def to_be_read(db: Database, archive: Archive, source_id: str, sha256: str) -> Readable | Problem:
    """Return what a document of a source is read from, or why its parts cannot be had.

    Only where parts ever came to the source is the document looked at. Raises DamagedArchive where
    the archive has lost it.
    """
    if not has_parts(db, source_id):
        return Readable(source_id, sha256)
    listed = _listed(archive.get(sha256))
    if isinstance(listed, Problem):
        return listed
    for each in listed or ():
        if not brought_part(db, source_id, each.name, each.sha256):
            return _never_came(source_id, each)
        if is_withheld_whole(db, source_id, each.sha256):
            return Problem("bundle", f"its part {each.name} is withheld")
    return Readable(source_id, sha256, listed or ())


def bytes_of(archive: Archive, document: Readable) -> bytes | Problem:
    """Return the bytes of a document as its parser reads them, or why there are none.

    Raises DamagedArchive where the archive has lost the document or one of its parts, which a
    person can mend.
    """
    data = archive.get(document.sha256)
    listed = _listed(data)
    if listed is None:
        return data
    if isinstance(listed, Problem):
        return listed
    for each in listed:
        if each not in document.parts:
            return _never_came(document.source_id, each)
    return packed([Part(each.name, archive.get(each.sha256)) for each in listed])


def readable(db: Database, archive: Archive, source_id: str, sha256: str) -> bytes | Problem:
    """Return the bytes of a document of a source as its parser reads them.

    A problem says why the parts of a bundle cannot be had. Raises DamagedArchive where the archive
    has lost the document or one of its parts, which a person can mend.
    """
    document = to_be_read(db, archive, source_id, sha256)
    return document if isinstance(document, Problem) else bytes_of(archive, document)


def _listed(data: bytes) -> tuple[Listed, ...] | Problem | None:
    try:
        return parts_listed(data)
    except ValueError as error:
        return Problem("bundle", f"{error}; nobody here made it")


def _never_came(source_id: str, part: Listed) -> Problem:
    return Problem(
        "bundle",
        f"it names {part.sha256[:12]} as its part {part.name}, which never came to "
        f"{source_id} as that; nobody here made it",
    )


def parts_in(archive: Archive, sha256: str) -> tuple[Listed, ...]:
    """Return the parts that a document names; none if it is no manifest, or not in the archive."""
    return listed_in(archive.get(sha256)) if archive.has(sha256) else ()


def listed_in(document: bytes) -> tuple[Listed, ...]:
    """Return the parts that the bytes of a document name, none if they are no manifest."""
    try:
        return parts_listed(document) or ()
    except ValueError:
        return ()


def bundles_with(db: Database, archive: Archive, source_id: str, part: str) -> list[str]:
    """Return the bundles of a source that are in the archive and have a part of that hash."""
    return [
        sha256
        for sha256 in _documents(db, source_id)
        if any(each.sha256 == part for each in parts_in(archive, sha256))
    ]


def parts_of_it_alone(db: Database, archive: Archive, source_id: str, sha256: str) -> list[Listed]:
    """Return the parts of a bundle that no other bundle of the source has, as ``shown_parts``."""
    shown = shown_parts(db, archive, source_id, but=sha256)
    return [each for each in parts_in(archive, sha256) if each.sha256 not in shown]


def shown_parts(db: Database, archive: Archive, source_id: str, but: str = "") -> set[str]:
    """Return the hashes of all parts of the bundles of a source, without those of bundle ``but``.

    Bundles that are withheld do not count, nor do those of which nothing was read: nobody knows
    what they hold.
    """
    read = db.execute(
        """SELECT DISTINCT document_sha256 FROM readings
        WHERE source_id = ? AND status != 'failed'""",
        [source_id],
    ).fetchall()
    return {
        each.sha256
        for (sha256,) in read
        if sha256 != but and not is_withheld(db, sha256)
        for each in parts_in(archive, sha256)
    }


def _documents(db: Database, source_id: str) -> list[str]:
    return [
        row[0]
        for row in db.execute(
            """SELECT DISTINCT document_sha256 FROM captures
            WHERE source_id = ? AND role = 'document' AND document_sha256 IS NOT NULL""",
            [source_id],
        )
    ]
