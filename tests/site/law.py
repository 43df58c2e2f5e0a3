"""A policy of an invented town through its versions, read from pages, and lists that quote it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlite_utils import Database

from db.captures import Capture, Document, record_capture
from db.readings import ReadBy, find_reading, show_captures, store_reading
from db.sources import Source, save_source
from parsers.records import Reading
from parsers.registry import parser_named
from tests.db.history import LIST, NOW, REPORT, listing, load, new_database, reading
from tests.db.naming import name_all
from tests.site.histories import HOSTILE

PAGES = Path(__file__).parents[1] / "fixtures" / "ecode360"
NAME = "Zembla Town, New York"
"""As lists print it; the code prints ``Town of Zembla, NY``."""
PLACES = dict.fromkeys((NAME, "Town of Zembla, NY"), "zz/town/zembla")
TEXT = "Shall not hold a person on a civil detainer for more than 48 hours"
LAW = Source(
    id="zembla-civil-detainers",
    title="Civil Detainers, Town of Zembla",
    publisher="Town of Zembla",
    address="https://ecode360.com/32000000",
    address_seen=True,
    lifecycle="active",
    parser="ecode360",
    editions="content",
    confirm_after_seconds=3 * 3600,
    why="A list quotes it.",
    schedule="weekly",
    max_gap_seconds=14 * 24 * 3600,
    jurisdiction="Town of Zembla, NY",
    lists_say=(f"The report of 2024 calls it a local law. {HOSTILE}",),
    access="refused",
)
VERSIONS = (
    ("2024-02-01T10:00:00Z", "archive", "zembla-2023"),
    ("2024-02-09T10:00:00Z", "person", "zembla-2023"),
    ("2024-05-01T10:00:00Z", "own", "zembla-2024-rewrapped"),
    ("2024-12-01T10:00:00Z", "own", "zembla-2024-silent"),
    ("2024-12-08T10:00:00Z", "own", "zembla-2024-silent"),
    ("2025-07-01T10:00:00Z", "own", "zembla-2025-renumbered"),
)


def read_page(name: str) -> tuple[bytes, Reading]:
    data = (PAGES / f"{name}.html").read_bytes()
    return data, parser_named("ecode360").read(data, {})


def capture(db: Database, source: Source, at: str, proof: str, name: str) -> None:
    """Record a capture of one of the pages, and accept what is read in it."""
    data, read = read_page(name)
    sha256 = hashlib.sha256(data).hexdigest()
    record_capture(
        db,
        Capture(
            source.id, "document", source.address, at, proof, "document", document_sha256=sha256
        ),
        Document(sha256, len(data), "text/html", f"{name}.html"),
        None,
        NOW,
    )
    read_by = ReadBy(source.id, sha256, source.parser, "1")
    stored = find_reading(db, read_by)
    if stored is None:
        store_reading(db, read_by, read, (), NOW)
    else:
        show_captures(db, stored, "first", NOW)


def law_history(folder: Path, source: Source = LAW) -> Database:
    """Load all versions, and a report and a list that quote them."""
    db = new_database(folder)
    save_source(db, source)
    for at, proof, name in VERSIONS:
        capture(db, source, at, proof, name)
    quoting = (
        listing(
            NAME,
            f"Local Law 2: “{TEXT}”",
            date="2017-03",
            criteria=("“Shall not hold a person on a civil detainer for more than 96 hours”",),
        ),
        listing(
            "Kinbote, Zembla", "Kinbote Rule: “no words of any law at all are held”", position=2
        ),
    )
    load(db, LIST, "2024-12-02T10:00:00Z", reading(quoting))
    load(db, LIST, "2024-12-03T10:00:00Z", reading((*quoting, listing("Onhava, Zembla"))))
    load(db, REPORT, "2017-03-20T10:00:00Z", reading(quoting[:1], week=1))
    name_all(db, PLACES)
    return db
