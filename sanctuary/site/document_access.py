"""Where the documents lie, and which of them a page may hand out, draw or quote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from datasette.views.base import DatasetteError
from sqlite_utils import Database

from db.document_life import HeldDocument, held_document
from parsers.records import INDIVIDUAL_TABLES
from sanctuary.archive_place import archive_in
from sanctuary.handing_out import INDIVIDUALS, may_hold_individuals, why_kept_back
from scraper.archive import Archive
from scraper.errors import ArchiveUnreachable, BadArchiveAddress

if TYPE_CHECKING:
    from datasette.database import Database as Served

TEXTS = "its source does not let its whole text be shown here; it is where its publisher shows it"
NO_ARCHIVE = "there is no archive beside this copy of the database"
NOT_IN_IT = "the archive of this database does not have it"
UNREACHABLE = "the archive cannot be reached just now; nothing is lost by that"
_SPARED_SECONDS = 30.0
_ASKED_AGAIN: dict[str, float] = {}
"""When an archive that could not be reached is asked again, by its address: who asks one that does
not answer waits, on one of the few threads that all pages share."""


@dataclass(frozen=True)
class Access:
    """A document, and whether its bytes and pictures of its pages may be shown."""

    document: HeldDocument
    refused: str | None
    """Why not, as a clause; None if they may."""
    lacking: str | None
    """Why they cannot though they might, as a clause; None if they are here."""
    individuals: bool
    """It holds, or may hold, rows about individuals: no search engine is to keep it."""

    @property
    def closed(self) -> str | None:
        """Why there is nothing to see, as a clause; None if there is."""
        return self.refused or self.lacking


def access(db: Database, archive: Archive, sha256: str, tables: frozenset[str]) -> Access | None:
    """Return how a document may be shown to who may see ``tables``; None if it is not known."""
    document = held_document(db, sha256)
    if document is None:
        return None
    individuals = may_hold_individuals(db, sha256)
    refused = why_kept_back(db, sha256)
    if refused is None and individuals and not tables >= INDIVIDUAL_TABLES:
        refused = INDIVIDUALS
    if refused is None and _texts_kept_off(db, sha256):
        refused = TEXTS
    return Access(document, refused, _lacking(archive, sha256), individuals)


def archive_of(database: Served) -> Archive:
    """Return the archive of a database, whether or not there is one.

    It lies beside it, or at the address that is noted there. Raises DatasetteError for a note that
    holds none: what is wrong with it is for who keeps the archive, and not for visitors.
    """
    try:
        return archive_in(Path(database.path).resolve().parent)
    except BadArchiveAddress as error:
        said = "the archive of this database is not known just now"
        raise DatasetteError(
            f"This cannot be had here: {said}", title="Try again later", status=503
        ) from error


def _texts_kept_off(db: Database, sha256: str) -> bool:
    sql = """SELECT EXISTS (SELECT 1 FROM captures JOIN sources ON sources.id = source_id
        WHERE document_sha256 = :sha256 AND publish != 'full')
        OR EXISTS (SELECT 1 FROM readings JOIN sources ON sources.id = source_id
        WHERE document_sha256 = :sha256 AND publish != 'full')"""
    return bool(db.execute(sql, {"sha256": sha256}).fetchone()[0])


def _lacking(archive: Archive, sha256: str) -> str | None:
    if archive.folder is not None and not archive.folder.is_dir():
        return NO_ARCHIVE
    if monotonic() < _ASKED_AGAIN.get(archive.address, 0.0):
        return UNREACHABLE
    try:
        return None if archive.holds(sha256) else NOT_IN_IT
    except ArchiveUnreachable:
        _ASKED_AGAIN[archive.address] = monotonic() + _SPARED_SECONDS
        return UNREACHABLE
