"""Taking a document that a person saved: archived, captured and read as if it had been fetched."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlite_utils import Database

from db.captures import (
    Capture,
    Document,
    finish_run,
    holds_capture,
    holds_document,
    start_run,
    unread,
)
from db.settings import save_serving
from db.sources import save_source
from sanctuary import __version__
from sanctuary.accepting import Acceptor
from sanctuary.clock import Clock
from sanctuary.logs import begin_run
from sanctuary.outcome import Outcome
from sanctuary.readers import open_readers
from sanctuary.recording import keep_capture
from sanctuary.sources import Settings, Source
from scraper.archive import Archive


@dataclass(frozen=True)
class SavedFile:
    """A file, and what the person says of it."""

    name: str
    data: bytes
    captured_at: str | None
    """When it was public; None if nobody noted it."""
    address: str | None
    """Where it was; None if nobody noted it."""


def import_file(
    db: Database,
    archive: Archive,
    source: Source,
    settings: Settings,
    file: SavedFile,
    clock: Clock,
    cluster: str | None = None,
) -> Outcome | None:
    """Archive and read ``file`` as a document of ``source``.

    If this document is held for the same time, or for any time where none is given, it is only read
    where an earlier command did not come to that: an old copy found today does not say that it is
    public today. Returns None if there was nothing to read either, so that nothing was written. A
    document that could not be read, or waits for a decision, is told as often as it is given. It is
    read on the cluster of that address if one is given; raises ClusterFails.
    """
    sha256 = archive.hash_of(file.data)
    capture = Capture(
        source_id=source.id,
        role="document",
        address=file.address,
        captured_at=file.captured_at or clock(),
        proof="person",
        verdict="document",
        document_sha256=sha256,
    )
    if file.captured_at is None:
        held = holds_document(db, source.id, sha256)
    else:
        held = holds_capture(db, capture)
    save_serving(db, settings.serving())
    outcome = Outcome(source.id)
    if not held:
        run_id = start_run(db, "import", __version__, clock(), begin_run())
        archive.put(file.data)
        save_source(db, source.facts())
        document = Document(sha256, len(file.data), None, file.name)
        keep_capture(db, source, capture, document, run_id, clock())
    items = [item for item in unread(db, source.id) if item.document_sha256 == sha256]
    with open_readers(archive, settings.reading.limits(), cluster=cluster) as readers:
        Acceptor(db, archive, source, readers, outcome, clock).read(items)
    if not held:
        finish_run(db, run_id, {"sources": [asdict(outcome)]}, clock())
    return None if held and outcome.is_empty() else outcome
