"""Verifying all that is kept: the archive, the database, and that each has what the other names.

Nothing is written, and the lock of those who write is not taken: they need not wait. What is not
yet in the database when the archive is listed is looked for once more at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from db.verify import (
    Finding,
    StoredDocument,
    count_readings,
    database_findings,
    snapshot,
    stored_documents,
)
from sanctuary.steps import Steps
from sanctuary.wording import counted
from sanctuary.workspace import Workspace
from scraper import findings as archive_findings
from scraper.archive import Archive
from scraper.errors import ArchiveUnreachable

_AGAIN = "put it back from a copy of the archive, or import its file again"


@dataclass(frozen=True)
class Report:
    """What was found, and how much was looked at."""

    findings: tuple[Finding, ...]
    """What is wrong."""
    notes: tuple[str, ...]
    """What is no fault, and yet to be known."""
    documents: int
    """Without those that are withheld."""
    bytes: int
    """Of these documents, unpacked."""
    withheld: int
    """Documents that are taken out of the archive."""
    readings: int
    runs: int
    newest_manifest: str | None
    """The sha256 of the newest manifest: kept elsewhere, it vouches for all runs until then."""


def verify(workspace: Workspace, begin: Steps) -> Report:
    """Read everything that is kept in ``workspace``, and return what is wrong.

    Raises what ``Workspace.looking`` does, DamagedDatabase if the database cannot even be
    opened, and OSError if there is no room for a copy of it in the folder for temporary files.
    """
    with workspace.looking():
        pass  # there is a history, and of this version
    # What is archived before this and recorded by the moment of the copy is in both.
    try:
        stored = set(workspace.archive.hashes())
    except (ArchiveUnreachable, OSError):
        stored = set()  # the check of the archive says what cannot be read, and why
    with (
        tempfile.TemporaryDirectory(prefix="sanctuary-verify-") as folder,
        snapshot(workspace.database, Path(folder)) as db,
    ):
        readings = count_readings(db)
        found = list(database_findings(db, begin("database", readings)))
        documents = stored_documents(db)
        runs, newest = db.execute(
            """SELECT count(*), (SELECT manifest_sha256 FROM runs
            WHERE manifest_sha256 IS NOT NULL ORDER BY id DESC LIMIT 1) FROM runs"""
        ).fetchone()
    begin("archive", None)
    try:
        found.extend(_of_archive(workspace.archive, documents, stored))
    except ArchiveUnreachable as error:
        found.append(Finding("archive", f"{error}; documents are not told as lost until then"))
    kept = [document for document in documents if not document.withheld]
    return Report(
        findings=tuple(found),
        notes=tuple(_notes(workspace, documents, stored)),
        documents=len(kept),
        bytes=sum(document.size for document in kept),
        withheld=len(documents) - len(kept),
        readings=readings,
        runs=runs,
        newest_manifest=newest,
    )


def _of_archive(
    archive: Archive, documents: Iterable[StoredDocument], stored: set[str]
) -> Iterator[Finding]:
    yield from _of_files(archive.check())
    yield from _of_documents(archive, documents, stored)


def _of_files(found: Iterable[archive_findings.Finding]) -> Iterator[Finding]:
    for each in found:
        match each:
            case archive_findings.Damaged(_, sha256, reason):
                said = f"document {sha256}: {reason}; {_AGAIN}"
                yield Finding("archive", said)
            case archive_findings.BaseMissing(_, sha256, base, reason):
                said = f"document {sha256} is stored against {base}: {reason}; mend that one"
                yield Finding("archive", said)
            case archive_findings.Unreadable(place, reason):
                said = f"{place} cannot be read ({reason}); mend its rights"
                yield Finding("archive", said)
            case archive_findings.Stray(place):
                said = f"{place} is nothing that the archive put there; move it away"
                yield Finding("archive", said)


def _of_documents(
    archive: Archive, documents: Iterable[StoredDocument], stored: set[str]
) -> Iterator[Finding]:
    for document in documents:
        sha256 = document.sha256
        if document.withheld and sha256 in stored and archive.has(sha256):
            said = f"document {sha256} is withheld and in the archive all the same"
            yield Finding("withheld", f"{said}; `sanctuary withhold` it again")
        elif not document.withheld and sha256 not in stored and not archive.has(sha256):
            yield Finding("archive", f"document {sha256} is not in the archive; {_AGAIN}")


def _notes(
    workspace: Workspace, documents: Iterable[StoredDocument], stored: set[str]
) -> Iterator[str]:
    known = {document.sha256 for document in documents}
    if stored <= known:
        return
    with workspace.looking() as db:
        known |= {document.sha256 for document in stored_documents(db)}
    unknown = sorted(stored - known)
    if unknown:
        yield (
            f"{counted(len(unknown), 'document')} in the archive that the "
            f"database does not know (the first is {unknown[0]}): a command that died, or one that "
            "is at work now, put it there; nothing refers to it, and it takes its place when it is "
            "fetched or imported again"
        )
